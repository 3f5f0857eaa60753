"""Who comes in after a verified login, and who is told why they do not (decisions 25 and 33)."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Organisation, Personne
from tests import factories as f
from tests.comptes import aides
from tests.comptes.aides import FournisseurDeTest, cas, journal, se_connecter
from tests.pages import Navigateur, champs, liens, titre

pytestmark = pytest.mark.reseau

A_DEMANDER = "Pour quel CFA travaillez-vous ?"
"""What everybody without a right reads, whether their address is known or not."""

# --- Who comes in ----------------------------------------------------------------------------------------------


def bloquee(navigateur: Navigateur, phrase: str) -> None:
    """They are told why, or led to ask for an access, wherever they go; and may leave."""
    page = navigateur.get("/acces")
    if phrase == A_DEMANDER:
        assert page.location == "/acces/entrer"
        page = navigateur.get("/acces/entrer")
    else:
        assert page.status_code == 403
    assert titre(page).replace("\u00a0", " ") == phrase
    assert navigateur.get("/mon-compte").location == "/acces"
    assert navigateur.get("/mon-compte", htmx=True).headers["HX-Redirect"] == "/acces"
    sortie = navigateur.post("/deconnexion", champs(page, "/deconnexion"))
    assert sortie.status_code == 303
    assert navigateur.get("/mon-compte").status_code == 302


def test_un_inconnu_est_note_en_attente_et_sait_qui_contacter(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    assert se_connecter(navigateur).location == "/acces"
    personne = session.execute(select(Personne).where(Personne.sub == aides.CAMILLE.sub)).scalar_one()
    assert (personne.etat, personne.courriel) == ("EN_ATTENTE", aides.CAMILLE.email)
    assert journal(session) == [("compte.refuse", {"raison": "en_attente"})]
    bloquee(navigateur, A_DEMANDER)


@pytest.mark.parametrize("courriel", [aides.CAMILLE.email, aides.CAMILLE.email.upper()])
@cas(47)
def test_une_adresse_connue_ne_donne_pas_le_compte_d_un_autre(
    navigateur: Navigateur,
    session: Session,
    camille: Personne,
    habilitation: Habilitation,
    courriel: str,
) -> None:
    camille.sub, camille.courriel = "un-autre-chemin", courriel
    se_connecter(navigateur)
    assert camille.sub == "un-autre-chemin"
    assert journal(session) == [("compte.refuse", {"raison": "adresse_connue"})]
    bloquee(navigateur, A_DEMANDER)


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        ("SUSPENDUE", "Votre compte est suspendu."),
        ("FERMEE", "Votre compte est fermé."),
        ("EN_ATTENTE", A_DEMANDER),
    ],
)
@cas(50)
def test_un_compte_arrete_le_reste_malgre_une_habilitation(
    navigateur: Navigateur,
    session: Session,
    camille: Personne,
    habilitation: Habilitation,
    etat: str,
    phrase: str,
) -> None:
    camille.etat = etat
    se_connecter(navigateur)
    assert camille.etat == etat
    bloquee(navigateur, phrase)


def test_une_habilitation_valide_reveille_un_compte_endormi(
    navigateur: Navigateur, camille: Personne, habilitation: Habilitation
) -> None:
    camille.etat = "ENDORMIE"
    assert se_connecter(navigateur).location == "/"
    assert camille.etat == "ACTIVE"


def test_un_compte_endormi_sans_habilitation_le_reste(navigateur: Navigateur, camille: Personne) -> None:
    camille.etat = "ENDORMIE"
    se_connecter(navigateur)
    assert camille.etat == "ENDORMIE"
    assert "/acces/entrer" in liens(navigateur.get("/acces"))
    bloquee(navigateur, "Votre compte est en sommeil.")


@pytest.mark.parametrize(
    ("dates", "phrase"),
    [
        ({"fin": date(2026, 11, 18)}, "Votre habilitation est terminée."),
        ({"debut": date(2026, 11, 19)}, "Votre habilitation n’a pas encore commencé."),
    ],
)
def test_une_habilitation_hors_de_ses_dates_se_dit(
    navigateur: Navigateur,
    session: Session,
    camille: Personne,
    organisation: Organisation,
    dates: dict[str, date],
    phrase: str,
) -> None:
    f.une_habilitation(session, camille, organisation, **dates)
    se_connecter(navigateur)
    bloquee(navigateur, phrase)
