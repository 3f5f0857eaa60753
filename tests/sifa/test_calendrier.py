"""The reference day, the campaign, and the contract of the day."""

from datetime import date

import pytest

from tdba.sifa import calendrier, campagne
from tdba.sifa.campagne import DatesImpossibles
from tdba.sifa.colonnes import Contrat

SAINT_SYLVESTRE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("jour", "reference"),
    [
        (date(2020, 9, 1), date(2020, 12, 31)),
        (date(2021, 7, 31), date(2020, 12, 31)),
        (date(2021, 8, 1), date(2021, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2026, 12, 31)),
    ],
)
def test_le_jour_de_reference_suit_l_annee_scolaire(jour: date, reference: date) -> None:
    assert calendrier.reference(jour) == reference


def test_les_annees_regardees_sont_celles_du_jour_de_reference() -> None:
    assert calendrier.annees_comptees(2026) == ("2026-2026", "2026-2027")
    assert calendrier.annee_de("2026-2027") == calendrier.annee_de("2026-2026") == 2026


def test_la_campagne_ouvre_l_annee_suivante_sauf_d_aout_a_decembre() -> None:
    janvier = campagne.campagne(2026, "01-05", "02-28")
    assert (janvier.ouverture, janvier.cloture) == (date(2027, 1, 5), date(2027, 2, 28))
    novembre = campagne.campagne(2026, "11-02", "02-15")
    assert (novembre.ouverture, novembre.cloture) == (date(2026, 11, 2), date(2027, 2, 15))


def test_la_campagne_est_au_menu_deux_mois_avant_et_apres() -> None:
    c = campagne.campagne(2026, "01-05", "02-28")
    assert [c.proche(j) for j in (date(2026, 11, 5), date(2026, 11, 6), date(2027, 4, 29), date(2027, 4, 30))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [c.etat(j) for j in (date(2026, 12, 1), date(2027, 1, 5), date(2027, 3, 1))] == [
        "AVANT",
        "OUVERTE",
        "APRES",
    ]


@pytest.mark.parametrize(
    ("ouverture", "cloture"), [("13-01", "02-28"), ("01-05", "02-30"), ("02-01", "01-05"), ("", "")]
)
def test_des_dates_impossibles_se_disent(ouverture: str, cloture: str) -> None:
    with pytest.raises(DatesImpossibles):
        campagne.campagne(2026, ouverture, cloture)


EN_COURS = Contrat(date(2026, 9, 1), date(2027, 8, 31), None, "en cours", 0)
A_VENIR = Contrat(date(2027, 1, 4), date(2028, 8, 31), None, "à venir", 1)
ROMPU = Contrat(date(2026, 9, 1), date(2027, 8, 31), date(2026, 10, 15), "rompu", 0)
ANCIEN = Contrat(date(2025, 9, 1), date(2026, 6, 30), None, "ancien", 1)


@pytest.mark.parametrize(
    ("contrats", "attendu"),
    [
        ([EN_COURS], "en cours"),
        ([EN_COURS, A_VENIR], "en cours"),
        ([ROMPU, A_VENIR], "rompu"),
        ([ROMPU, ANCIEN], "rompu"),
        ([ANCIEN, ROMPU], "rompu"),
        ([ANCIEN, EN_COURS], "en cours"),
        ([EN_COURS, ANCIEN], "en cours"),
        ([A_VENIR], None),
        ([], None),
    ],
)
def test_le_contrat_du_31_decembre_n_est_pas_le_dernier_de_la_liste(
    contrats: list[Contrat], attendu: str | None
) -> None:
    trouve = calendrier.contrat_du_jour(contrats, SAINT_SYLVESTRE, date(2027, 8, 31))
    assert trouve.siret == attendu


def test_un_contrat_sans_terme_court_jusqu_a_la_fin_de_la_formation() -> None:
    sans_terme = Contrat(date(2025, 9, 1), None, None, "sans terme", 1)
    assert calendrier.contrat_du_jour([sans_terme], SAINT_SYLVESTRE, date(2026, 7, 1)).siret == "sans terme"
    assert calendrier.contrat_du_jour([ROMPU, sans_terme], SAINT_SYLVESTRE, date(2026, 7, 1)).siret == "rompu"


def test_a_egalite_le_contrat_rompu_l_emporte() -> None:
    termine = Contrat(date(2026, 9, 1), date(2026, 10, 14), None, "terme", 1)
    assert calendrier.contrat_du_jour([ROMPU, termine], SAINT_SYLVESTRE, None).siret == "rompu"


def test_rompu_le_1er_janvier_le_contrat_courait_encore() -> None:
    encore = Contrat(date(2026, 9, 1), None, date(2027, 1, 1), "encore")
    la_veille = Contrat(date(2026, 9, 1), None, date(2026, 12, 31), "la veille", 1)
    assert (
        calendrier.contrat_du_jour([la_veille, encore], SAINT_SYLVESTRE, date(2027, 8, 31)).siret == "encore"
    )
