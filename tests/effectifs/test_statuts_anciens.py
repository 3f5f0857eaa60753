"""Former statuses, which replace dates that are missing (domain.md §3.5), and input that gives no status (decision 8)."""

from datetime import date

import pytest

from tdba.effectifs.statuts import (
    AnomalieParcours,
    ContratDates,
    Parcours,
    parcours,
)
from tests.effectifs.aides_statuts import contrat, ecrire, j

# Former statuses (§3.5)


def test_former_statuses_and_two_years_tell_a_broken_contract() -> None:
    """Without dates, a 3 then a 2 are a contract and its rupture; a 0 says nothing."""
    historique = [(3, j("2021-10-06")), (0, j("2022-10-29")), (2, j("2023-01-05"))]
    resultat = parcours(entree=None, fin=None, contrats=[], historique=historique, periode=(2021, 2023))
    assert (
        ecrire(resultat)
        == "INSCRIT 2021-08-01, APPRENTI 2021-10-06, RUPTURANT 2023-01-05, ABANDON 2023-07-04"
    )


def test_without_periode_the_school_year_gives_the_session() -> None:
    """The years of annee_scolaire replace those of periode, from 1 August to 31 July."""
    historique = [(3, j("2021-09-06")), (2, j("2022-07-06"))]
    resultat = parcours(entree=None, fin=None, contrats=[], historique=historique, annee_scolaire="2021-2023")
    assert (
        ecrire(resultat)
        == "INSCRIT 2021-08-01, APPRENTI 2021-09-06, RUPTURANT 2022-07-06, ABANDON 2023-01-02"
    )


# fmt: off
ANCIENS = {  # statuses sent in 2022, parcours over the calendar year
    "a 3 never closed is dropped": ("3@02-01", "INSCRIT 2022-01-01, ABANDON 2022-04-01"),
    "a 2 closes nothing": ("2@02-01", "INSCRIT 2022-01-01, ABANDON 2022-04-01"),
    "a 0 is a history that says nothing": ("0@02-01", "INSCRIT 2022-01-01, ABANDON 2022-04-01"),
    "broken at once": ("3@02-01 2@02-01", "INSCRIT 2022-01-01, ABANDON 2022-04-01"),
    "read by day, second 3 ignored": ("2@10-01 3@02-01 3@05-01", "INSCRIT 2022-01-01, APPRENTI 2022-02-01, RUPTURANT 2022-10-01"),
    "two contracts": ("3@02-01 2@03-01 3@04-01 2@12-01", "INSCRIT 2022-01-01, APPRENTI 2022-02-01, RUPTURANT 2022-03-01, APPRENTI 2022-04-01, RUPTURANT 2022-12-01"),
}
# fmt: on


@pytest.mark.parametrize(("faits", "attendu"), ANCIENS.values(), ids=ANCIENS)
def test_how_former_statuses_make_contracts(faits: str, attendu: str) -> None:
    """Only a 3 followed by a 2 is a contract; the same year twice is that calendar year."""
    historique = ((int(fait[0]), j(f"2022-{fait[2:]}")) for fait in faits.split())
    assert (
        ecrire(parcours(entree=None, fin=None, contrats=[], historique=historique, periode=(2022, 2022)))
        == attendu
    )


def test_a_known_bound_of_the_session_is_kept() -> None:
    """Only the missing date comes from the years."""
    faits = [(3, j("2022-09-15")), (2, j("2023-07-01"))]
    sans_fin = parcours(entree=j("2022-09-05"), fin=None, contrats=[], historique=faits, periode=(2022, 2023))
    sans_entree = parcours(
        entree=None, fin=j("2023-07-04"), contrats=[], historique=faits, periode=(2022, 2023)
    )
    assert ecrire(sans_fin) == "INSCRIT 2022-09-05, APPRENTI 2022-09-15, RUPTURANT 2023-07-01"
    assert ecrire(sans_entree) == "INSCRIT 2022-08-01, APPRENTI 2022-09-15, RUPTURANT 2023-07-01"


def test_former_statuses_leave_contracts_and_exclusion_out() -> None:
    """The legacy path has no exclusion and reads no contract (§3.5)."""
    resultat = parcours(
        entree=None,
        fin=None,
        contrats=[contrat("2022-02-01..2022-12-31")],
        exclusion=j("2022-01-15"),
        historique=[(0, j("2022-01-15"))],
        periode=(2022, 2022),
    )
    assert ecrire(resultat) == "INSCRIT 2022-01-01, ABANDON 2022-04-01"


