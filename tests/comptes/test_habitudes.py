"""What is unusual for whom: the rule alone (identity-security.md §4.10, decision 27)."""

import pytest

from tdba.comptes.habitudes import Verdict, habitude, juger

NORMAL, ALERTE, PAUSE = Verdict.NORMAL, Verdict.ALERTE, Verdict.PAUSE


@pytest.mark.parametrize(
    ("passes", "attendue"),
    [([], 0), ([7], 7), ([10, 30], 20), ([1, 1000, 2], 2), ([5] * 30 + [9000] * 60, 5)],
)
def test_l_habitude_est_la_mediane_des_trente_derniers_jours_lus(passes: list[int], attendue: int) -> None:
    assert habitude(passes) == attendue


@pytest.mark.parametrize(
    ("nombre", "passes", "verdict"),
    [
        (200, [], NORMAL),
        (201, [], ALERTE),
        (1000, [], ALERTE),
        (1001, [], PAUSE),
        (500, [100] * 5, NORMAL),
        (501, [100] * 5, ALERTE),
        (2000, [100] * 5, ALERTE),
        (2001, [100] * 5, PAUSE),
    ],
)
def test_hors_de_chez_soi_on_alerte_puis_on_met_en_pause(
    nombre: int, passes: list[int], verdict: Verdict
) -> None:
    assert juger(nombre, passes, chez_soi=False) is verdict


@pytest.mark.parametrize(
    ("nombre", "passes", "verdict"),
    [
        (2000, [], NORMAL),
        (2001, [], ALERTE),
        (1_000_000, [], ALERTE),
        (3000, [300], NORMAL),
        (3001, [300], ALERTE),
    ],
)
def test_dans_son_cfa_on_alerte_et_jamais_on_ne_met_en_pause(
    nombre: int, passes: list[int], verdict: Verdict
) -> None:
    assert juger(nombre, passes, chez_soi=True) is verdict
