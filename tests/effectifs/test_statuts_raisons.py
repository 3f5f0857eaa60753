"""Each step says why: its motif, its raison and the dates of the rule (decision 9; notation: `aides_statuts`)."""

import pytest

from tdba.effectifs.statuts import (
    CodeRaison,
    Etape,
    Raison,
    Statut,
)
from tests.effectifs.aides_statuts import ANNEE, COURTE, ecrire, expliquer, j, suivre


def test_each_step_says_the_rule_and_the_dates_it_used() -> None:
    """A broken contract, then a delay: each step carries its motif and its raison."""
    suivi = suivre(f"{ANNEE} C 2024-10-01..2025-08-31 R 2024-12-01")
    assert [expliquer(etape) for etape in suivi.etapes] == [
        ("INSCRIT", None, "ENTREE", "2024-09-01"),
        ("APPRENTI", None, "CONTRAT_EN_COURS", "2024-10-01 2025-08-31"),
        ("RUPTURANT", "RUPTURE", "CONTRAT_ROMPU", "2024-12-01"),
        ("ABANDON", "DELAI_APRES_RUPTURE", "DELAI_APRES_RUPTURE", "2024-12-01 2025-05-30"),
    ]
    assert suivi.etapes[0] == Etape(
        Statut.INSCRIT, j("2024-09-01"), j("2024-10-01"), None, Raison(CodeRaison.ENTREE, (j("2024-09-01"),))
    )
    assert suivi.etapes[-1].au is None


def test_a_term_is_never_called_a_rupture() -> None:
    """A contract that reached its term more than 60 days before the end: RUPTURANT, for FIN_DE_CONTRAT."""
    suivi = suivre("S 2024-09-01..2026-08-31 C 2024-09-01..2025-08-31")
    assert [expliquer(etape) for etape in suivi.etapes] == [
        ("APPRENTI", None, "CONTRAT_EN_COURS", "2024-09-01 2025-08-31"),
        ("RUPTURANT", "FIN_DE_CONTRAT", "TERME_ATTEINT", "2025-08-31"),
        ("ABANDON", "DELAI_APRES_RUPTURE", "DELAI_APRES_TERME", "2025-09-01 2026-02-28"),
        ("FIN_DE_FORMATION", None, "FIN_DE_SESSION", "2026-08-31"),
    ]


# fmt: off
DERNIERES = {  # input; status, motif, raison and its dates of the last step
    "90 days": (ANNEE, "ABANDON", "DELAI_SANS_CONTRAT", "DELAI_SANS_CONTRAT", "2024-09-01 2024-11-30"),
    "excluded": (f"{ANNEE} X 2024-10-01", "ABANDON", "EXCLUSION", "EXCLUSION", "2024-10-01"),
    "excluded before the first day": (f"{ANNEE} X 2024-08-01", "ABANDON", "EXCLUSION", "EXCLUSION", "2024-08-01"),
    "excluded the day the delay is over": (f"{ANNEE} X 2024-11-30", "ABANDON", "EXCLUSION", "EXCLUSION", "2024-11-30"),
    "excluded after the delay is one step": (f"{ANNEE} X 2024-12-01", "ABANDON", "DELAI_SANS_CONTRAT", "DELAI_SANS_CONTRAT", "2024-09-01 2024-11-30"),
    "term close to the end": (f"{COURTE} C 2024-02-01..2024-10-16", "FIN_DE_FORMATION", None, "TERME_PROCHE_DE_LA_FIN", "2024-10-16 2024-12-15"),
    "term the day before the end": (f"{COURTE} C 2024-02-01..2024-12-14", "FIN_DE_FORMATION", None, "TERME_PROCHE_DE_LA_FIN", "2024-12-14 2024-12-15"),
    "term on the last day": (f"{COURTE} C 2024-02-01..2024-12-15", "FIN_DE_FORMATION", None, "FIN_DE_SESSION", "2024-12-15"),
    "tie broken first": ("S 2024-01-01..2024-12-31 C 2024-03-01..2024-10-31 C 2024-02-01.. R 2024-11-01", "RUPTURANT", "RUPTURE", "CONTRAT_ROMPU", "2024-11-01"),
    "tie broken second": ("S 2024-01-01..2024-12-31 C 2024-02-01..2024-10-31 C 2024-03-01.. R 2024-11-01", "RUPTURANT", "RUPTURE", "CONTRAT_ROMPU", "2024-11-01"),
    "a rupture inside a longer contract is no rupture": ("S 2024-01-01..2025-03-31 C 2024-02-01..2024-12-20 C 2024-03-01.. R 2024-11-01", "FIN_DE_FORMATION", None, "FIN_DE_SESSION", "2025-03-31"),
}
# fmt: on


@pytest.mark.parametrize(("donnees", "statut", "motif", "raison", "dates"), DERNIERES.values(), ids=DERNIERES)
def test_the_last_step_says_why(
    donnees: str, statut: str, motif: str | None, raison: str, dates: str
) -> None:
    """The rule that ends each parcours, with its dates."""
    assert expliquer(suivre(donnees).etapes[-1]) == (statut, motif, raison, dates)


def test_a_contract_without_term_gives_its_start_only() -> None:
    """Nothing is invented: the end of the session is not shown as the term of the contract."""
    assert expliquer(suivre(f"{ANNEE} C 2024-09-01..").etapes[0]) == (
        "APPRENTI",
        None,
        "CONTRAT_EN_COURS",
        "2024-09-01",
    )


def test_contracts_that_follow_one_another_are_one_step() -> None:
    """The step carries the dates of the contract that started it."""
    suivi = suivre(f"{ANNEE} C 2025-01-01..2025-08-31 C 2024-09-01..2024-12-31")
    assert ecrire(suivi) == "APPRENTI 2024-09-01, FIN 2025-08-31"
    assert expliquer(suivi.etapes[0])[3] == "2024-09-01 2024-12-31"


def test_of_two_contracts_that_start_the_same_day_the_later_in_the_list_stays() -> None:
    """As in the existing service (§3.2)."""
    long, rompu = "2024-09-01..2025-08-31", "2024-09-01..2025-08-31 R 2025-07-01"
    assert ecrire(suivre(f"{ANNEE} C {long} C {rompu}")) == "APPRENTI 2024-09-01, RUPTURANT 2025-07-01"
    assert ecrire(suivre(f"{ANNEE} C {rompu} C {long}")) == "APPRENTI 2024-09-01, FIN 2025-08-31"
