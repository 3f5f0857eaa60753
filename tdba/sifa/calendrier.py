"""The day that the survey looks at, the years that it counts, and the contract of that day. Pure (domain.md §8)."""

from collections.abc import Iterable
from datetime import date, timedelta

from tdba.effectifs import annees
from tdba.effectifs.statuts import Statut
from tdba.sifa.colonnes import Contrat

COMPTES: frozenset[int] = frozenset({Statut.APPRENTI, Statut.RUPTURANT})
"""Statuses of the reference day that the survey counts."""


def reference(jour: date) -> date:
    """31 December of the calendar year in which the school year of that day began (it changes on 1 August)."""
    return jour_de(int(annees.annee_scolaire(jour)[:4]))


def jour_de(annee: int) -> date:
    """The reference day of a campaign, named by the year of its 31 December."""
    return date(annee, 12, 31)


def annees_comptees(annee: int) -> tuple[str, str]:
    """The school years whose records are looked at: `list(reference)`."""
    return annees.comptees(jour_de(annee))


def annee_de(annee_scolaire: str) -> int:
    """The campaign that looks at the records of a school year."""
    return int(annee_scolaire[:4])


def contrat_du_jour(contrats: Iterable[Contrat], jour: date, fin_session: date | None) -> Contrat:
    """The contract running on that day; without one, the last that ended before, a broken one winning a tie.

    The former export took the last of the list, even when it began after the day. Nothing started yet: no contract.
    """
    commences = [c for c in contrats if c.debut is not None and c.debut <= jour]
    if not commences:
        return Contrat()
    return max(commences, key=lambda c: _rang(c, jour, fin_session))


def _rang(contrat: Contrat, jour: date, fin_session: date | None) -> tuple[bool, date, bool, date, int]:
    """Running ones first, then by last day; a tie goes to the broken one, then to the one that began last."""
    terme = contrat.fin or fin_session or date.max
    dernier = contrat.rupture - timedelta(days=1) if contrat.rupture else terme
    en_cours = dernier >= jour
    assert contrat.debut is not None  # noqa: S101 - only started contracts are ranked
    atteint = contrat.debut if en_cours else dernier
    return en_cours, atteint, contrat.rupture is not None, contrat.debut, contrat.rang
