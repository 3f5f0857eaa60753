"""Statuses over time, example by example: the cases of domain.md §3.6 and the corners of §3.3 (notation: `aides_statuts`)."""

from datetime import date, timedelta

import pytest

from tdba.effectifs.statuts import (
    AnomalieParcours,
    CodeRaison,
    Motif,
    Parcours,
    Statut,
)
from tests.effectifs.aides_statuts import ANNEE, COURTE, ecrire, j, suivre

# fmt: off
EXEMPLES = [  # number in §3.6, input, parcours
    ("1", f"{ANNEE} C 2024-10-01..2025-08-31", "INSCRIT 2024-09-01, APPRENTI 2024-10-01, FIN 2025-08-31"),
    ("2", f"{ANNEE}", "INSCRIT 2024-09-01, ABANDON 2024-11-30"),
    ("3", f"{ANNEE} C 2024-07-01..2025-08-31", "APPRENTI 2024-07-01, FIN 2025-08-31"),
    ("4", f"{ANNEE} C 2024-10-01..2025-08-31 R 2024-09-01", "INSCRIT 2024-09-01, ABANDON 2024-11-30"),
    ("5", f"{ANNEE} C 2024-10-01..2025-08-31 R 2024-12-01", "INSCRIT 2024-09-01, APPRENTI 2024-10-01, RUPTURANT 2024-12-01, ABANDON 2025-05-30"),
    ("6", f"{ANNEE} C 2024-10-01..2025-08-31 R 2024-12-01 C 2025-04-01..2025-08-31", "INSCRIT 2024-09-01, APPRENTI 2024-10-01, RUPTURANT 2024-12-01, APPRENTI 2025-04-01, FIN 2025-08-31"),
    ("7", f"{ANNEE} C 2024-10-01..2025-08-31 R 2024-12-01 C 2025-04-01..2025-08-31 X 2025-03-01", "INSCRIT 2024-09-01, APPRENTI 2024-10-01, RUPTURANT 2024-12-01, ABANDON 2025-03-01"),
    ("8", "S 2025-01-06..2025-12-23", "INSCRIT 2025-01-06, ABANDON 2025-04-06"),
    ("9", "S 2024-09-06..2025-09-02 C 2023-09-25..2025-09-12", "APPRENTI 2023-09-25, FIN 2025-09-02"),
    ("10", "S 2022-10-25..2025-07-11 C 2022-12-05..2023-05-29 C 2023-05-29.. R 2023-10-03 C 2023-12-04.. R 2024-08-13 C 2024-10-01..2025-07-31", "INSCRIT 2022-10-25, APPRENTI 2022-12-05, RUPTURANT 2023-10-03, APPRENTI 2023-12-04, RUPTURANT 2024-08-13, APPRENTI 2024-10-01, FIN 2025-07-11"),
    ("11", "S 2022-09-13..2024-07-10 C 2022-09-05.. R 2023-09-11 C 2024-01-08..2024-09-04 R 2024-07-12", "APPRENTI 2022-09-05, RUPTURANT 2023-09-11, APPRENTI 2024-01-08, FIN 2024-07-10"),
    ("12", f"{COURTE} C 2024-02-01..2024-12-15 R 2024-12-15", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, RUPTURANT 2024-12-15"),
    ("13", f"{COURTE} C 2024-02-01..2024-06-30 C 2024-08-01..2024-12-15 R 2024-12-15", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, RUPTURANT 2024-07-01, APPRENTI 2024-08-01, RUPTURANT 2024-12-15"),
    ("14: term 60 days before the end", f"{COURTE} C 2024-02-01..2024-10-16", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, FIN 2024-10-17"),
    ("15: term 61 days before the end", f"{COURTE} C 2024-02-01..2024-10-15", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, RUPTURANT 2024-10-16, FIN 2024-12-15"),
    ("16", f"{COURTE} C 2024-02-01..2024-12-15 R 2024-12-05", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, RUPTURANT 2024-12-05"),
    ("17", f"{COURTE} C 2024-02-01..2024-06-30 C 2024-07-21..2024-12-15", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, RUPTURANT 2024-07-01, APPRENTI 2024-07-21, FIN 2024-12-15"),
    ("18", f"{COURTE} C 2024-02-01..2024-11-30 X 2024-12-01", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, ABANDON 2024-12-01"),
    ("19", "S 2023-09-01..2024-08-31 C 2023-10-01..2024-07-31", "INSCRIT 2023-09-01, APPRENTI 2023-10-01, FIN 2024-08-01"),
    ("20: a contract inside a broken one", "S 2024-01-01..2024-12-31 C 2024-02-01.. R 2024-11-01 C 2024-03-01..2024-05-31", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, RUPTURANT 2024-11-01"),
    ("21: a term and a rupture on the same last day", "S 2024-01-01..2024-12-31 C 2024-02-01.. R 2024-11-01 C 2024-03-01..2024-10-31", "INSCRIT 2024-01-01, APPRENTI 2024-02-01, RUPTURANT 2024-11-01"),
    ("22", "S 2024-09-01..2026-08-31 C 2024-11-30..2025-08-31", "INSCRIT 2024-09-01, APPRENTI 2024-11-30, RUPTURANT 2025-09-01, ABANDON 2026-02-28, FIN 2026-08-31"),
    ("23: 90 days", "S 2024-09-01..2024-11-29", "INSCRIT 2024-09-01, FIN 2024-11-29"),
    ("24: 91 days", "S 2024-09-01..2024-11-30", "INSCRIT 2024-09-01, ABANDON 2024-11-30"),
    ("25", f"{ANNEE} C 2025-01-15..2025-08-31", "INSCRIT 2024-09-01, ABANDON 2024-11-30, APPRENTI 2025-01-15, FIN 2025-08-31"),
    ("26: the 181st day is the last", f"{ANNEE} C 2024-10-01.. R 2025-03-04", "INSCRIT 2024-09-01, APPRENTI 2024-10-01, RUPTURANT 2025-03-04, ABANDON 2025-08-31"),
    ("26 bis: the 180th day is the last", f"{ANNEE} C 2024-10-01.. R 2025-03-05", "INSCRIT 2024-09-01, APPRENTI 2024-10-01, RUPTURANT 2025-03-05"),
    ("27", f"{ANNEE} C 2024-06-01..2024-07-15", "APPRENTI 2024-06-01, RUPTURANT 2024-07-16, ABANDON 2025-01-12, FIN 2025-08-31"),
    ("28", "S 2023-09-01..2025-08-31 C 2023-09-01..2024-08-31 C 2024-10-01..2025-08-31", "APPRENTI 2023-09-01, RUPTURANT 2024-09-01, APPRENTI 2024-10-01, FIN 2025-08-31"),
    ("ingestion: broken and excluded the same day", "S 2021-09-01..2022-08-31 C 2021-09-01..2022-06-30 R 2022-06-30 X 2022-06-30", "APPRENTI 2021-09-01, ABANDON 2022-06-30"),
]
# fmt: on


@pytest.mark.parametrize(
    ("donnees", "attendu"), [exemple[1:] for exemple in EXEMPLES], ids=[exemple[0] for exemple in EXEMPLES]
)
def test_the_worked_examples_of_the_domain(donnees: str, attendu: str) -> None:
    """Each line of domain.md §3.6 gives exactly these statuses on exactly these days."""
    assert ecrire(suivre(donnees)) == attendu


def test_status_of_a_day() -> None:
    """No status before the first step; from each borne on, its status; the last one for ever (decision 8)."""
    suivi = suivre(f"{ANNEE} C 2024-10-01..2025-08-31")
    assert suivi.au(date.min) is None
    assert suivi.au(j("2024-08-31")) is None
    assert suivi.au(j("2024-09-01")) is Statut.INSCRIT
    assert suivi.au(j("2024-09-30")) is Statut.INSCRIT
    assert suivi.au(j("2024-10-01")) is Statut.APPRENTI
    assert suivi.au(j("2025-08-30")) is Statut.APPRENTI
    assert suivi.au(j("2025-08-31")) is Statut.FIN_DE_FORMATION
    assert suivi.au(date.max) is Statut.FIN_DE_FORMATION
    assert suivi.etape_au(j("2024-08-31")) is None
    assert suivi.etape_au(j("2024-11-11")) is suivi.etapes[1]
    assert suivi.bornes == [j("2024-09-01"), j("2024-10-01"), j("2025-08-31")]
    assert suivi.statuts == [1, 2, 5]
    assert {type(valeur) for valeur in suivi.statuts} == {int}


# Corners of §3.3


# fmt: off
COINS = {  # input, parcours
    "one day session": ("S 2024-09-01..2024-09-01", "FIN 2024-09-01"),
    "contract after the session is still a natural end": (f"{ANNEE} C 2025-09-15..2026-08-31", "INSCRIT 2024-09-01, ABANDON 2024-11-30, FIN 2025-08-31"),
    "broken contract after the session is not": (f"{ANNEE} C 2025-09-15..2026-08-31 R 2026-01-01", "INSCRIT 2024-09-01, ABANDON 2024-11-30"),
    "exclusion after the end of a running contract": (f"{ANNEE} C 2024-09-01.. X 2025-09-01", "APPRENTI 2024-09-01, FIN 2025-08-31"),
    "any exclusion forbids the natural end": (f"{ANNEE} C 2024-09-01..2025-08-01 X 2025-09-01", "APPRENTI 2024-09-01, RUPTURANT 2025-08-02"),
    "contract that ends before it starts still ends the formation": ("S 2024-10-01..2024-12-30 C 2024-12-20..2024-12-01", "INSCRIT 2024-10-01, FIN 2024-12-02"),
    "and the delay runs in between": ("S 2024-10-01..2024-12-31 C 2024-12-20..2024-12-01", "INSCRIT 2024-10-01, FIN 2024-12-02, ABANDON 2024-12-30, FIN 2024-12-31"),
    "contract that ends before the first day": ("S 2024-10-01..2024-10-31 C 2024-10-10..2024-09-01", "FIN 2024-10-01"),
    "a contract that never ran still starts the parcours": (f"{ANNEE} C 2024-07-01..2025-08-31 R 2024-06-01", "INSCRIT 2024-07-01, ABANDON 2024-09-29"),
    "end of the calendar": ("S 9999-01-01..9999-12-31 C 9999-12-01..9999-12-31", "INSCRIT 9999-01-01, ABANDON 9999-04-01, APPRENTI 9999-12-01, FIN 9999-12-31"),
    "start of the calendar": ("S 0001-01-01..0001-12-31 C 0001-01-01.. R 0001-01-01", "INSCRIT 0001-01-01, ABANDON 0001-04-01"),
}
# fmt: on


@pytest.mark.parametrize(("donnees", "attendu"), COINS.values(), ids=COINS)
def test_corners_of_the_algorithm(donnees: str, attendu: str) -> None:
    """Where intuition and the rule of §3.3 part, the rule wins."""
    assert ecrire(suivre(donnees)) == attendu


# Hostile days


@pytest.mark.parametrize("rupture", ["2024-02-29", "2023-12-31", "2024-08-01", "2024-03-31", "2024-10-27"])
def test_the_day_of_a_rupture_is_already_without_contract(rupture: str) -> None:
    """29 February, 31 December, 1 August, the nights the clocks change: a day is a day."""
    veille = j(rupture) - timedelta(days=1)
    suivi = suivre(f"S 2023-09-01..2025-08-31 C 2023-09-01.. R {rupture}")
    assert (suivi.au(veille), suivi.au(j(rupture))) == (Statut.APPRENTI, Statut.RUPTURANT)
    assert suivi.etapes[1].motif is Motif.RUPTURE
    assert suivi.bornes[2] - j(rupture) == timedelta(days=180)


@pytest.mark.parametrize(
    ("entree", "abandon"),
    [
        ("2023-12-01", "2024-02-29"),
        ("2024-01-01", "2024-03-31"),
        ("2024-02-29", "2024-05-29"),
        ("2024-08-01", "2024-10-30"),
        ("2024-10-02", "2024-12-31"),
    ],
)
def test_ninety_days_across_hostile_days(entree: str, abandon: str) -> None:
    """90 whole days, whatever the months and the clock changes they cross."""
    suivi = suivre(f"S {entree}..2025-08-31")
    assert ecrire(suivi) == f"INSCRIT {entree}, ABANDON {abandon}"


# Fingerprint


def test_the_fingerprint_is_the_same_on_every_machine() -> None:
    """Stored by the bulk job: this value may change only with a recomputation of everything."""
    assert suivre(f"{ANNEE} C 2024-10-01..2025-08-31 R 2024-12-01").empreinte == 4679966991394935377


def test_the_fingerprint_fits_a_bigint_and_sees_anomalies() -> None:
    vides = [Parcours((), (anomalie,)) for anomalie in AnomalieParcours]
    assert len({vide.empreinte for vide in vides}) == len(vides)
    assert all(0 <= vide.empreinte < 2**63 for vide in vides)


def test_stored_numbers_never_change() -> None:
    """They are in the database: a new member takes a new number."""
    assert {statut.name: statut.value for statut in Statut} == {
        "INSCRIT": 1,
        "APPRENTI": 2,
        "RUPTURANT": 3,
        "ABANDON": 4,
        "FIN_DE_FORMATION": 5,
    }
    assert [motif.name for motif in sorted(Motif)] == [
        "RUPTURE",
        "FIN_DE_CONTRAT",
        "EXCLUSION",
        "DELAI_SANS_CONTRAT",
        "DELAI_APRES_RUPTURE",
    ]
    assert [code.value for code in CodeRaison] == list(range(1, 11))
