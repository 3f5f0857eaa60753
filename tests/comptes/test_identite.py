"""What an identity becomes: the key is (issuer, sub); everything else is an attribute (identity-security.md §1.13)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.habilitations.models import Invitation
from tests.comptes import aides
from tests.comptes.aides import FournisseurDeTest, cas, changer, journal, se_connecter
from tests.conftest import MIDI
from tests.pages import Navigateur

pytestmark = pytest.mark.reseau


def personnes(session: Session) -> int:
    return session.execute(select(func.count()).select_from(Personne)).scalar_one()


def habilitations(session: Session, personne: Personne) -> int:
    lues = select(func.count()).select_from(Habilitation).where(Habilitation.personne_id == personne.id)
    return session.execute(lues).scalar_one()


@cas(45)
def test_le_siret_d_un_cfa_n_ouvre_rien_a_un_inconnu(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, organisation: Organisation
) -> None:
    """A SIRET may propose an organisation; it never gives a right (§1.3)."""
    assert se_connecter(navigateur).location == "/acces"
    nouvelle = session.execute(select(Personne).where(Personne.sub == aides.CAMILLE.sub)).scalar_one()
    assert (nouvelle.etat, habilitations(session, nouvelle)) == ("EN_ATTENTE", 0)


@cas(45)
def test_un_autre_siret_ne_change_ni_l_organisation_ni_les_droits(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    camille: Personne,
    habilitation: Habilitation,
) -> None:
    fournisseur.alterer_infos = changer(siret="22222222200027")
    assert se_connecter(navigateur).location == "/"
    assert camille.siret == "22222222200027"
    assert habilitations(session, camille) == 1
    assert "CFA de Rennes" in navigateur.get("/mon-compte").text
    assert journal(session)[0] == ("compte.modifie", {"champs": ["siret"]})


@cas(49)
@pytest.mark.parametrize("ecrite", [aides.CAMILLE.email.upper(), aides.CAMILLE.email.title()])
def test_une_adresse_ecrite_avec_d_autres_capitales_est_la_meme(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    camille: Personne,
    habilitation: Habilitation,
    ecrite: str,
) -> None:
    fournisseur.alterer_infos = changer(email=ecrite)
    assert se_connecter(navigateur).location == "/"
    assert camille.courriel == aides.CAMILLE.email
    assert [evenement for evenement, _ in journal(session)] == ["compte.connecte"]


@cas(47, 49)
@pytest.mark.parametrize("ecrite", [aides.CAMILLE.email, aides.CAMILLE.email.upper()])
def test_un_nouveau_sub_avec_une_adresse_connue_est_une_autre_personne_qui_attend(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    camille: Personne,
    habilitation: Habilitation,
    ecrite: str,
) -> None:
    fournisseur.alterer_infos = changer(email=ecrite, sub="un-nouveau-sub")
    fournisseur.alterer_id_token = changer(sub="un-nouveau-sub")
    assert se_connecter(navigateur).location == "/acces"
    assert journal(session)[-1] == ("compte.refuse", {"raison": "adresse_connue"})
    assert personnes(session) == 2
    assert (camille.sub, camille.etat, habilitations(session, camille)) == (aides.CAMILLE.sub, "ACTIVE", 1)


@cas(51)
@pytest.mark.parametrize("invitee", ["quelqu-un-d-autre@exemple.invalid", aides.CAMILLE.email])
def test_une_invitation_n_est_jamais_acceptee_par_la_seule_connexion(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    organisation: Organisation,
    alix: Personne,
    invitee: str,
) -> None:
    """Neither somebody else's, nor one's own: it is accepted by its link, once logged in."""
    invitation = Invitation(
        empreinte=b"i" * 32,
        organisation_id=organisation.id,
        courriel=invitee,
        role="administrateur",
        invitee_par_id=alix.id,
        cree_le=MIDI,
        expire_le=MIDI + timedelta(hours=96),
    )
    session.add(invitation)
    session.flush()
    assert se_connecter(navigateur).location == "/acces"
    assert invitation.acceptee_le is None
    nouvelle = session.execute(select(Personne).where(Personne.sub == aides.CAMILLE.sub)).scalar_one()
    assert habilitations(session, nouvelle) == 0


@cas(52)
@pytest.mark.parametrize("roles", [[], None, ["agent_public"], "agent_public"])
def test_n_etre_pas_agent_public_n_ecarte_personne_et_l_etre_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    roles: Any,
) -> None:
    """CFA and missions locales are mostly private (§1.3): the service is not for public agents only."""
    fournisseur.alterer_infos = changer(roles=roles)
    assert se_connecter(navigateur).location == "/"


@cas(52)
def test_un_agent_public_inconnu_attend_comme_les_autres(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    fournisseur.alterer_infos = changer(roles=["agent_public_etat"])
    assert se_connecter(navigateur).location == "/acces"
