"""While a request for access waits, the person sees where it stands, since when, who may answer, and may cancel it."""

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Personne
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.habilitations.aides_acces import (
    ENTRER,
    SUIVI,
    chez,
    dans,
    demander,
    demandes,
    evenements,
    tenues,
    un_cfa,
    une_arrivante,
    une_direction,
)
from tests.pages import Navigateur, arbre, champs, liens, texte, titre


@pytest.fixture
def cfa(session: Session) -> Organisme:
    """A CFA with an administrator, who decides."""
    f.les_territoires(session)
    organisme = un_cfa(session)
    une_direction(session, organisme)
    return organisme


@pytest.fixture
def camille(session: Session, cfa: Organisme) -> Personne:
    return une_arrivante(session, siret=cfa.siret)


@pytest.fixture
def elle(navigateur: Navigateur, camille: Personne) -> Navigateur:
    return chez(navigateur, camille)


def test_on_voit_ou_en_est_sa_demande_depuis_quand_et_qui_repond(
    elle: Navigateur, camille: Personne, cfa: Organisme
) -> None:
    demander(elle, cfa)
    with dans(hours=30):
        page = chez(elle, camille).get(SUIVI)
    assert titre(page) == "Votre demande attend une réponse."
    contenu = texte(arbre(page))
    assert "Vous avez demandé l’accès à CFA de Rennes le 18 novembre 2026 à 12 h 00" in contenu
    assert "avec la fonction « directrice »" in contenu
    assert "Les administrateurs de CFA de Rennes, qui sont prévenus." in contenu
    assert "Sans réponse après 5 jours, le support" in contenu


def test_on_annule_soi_meme_et_l_on_peut_redemander(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    demander(elle, cfa)
    elle.post("/acces/annuler", champs(elle.get(SUIVI), "/acces/annuler"))
    page = elle.get(SUIVI)
    assert titre(page) == "Votre demande est annulée."
    assert ENTRER in liens(page)
    [demande] = demandes(session)
    assert demande.etat == "ANNULEE"
    assert evenements(session, "acces.annule") == [{"demande_id": demande.id}]
    assert tenues(session, camille) == []
    assert elle.get(f"{ENTRER}?organisme={cfa.id}").status_code == 200


def test_qui_attend_est_ramene_a_sa_demande(elle: Navigateur, cfa: Organisme) -> None:
    demander(elle, cfa)
    assert elle.get("/effectifs", follow_redirects=True).request.path == SUIVI
