"""The day that a received date means: domain.md §4.2 and §4.3, decisions 11 and 13."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from tests.transmissions.lignes_exemples import lire_erp, lire_fichier, messages

CHAMP = "date_metier_mise_a_jour_statut"

JOURS_DE_L_API = [
    ("2021-09-01", date(2021, 9, 1)),
    ("2021-09-01T00:00:00.000Z", date(2021, 9, 1)),
    ("2021-09-01T00:00:00Z ", date(2021, 9, 1)),
    ("2021-09-01T10:30", date(2021, 9, 1)),
    ("2021-09-01 10:30:15", date(2021, 9, 1)),
    ("2021-09-01T23:59:59", date(2021, 9, 1)),
    ("2024-02-29", date(2024, 2, 29)),
    ("1900-01-01", date(1900, 1, 1)),
    ("2050-01-01", date(2050, 1, 1)),
]

MINUITS_DE_PARIS = [
    ("2021-08-31T22:00:00.000Z", date(2021, 9, 1)),  # summer, UTC+2
    ("2021-08-31T22:00:00Z", date(2021, 9, 1)),
    ("2021-08-31T22:00Z", date(2021, 9, 1)),
    ("2021-11-28T23:00:00Z", date(2021, 11, 29)),  # winter, UTC+1
    ("2020-12-31T23:00:00.000Z", date(2021, 1, 1)),
    ("2021-09-01T00:00:00+02:00", date(2021, 9, 1)),
    ("2021-08-31T18:00:00-0400", date(2021, 9, 1)),
    ("1975-06-14T23:00:00.000Z", date(1975, 6, 15)),  # no summer time that year
]

AUTRES_INSTANTS = [
    ("2021-10-28T23:00:00Z", date(2021, 10, 28)),  # 1 o'clock in Paris: still summer time
    ("2021-11-28T22:00:00Z", date(2021, 11, 28)),
    ("2021-08-31T22:00:01.000Z", date(2021, 8, 31)),
    ("2021-08-31T22:00:00.001Z", date(2021, 8, 31)),
    ("2021-08-31T23:30:00Z", date(2021, 8, 31)),
    ("0001-01-01T00:00:00+23:00", date(1, 1, 1)),  # before the first day of the calendar in UTC
]

DATES_INVALIDES = [
    "2021-02-30",
    "2021-13-01",
    "0000-01-01",
    "2021-9-1",
    "20210901",
    "2021-W35-3",
    "01/09/2021",
    " 2021-09-01",
    "2021-09-01abc",
    "2021-09-01T25:00:00Z",
    "2021-09-01T10:00:00+99:00",
    "2021-09-01T",
    "2021-09-01T00:00:00.000Z et le reste",
    "２０２１-09-01",
    "2021-09-01" + " " * 100_000,
    "",
    "demain",
    20210901,
    44440,
    True,
    ["2021-09-01"],
    date(2021, 9, 1),
]

JOURS_D_UN_TABLEUR = [
    (54321, date(2048, 9, 20)),
    (54321.0, date(2048, 9, 20)),
    (45170.75, date(2023, 9, 1)),
    (61, date(1900, 3, 1)),
    (1, date(1900, 1, 1)),
    ("20/09/48", date(1948, 9, 20)),
    ("20/09/38", date(2038, 9, 20)),
    ("01/01/40", date(2040, 1, 1)),
    ("01/01/41", date(1941, 1, 1)),
    (" 1/9/2021 ", date(2021, 9, 1)),
    ("2021-09-01", date(2021, 9, 1)),
    ("2021-08-31T22:00:00.000Z", date(2021, 9, 1)),
    (date(2021, 9, 1), date(2021, 9, 1)),
    (datetime(2021, 9, 1, 10, 30), date(2021, 9, 1)),  # noqa: DTZ001 - what a spreadsheet reader gives
    (datetime(2021, 8, 31, 22, tzinfo=UTC), date(2021, 9, 1)),
]

CELLULES_SANS_DATE = [
    "30/02/2021",
    "20/09/021",
    "20-09-2021",
    "54321",
    "bientôt",
    0,
    60,  # 29 February 1900, which only Excel knows
    -1,
    2_958_466,
    float("inf"),
    float("nan"),
    True,
    time(10, 30),
]


@pytest.mark.parametrize(("recu", "jour"), JOURS_DE_L_API)
def test_une_date_de_l_api_donne_le_jour_ecrit(recu: str, jour: date) -> None:
    assert lire_erp(**{CHAMP: recu}).valeurs[CHAMP] == jour


@pytest.mark.parametrize(("recu", "jour"), MINUITS_DE_PARIS)
def test_un_instant_qui_est_minuit_a_paris_donne_ce_jour_de_paris(recu: str, jour: date) -> None:
    assert lire_erp(**{CHAMP: recu}).valeurs[CHAMP] == jour


@pytest.mark.parametrize(("recu", "jour"), AUTRES_INSTANTS)
def test_tout_autre_instant_donne_le_jour_ecrit(recu: str, jour: date) -> None:
    assert lire_erp(**{CHAMP: recu}).valeurs[CHAMP] == jour


@pytest.mark.parametrize("recu", DATES_INVALIDES)
def test_une_date_impossible_ou_autrement_ecrite_est_refusee_par_l_api(recu: Any) -> None:
    assert messages(lire_erp(**{CHAMP: recu})) == {CHAMP: "Date invalide"}


@pytest.mark.parametrize(("recu", "jour"), JOURS_D_UN_TABLEUR)
def test_un_fichier_accepte_les_ecritures_d_un_tableur(recu: Any, jour: date) -> None:
    lu = lire_fichier(**{CHAMP: recu}).valeurs[CHAMP]
    assert lu == jour
    assert type(lu) is date


@pytest.mark.parametrize("recu", CELLULES_SANS_DATE)
def test_une_cellule_qui_n_est_pas_une_date_refuse_la_ligne_au_lieu_d_etre_oubliee(recu: Any) -> None:
    assert messages(lire_fichier(**{CHAMP: recu})) == {CHAMP: "Date invalide"}
