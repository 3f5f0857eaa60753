"""When a digest is due: working mornings in Paris, every day or on Monday, across both summer-time nights."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tdba.recaps.rythme import JAMAIS, JOUR, SEMAINE, depuis, du, matinee

LUNDI = date(2026, 11, 16)
MERCREDI = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("instant", "attendu"),
    [
        ("2026-11-18T05:29:59", None),
        ("2026-11-18T05:30:00", MERCREDI),
        ("2026-11-18T10:59:59", MERCREDI),
        ("2026-11-18T11:00:00", None),
        ("2026-11-21T08:00:00", None),
        ("2026-11-22T08:00:00", None),
        # Friday before and Monday after the nights of 29 March and 25 October 2026.
        ("2026-03-27T05:29:59", None),
        ("2026-03-27T05:30:00", date(2026, 3, 27)),
        ("2026-03-30T04:29:59", None),
        ("2026-03-30T04:30:00", date(2026, 3, 30)),
        ("2026-10-23T04:30:00", date(2026, 10, 23)),
        ("2026-10-26T04:30:00", None),
        ("2026-10-26T05:30:00", date(2026, 10, 26)),
    ],
)
def test_une_matinee_va_de_six_heures_trente_a_midi_a_paris_du_lundi_au_vendredi(
    instant: str, attendu: date | None
) -> None:
    assert matinee(datetime.fromisoformat(instant).replace(tzinfo=UTC)) == attendu


def test_chaque_jour_une_seule_fois() -> None:
    assert du(JOUR, MERCREDI, None)
    assert du(JOUR, MERCREDI, MERCREDI - timedelta(days=1))
    assert not du(JOUR, MERCREDI, MERCREDI)


def test_chaque_semaine_le_lundi() -> None:
    assert du(SEMAINE, LUNDI, None)
    assert du(SEMAINE, LUNDI, LUNDI - timedelta(days=7))
    assert not du(SEMAINE, LUNDI, LUNDI)
    assert not du(SEMAINE, MERCREDI, LUNDI)
    assert not du(SEMAINE, MERCREDI, None)


def test_un_lundi_manque_se_rattrape_le_matin_suivant_une_fois() -> None:
    mardi = LUNDI + timedelta(days=1)
    assert du(SEMAINE, mardi, LUNDI - timedelta(days=7))
    assert not du(SEMAINE, MERCREDI, mardi)
    assert du(SEMAINE, LUNDI + timedelta(days=7), mardi)


def test_jamais_n_est_jamais_du() -> None:
    assert not du(JAMAIS, LUNDI, None)


def test_ce_qui_est_nouveau_l_est_depuis_le_dernier_envoi_un_mois_au_plus() -> None:
    maintenant = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
    hier = maintenant - timedelta(days=1)
    assert depuis(JOUR, maintenant, None) == hier
    assert depuis(SEMAINE, maintenant, None) == maintenant - timedelta(days=7)
    assert depuis(SEMAINE, maintenant, hier) == hier
    assert depuis(SEMAINE, maintenant, maintenant - timedelta(days=400)) == maintenant - timedelta(days=31)