def test_former_statuses_are_not_read_when_both_dates_are_known() -> None:
    resultat = parcours(
        entree=j("2024-09-01"),
        fin=j("2024-11-29"),
        contrats=[],
        historique=[(3, j("2024-09-02")), (2, j("2024-10-01"))],
    )
    assert ecrire(resultat) == "INSCRIT 2024-09-01, FIN 2024-11-29"


# Impossible input (decision 8)

SANS_DATES = AnomalieParcours.SANS_DATES_NI_HISTORIQUE
ANNEES = AnomalieParcours.ANNEES_INCONNUES
FIN_AVANT, SANS_DEBUT = AnomalieParcours.FIN_AVANT_ENTREE, AnomalieParcours.CONTRAT_SANS_DEBUT
UN_FAIT = [(3, date(2022, 2, 1))]
ENVERS: dict[str, object] = {"entree": date(2024, 9, 2), "fin": date(2024, 9, 1)}
ENDROIT: dict[str, object] = {"entree": date(2024, 9, 1), "fin": date(2025, 8, 31)}
SANS_DATES_DE_DEBUT = [ContratDates(None, date(2025, 8, 31)), contrat("2024-10-01..2025-08-31")]

# fmt: off
IMPOSSIBLES: dict[str, tuple[dict[str, object], list[AnomalieParcours]]] = {
    "nothing at all": ({}, [SANS_DATES]),
    "no end, no history": ({"entree": date(2022, 9, 1), "periode": (2022, 2023)}, [SANS_DATES]),
    "no entry, no history": ({"fin": date(2022, 9, 1), "periode": (2022, 2023)}, [SANS_DATES]),
    "no years": ({"historique": UN_FAIT}, [ANNEES]),
    "empty periode": ({"historique": UN_FAIT, "periode": ()}, [ANNEES]),
    "one year": ({"historique": UN_FAIT, "periode": (2022,)}, [ANNEES]),
    "years outside the calendar": ({"historique": UN_FAIT, "periode": (0, 10_000)}, [ANNEES]),
    "huge year": ({"historique": UN_FAIT, "periode": (10**20, 1)}, [ANNEES]),
    "unreadable school year": ({"historique": UN_FAIT, "annee_scolaire": "an dernier"}, [ANNEES]),
    "years backwards": ({"historique": UN_FAIT, "periode": (2023, 2021)}, [FIN_AVANT]),
    "end before entry": (ENVERS, [FIN_AVANT]),
    "end before entry, even with a contract": ({**ENVERS, "contrats": [ContratDates(date(2024, 7, 1))]}, [FIN_AVANT]),
    "contract without a start": ({**ENDROIT, "contrats": SANS_DATES_DE_DEBUT}, [SANS_DEBUT]),
    "contract without a start, with former statuses": ({"contrats": SANS_DATES_DE_DEBUT, "historique": UN_FAIT, "periode": (2022, 2023)}, [SANS_DEBUT]),
    "every anomaly is told": ({"contrats": SANS_DATES_DE_DEBUT}, [SANS_DEBUT, SANS_DATES]),
    "every anomaly is told, with dates too": ({**ENVERS, "contrats": SANS_DATES_DE_DEBUT}, [SANS_DEBUT, FIN_AVANT]),
}
# fmt: on


@pytest.mark.parametrize(("donnees", "anomalies"), IMPOSSIBLES.values(), ids=IMPOSSIBLES)
def test_impossible_input_gives_no_status_and_says_why(
    donnees: dict[str, object], anomalies: list[AnomalieParcours]
) -> None:
    """Never an exception, never a record that silently has no status."""
    resultat = parcours(**({"entree": None, "fin": None, "contrats": []} | donnees))  # type: ignore[arg-type]
    assert resultat == Parcours((), tuple(anomalies))
    assert resultat.au(j("2024-09-01")) is None
    assert (resultat.bornes, resultat.statuts) == ([], [])


def test_a_broken_school_year_does_not_matter_when_periode_is_known() -> None:
    resultat = parcours(
        entree=None,
        fin=None,
        contrats=[],
        historique=UN_FAIT,
        periode=(2022, 2022),
        annee_scolaire="an dernier",
    )
    assert not resultat.anomalies
