"""The legal causes of a rupture and the delays of a resignation (L6222-18, D6222-21-1)."""

from datetime import date

import pytest

from tdba.effectifs import causes

DEBUT, RUPTURE = date(2026, 9, 1), date(2026, 11, 2)


def refus(cause: str | None, **dates: date | None) -> str | None:
    donnees: dict[str, date | None] = {
        "debut": DEBUT,
        "rupture": RUPTURE,
        "mediateur_le": None,
        "employeur_informe_le": None,
    }
    trouve = causes.refus_de_cause(cause, **(donnees | dates))  # type: ignore[arg-type]
    return trouve.champ if trouve else None


def test_la_cause_peut_attendre() -> None:
    assert refus(None, rupture=None) is None
    assert refus("INCONNUE") is None


def test_une_cause_sans_rupture_ou_hors_de_la_liste_est_refusee() -> None:
    assert refus("ACCORD", rupture=None) == "rupture"
    assert refus("CAPRICE") == "cause_legale"


@pytest.mark.parametrize(("jours", "estimee"), [(0, False), (45, False), (46, True), (120, True)])
def test_au_dela_de_45_jours_la_periode_d_essai_est_estimee(jours: int, estimee: bool) -> None:
    rupture = date.fromordinal(DEBUT.toordinal() + jours)
    assert causes.estimee("PERIODE_ESSAI", DEBUT, rupture) is estimee
    assert refus("PERIODE_ESSAI", rupture=rupture) is None
    assert causes.estimee("ACCORD", DEBUT, rupture) is False


def test_apres_un_an_la_periode_d_essai_n_est_plus_possible() -> None:
    assert refus("PERIODE_ESSAI", rupture=date(2027, 9, 2)) == "cause_legale"


@pytest.mark.parametrize(
    ("mediateur", "informe", "champ"),
    [
        (None, None, None),
        (date(2026, 10, 20), None, None),
        (date(2026, 10, 20), date(2026, 10, 25), None),
        (date(2026, 10, 20), date(2026, 10, 24), "employeur_informe_le"),
        (date(2026, 10, 20), date(2026, 10, 26), None),
        (date(2026, 10, 20), date(2026, 10, 27), "rupture"),
        (None, date(2026, 10, 27), "rupture"),
    ],
)
def test_une_demission_attend_le_mediateur_puis_l_employeur(
    mediateur: date | None, informe: date | None, champ: str | None
) -> None:
    assert refus("DEMISSION", mediateur_le=mediateur, employeur_informe_le=informe) == champ


def test_ces_delais_ne_valent_que_pour_une_demission() -> None:
    assert refus("ACCORD", employeur_informe_le=RUPTURE) is None
