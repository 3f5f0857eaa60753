"""The one door that writes habilitations: what it refuses whoever calls it (decision 25, ADR 0012)."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Personne
from tdba.errors import ErreurMetier
from tdba.habilitations import octrois
from tests import factories as f

FIN = date(2026, 12, 31)


@pytest.fixture
def garante(session: Session) -> Personne:
    f.les_territoires(session)
    return f.une_personne(session, "Gisèle")


@pytest.fixture
def agent(session: Session, garante: Personne) -> Habilitation:
    """A right to names, signed by two, with an end, beside an administrator who stays."""
    dreets = f.une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    f.une_habilitation(session, f.une_personne(session, "Anne"), dreets)
    personne = f.une_personne(session, "Basile")
    return f.une_habilitation(session, personne, dreets, role="membre", fin=FIN, validee_par=garante)


@pytest.mark.parametrize("fin", [None, date(2027, 6, 30)])
def test_prolonger_un_droit_signe_par_deux_personnes_demande_une_nouvelle_signature(
    session: Session, agent: Habilitation, fin: date | None
) -> None:
    octrois.changer(agent, role="membre", sites=(), fin=fin)
    session.refresh(agent)
    assert (agent.fin, agent.validee_par_id, agent.validee_le) == (fin, None, None)


def test_l_abreger_garde_la_signature(session: Session, agent: Habilitation, garante: Personne) -> None:
    octrois.changer(agent, role="membre", sites=(), fin=date(2026, 12, 1))
    session.refresh(agent)
    assert agent.validee_par_id == garante.id


def test_un_droit_ne_se_signe_qu_une_fois(session: Session, agent: Habilitation) -> None:
    autre = f.une_personne(session, "Chloé")
    with pytest.raises(ErreurMetier, match="déjà été validé"):
        octrois.valider(agent, autre.id)


def test_un_droit_tenu_ne_s_accorde_pas_une_seconde_fois(agent: Habilitation) -> None:
    with pytest.raises(ErreurMetier, match="déjà accès"):
        octrois.accorder(
            personne_id=agent.personne_id,
            organisation_id=agent.organisation_id,
            role="membre",
            motif="INVITATION",
            par=None,
        )
