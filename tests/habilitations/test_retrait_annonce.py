"""Whoever loses a right is told: what, why, and whom to ask; nothing secret, nobody's name (decision 35)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import Personne
from tdba.courriels import Courriel
from tdba.habilitations import equipe as regles
from tests.habilitations.aides_equipe import Equipe, courriels, une_equipe
from tests.pages import Navigateur


@pytest.fixture
def equipe(session: Session) -> Equipe:
    return une_equipe(session)


@pytest.fixture
def directrice(navigateur: Navigateur, equipe: Equipe) -> Navigateur:
    return navigateur.comme(equipe.directrice)


def annonce(session: Session) -> Courriel:
    (mail,) = courriels(session, "acces_retire")
    return mail


def retirer(directrice: Navigateur, equipe: Equipe, motif: str) -> int:
    return directrice.post(f"/equipe/{equipe.membre.id}/retirer", {"motif": motif}).status_code


def test_la_personne_apprend_que_son_acces_est_retire_et_a_qui_parler(
    session: Session, directrice: Navigateur, equipe: Equipe
) -> None:
    assert retirer(directrice, equipe, "FONCTION") == 303
    mail = annonce(session)
    alix = session.execute(select(Personne).where(Personne.id == equipe.membre.personne_id)).scalar_one()
    assert (mail.destinataire, mail.personne_id) == (alix.courriel, alix.id)
    assert mail.sujet == "Votre accès pour « CFA de Rennes » est retiré"
    texte = (mail.texte or "").replace("\xa0", " ")
    assert "depuis le 18 novembre 2026" in texte
    assert "Raison : vous avez changé de fonction." in texte
    assert "demandez à un administrateur de « CFA de Rennes »" in texte
    assert "écrivez au support" in texte
    for absent in ("Camille", "http", "Le Goff"):
        assert absent not in texte


def test_une_autre_raison_ne_s_invente_pas(session: Session, directrice: Navigateur, equipe: Equipe) -> None:
    retirer(directrice, equipe, "AUTRE")
    assert "Raison" not in (annonce(session).texte or "")


def test_un_retrait_refuse_n_annonce_rien(session: Session, directrice: Navigateur, equipe: Equipe) -> None:
    """The last administrator stays: no mail says otherwise."""
    directrice.post(f"/equipe/{equipe.directrice.id}/retirer", {"motif": "DEPART"})
    assert courriels(session, "acces_retire") == []


def test_chaque_raison_d_un_administrateur_se_dit_sauf_la_derniere() -> None:
    assert set(regles.MOTIFS_RETRAIT) - set(regles.RAISONS_DITES) == {"AUTRE"}
