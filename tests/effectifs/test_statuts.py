"""Statuses over time, example by example: the cases of domain.md §3.5 and §3.6, then decisions 8 and 9.

Notation, that of the domain: S is the session, C a contract, both first and last day ("C 2024-10-01.." has no written
term), R the rupture of the contract before it, X the exclusion. A parcours is a line of statuses with their first day.
"""

import re
from datetime import date, timedelta

import pytest

from tdba.effectifs.statuts import (
    AnomalieParcours,
    CodeRaison,
    ContratDates,
    Etape,
    Motif,
    Parcours,
    Raison,
    Statut,
    parcours,
)

ANNEE = "S 2024-09-01..2025-08-31"
COURTE = "S 2024-01-01..2024-12-15"


def j(texte: str) -> date:
    return date.fromisoformat(texte)


def contrat(texte: str) -> ContratDates:
    debut, _, fin = texte.partition("..")
    return ContratDates(j(debut), j(fin) if fin else None)


def suivre(donnees: str) -> Parcours:
    entree = fin = exclusion = None
    contrats: list[ContratDates] = []
    for signe, valeur in re.findall(r"([SCRX]) (\S+)", donnees):
        if signe == "S":
            entree, fin = map(j, valeur.split(".."))
        elif signe == "C":
            contrats.append(contrat(valeur))
        elif signe == "R":
            contrats[-1] = contrats[-1]._replace(rupture=j(valeur))
        else:
            exclusion = j(valeur)
    return parcours(entree=entree, fin=fin, contrats=contrats, exclusion=exclusion)


def ecrire(resultat: Parcours) -> str:
    return ", ".join(f"{etape.statut.name.split('_')[0]} {etape.du}" for etape in resultat.etapes)


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


# Motifs and raisons (decision 9)


def expliquer(etape: Etape) -> tuple[str, str | None, str, str]:
    dates = " ".join(str(jour) for jour in etape.raison.dates)
    return etape.statut.name, etape.motif.name if etape.motif else None, etape.raison.code.name, dates


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
