"""A file closed by itself by a new contract asks for confirmation; one reopened by its rupture asks no more."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tests.conftest import MIDI
from tests.effectifs.aides import contrat_de
from tests.factories import un_effectif, une_rupture
from tests.pages import Navigateur, liens
from tests.ruptures.aides import JOUR, evenements, le_dossier, mots

ROMPU = (date(2026, 9, 1), date(2027, 8, 31), date(2026, 10, 5))


@pytest.fixture
def repris(session: Session, cfa: Organisme) -> Effectif:
    """A rupture, then a new contract since a week."""
    nouveau = (JOUR - timedelta(days=7), date(2027, 8, 31), None)
    return un_effectif(session, cfa, contrats=[ROMPU, nouveau])


def test_un_nouveau_contrat_clot_le_dossier_et_demande_a_etre_confirme(
    session: Session, directeur: Navigateur, repris: Effectif
) -> None:
    dossier = le_dossier(repris, "RUPTURE")
    adresse = f"/dossiers/{dossier.id}"
    page = directeur.get(adresse)
    assert "Un nouveau contrat a clos ce dossier. Est-ce exact ?" in mots(directeur, adresse)
    assert any(lien.startswith("/contrats/") and lien.endswith("/corriger") for lien in liens(page))
    for _ in range(2):
        assert directeur.post(f"{adresse}/confirmer").status_code == 303
    vue = mots(directeur, adresse)
    assert "Est-ce exact ?" not in vue
    assert "Nouveau contrat confirmé le 18 novembre 2026 par Dominique Testeur." in vue
    assert evenements(session, "dossier.cloture_confirmee") == [{"dossier_id": dossier.id}]


def test_ce_n_est_pas_vrai_mene_au_contrat_qui_a_clos(
    session: Session, directeur: Navigateur, repris: Effectif
) -> None:
    page = directeur.get(f"/dossiers/{le_dossier(repris, 'RUPTURE').id}")
    assert f"/contrats/{contrat_de(session, repris, 1).id}/corriger" in liens(page)


def test_un_dossier_ouvert_n_a_rien_a_confirmer(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    adresse = f"/dossiers/{le_dossier(rompue).id}"
    directeur.post(f"{adresse}/confirmer")
    assert "il n’y a rien à confirmer" in mots(directeur, adresse)
    assert le_dossier(rompue).confirmee_le is None


def test_une_confirmation_d_un_contrat_disparu_ne_vaut_pas_pour_le_suivant(
    session: Session, directeur: Navigateur, repris: Effectif
) -> None:
    dossier = le_dossier(repris, "RUPTURE")
    dossier.confirmee_le = MIDI - timedelta(days=8)
    session.commit()
    adresse = f"/dossiers/{dossier.id}"
    assert "Est-ce exact ?" in mots(directeur, adresse)
    directeur.post(f"{adresse}/confirmer")
    assert "Est-ce exact ?" not in mots(directeur, adresse)
