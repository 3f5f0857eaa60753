"""An administrator of a CFA shares its follow-up with its network, or stops, knowing what it shows (decision 26)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation, Organisation
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.comptes.aides_facteurs import reglage
from tests.habilitations.aides_acces import evenements, un_cfa, une_direction
from tests.pages import Navigateur, arbre, champs, texte

PAGE = "/ce-que-voient"
PARTAGER, ARRETER = f"{PAGE}/partager", f"{PAGE}/ne-plus-partager"


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return un_cfa(session)


@pytest.fixture
def direction(session: Session, cfa: Organisme) -> Habilitation:
    return une_direction(session, cfa)


@pytest.fixture
def elle(navigateur: Navigateur, direction: Habilitation) -> Navigateur:
    return navigateur.comme(direction)


def depuis(session: Session, direction: Habilitation) -> object:
    organisation = session.get(Organisation, direction.organisation_id)
    assert organisation is not None
    return organisation.partage_suivi_depuis


def mots(navigateur: Navigateur) -> str:
    return texte(arbre(navigateur.get(PAGE)))


def test_la_page_dit_avant_l_acte_ce_que_le_reseau_lira(
    elle: Navigateur, session: Session, cfa: Organisme
) -> None:
    f.un_reseau(session, "AFTRAL", [cfa], responsable=True)
    page = mots(elle)
    assert "Vous ne partagez pas votre suivi avec votre réseau." in page
    assert "AFTRAL (responsable de ses CFA)" in page
    for promesse in (
        "chaque démarche (sa nature, son résultat, son jour et qui l’a notée)",
        "la prochaine étape prévue",
        "Il ne lira pas vos notes",
        "L’État ne lira jamais votre suivi.",
        "Vous pouvez arrêter à tout moment.",
    ):
        assert promesse in page


def test_partager_est_date_d_aujourd_hui_et_consigne(
    elle: Navigateur, session: Session, direction: Habilitation
) -> None:
    assert elle.post(PARTAGER, champs(elle.get(PAGE), PARTAGER)).location == PAGE
    assert depuis(session, direction) == horloge.aujourd_hui()
    assert "Vous partagez votre suivi avec votre réseau depuis le 18 novembre 2026." in mots(elle)
    assert evenements(session, "partage_suivi.ouvert") == [{"organisation_id": direction.organisation_id}]


def test_un_double_clic_garde_la_premiere_date(
    elle: Navigateur, session: Session, direction: Habilitation
) -> None:
    elle.post(PARTAGER)
    hier = horloge.aujourd_hui() - timedelta(days=1)
    session.get(Organisation, direction.organisation_id).partage_suivi_depuis = hier  # type: ignore[union-attr]
    assert elle.post(PARTAGER).status_code == 303
    assert depuis(session, direction) == hier
    assert len(evenements(session, "partage_suivi.ouvert")) == 1


def test_arreter_vaut_tout_de_suite(elle: Navigateur, session: Session, direction: Habilitation) -> None:
    elle.post(PARTAGER)
    elle.post(ARRETER, champs(elle.get(PAGE), ARRETER))
    elle.post(ARRETER)
    assert depuis(session, direction) is None
    assert len(evenements(session, "partage_suivi.ferme")) == 1


def test_un_membre_lit_et_ne_decide_pas(
    navigateur: Navigateur, session: Session, direction: Habilitation
) -> None:
    organisation = session.get(Organisation, direction.organisation_id)
    assert organisation is not None
    membre = f.une_habilitation(session, f.une_personne(session, "Noa"), organisation, role="membre")
    lui = navigateur.comme(membre)
    assert "Un administrateur de votre CFA peut le changer." in mots(lui)
    assert [lui.post(adresse).status_code for adresse in (PARTAGER, ARRETER)] == [403, 403]
    assert depuis(session, direction) is None


def test_l_assistance_ne_partage_pas_a_la_place_du_cfa(
    navigateur: Navigateur, session: Session, direction: Habilitation
) -> None:
    support = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    sacha = f.une_habilitation(
        session, f.une_personne(session, "Sacha"), support, validee_par=f.une_personne(session, "Second")
    )
    assert navigateur.comme(sacha).post(PARTAGER).status_code == 403
    assert depuis(session, direction) is None


def test_partager_demande_un_second_facteur_et_arreter_non(
    app: Flask, elle: Navigateur, session: Session, direction: Habilitation
) -> None:
    """What leaves the CFA waits for a proof; taking it back never does (decision 27)."""
    with reglage(app, second_facteur="oui"):
        assert str(elle.post(PARTAGER).location).startswith("/second-facteur")
        assert depuis(session, direction) is None
        assert elle.post(ARRETER).location == PAGE


def test_un_etablissement_apprend_que_son_entite_partage(
    elle: Navigateur, session: Session, cfa: Organisme
) -> None:
    entite = f.une_organisation(session, "ORGANISME_FORMATION", "Entité", regle="SIREN", siren=cfa.siren)
    entite.partage_suivi_depuis = horloge.aujourd_hui()
    page = mots(elle)
    assert "Vous ne partagez pas" in page
    assert (
        "Une autre organisation de votre entité juridique le partage, pour 1 de vos établissements." in page
    )


def test_un_cfa_sans_reseau_sait_que_personne_ne_lirait(elle: Navigateur) -> None:
    assert "Votre CFA n’appartient à aucun réseau" in mots(elle)
