"""A merge takes along what hangs on the files, overwrites nothing, and its undoing puts all back."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Personne
from tdba.devenirs.models import Devenir
from tdba.effectifs.models import Effectif
from tdba.liaisons.models import Liaison
from tdba.offres.models import Poste
from tdba.organismes.models import Organisme
from tdba.ruptures import oppositions
from tdba.ruptures.models import Circonstance, Dossier, Formalite, Opposition
from tests import factories as f
from tests.doublons.aides import doublons, nu
from tests.doublons.gestes import annuler, demarche, fusionner
from tests.effectifs.aides import tous
from tests.pages import Navigateur

SEPTEMBRE, OCTOBRE, FIN = date(2026, 9, 1), date(2026, 10, 5), date(2027, 8, 31)
TABLES: tuple[Any, ...] = (Circonstance, Formalite, Poste, Liaison, Devenir)


@pytest.fixture
def camille(session: Session, cfa: Organisme) -> Personne:
    return f.une_personne(session, "Camille")


def fiches(session: Session, a: Organisme, b: Organisme, *contrats_b: Any) -> tuple[Effectif, Effectif]:
    rompu = (SEPTEMBRE, FIN, OCTOBRE)
    garde = nu(f.un_effectif, session, a, nom="LE GALL", prenom="Maël", contrats=[rompu])
    absorbe = nu(f.un_effectif, session, b, nom="LE GALL", prenom="Maël", contrats=contrats_b or [rompu])
    return garde, absorbe


def dossier(session: Session, effectif: Effectif) -> Dossier:
    (un,) = tous(session, select(Dossier).where(Dossier.effectif_id == effectif.id))
    return un


def remplir(session: Session, ou: Dossier, camille: Personne, *, formalites: list[str], jalon: int) -> None:
    """One row of each table."""
    cle = {"dossier_id": ou.id, "organisme_id": ou.organisme_id, "annee_scolaire": ou.annee_scolaire}
    qui = {"personne_id": camille.id}
    maintenant = horloge.maintenant()
    session.add(Circonstance(**cle, **qui, obstacles=["LOGEMENT"], maj_le=maintenant))
    session.add_all(
        Formalite(**cle, **qui, code=code, faite_le=OCTOBRE, maj_le=maintenant) for code in formalites
    )
    dates = {"cree_le": maintenant, "maj_le": maintenant}
    session.add(Poste(**cle, **qui, **dates, employeur_siret=f.EMPLOYEUR))
    session.add(
        Liaison(**cle, **qui, uuid=uuid4(), donnees=["IDENTITE"], cree_le=maintenant, expire_le=maintenant)
    )
    session.add(Devenir(**cle, **qui, jalon=jalon, etat="ECOLE", source="REPONSE", maj_le=maintenant))
    session.commit()


def ou_sont(session: Session) -> dict[str, list[tuple[int, int]]]:
    """File and establishment of every row, table by table; of outcomes, those that a person answered."""
    session.commit()
    with scope.systeme("test"):
        rangees = {
            table: tous(session, select(table).where(Devenir.source == "REPONSE"))
            if table is Devenir
            else tous(session, select(table))
            for table in TABLES
        }
    return {
        table.__tablename__: sorted((r.dossier_id, r.organisme_id) for r in trouvees)
        for table, trouvees in rangees.items()
    }


def test_ce_qui_n_a_pas_d_equivalent_suit_le_reste_attend_a_la_corbeille_et_tout_revient(
    session: Session, cfa: Organisme, annexe: Organisme, directeur: Navigateur, camille: Personne
) -> None:
    a, b = fiches(session, cfa, annexe)
    garde, absorbe = dossier(session, a), dossier(session, b)
    remplir(session, garde, camille, formalites=["NOTIFICATION"], jalon=90)
    remplir(session, absorbe, camille, formalites=["NOTIFICATION", "ENTRETIEN"], jalon=180)
    avant = ou_sont(session)
    fusionner(directeur, doublons(session)[0].id)
    ici, la = (garde.id, cfa.id), (absorbe.id, annexe.id)
    assert ou_sont(session) == {
        "circonstance": [ici, la],
        "formalite": [ici, ici, la],
        "poste": [ici, la],
        "liaison": [ici, ici],
        "devenir": [ici, ici],
    }
    annuler(session, directeur)
    assert ou_sont(session) == avant


def test_un_contrat_dit_rompu_ici_et_termine_la_est_le_meme_suivi(
    session: Session, cfa: Organisme, directeur: Navigateur, camille: Personne
) -> None:
    a, b = fiches(session, cfa, cfa, (SEPTEMBRE, OCTOBRE, None))
    assert dossier(session, b).genre == "FIN_DE_CONTRAT"
    notee = demarche(session, dossier(session, b), camille.id)
    remplir(session, dossier(session, b), camille, formalites=[], jalon=90)
    depart = dossier(session, b).id
    fusionner(directeur, doublons(session)[0].id)
    session.refresh(notee)
    assert notee.dossier_id == dossier(session, a).id
    assert ou_sont(session)["circonstance"] == [(notee.dossier_id, cfa.id)]
    annuler(session, directeur)
    session.refresh(notee)
    assert notee.dossier_id == depart


def test_qui_s_est_oppose_sur_une_fiche_l_est_sur_celle_qui_est_gardee(
    session: Session, cfa: Organisme, directeur: Navigateur, camille: Personne
) -> None:
    a, b = fiches(session, cfa, cfa)
    cle = {"effectif_id": b.id, "organisme_id": cfa.id, "annee_scolaire": b.annee_scolaire}
    session.add(Opposition(**cle, recue_le=OCTOBRE, personne_id=camille.id, cree_le=horloge.maintenant()))
    session.commit()
    assert not oppositions.est_gele(a.id)
    fusionner(directeur, doublons(session)[0].id)
    assert oppositions.est_gele(a.id)
    annuler(session, directeur)
    assert [oppositions.est_gele(e.id) for e in (a, b)] == [False, True]
