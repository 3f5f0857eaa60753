"""Outcomes over a territory: sums by CFA or by region, and what of them may be read (decision 28). Pure.

How many files a CFA had, and how many of them had a contract, are true totals of a status; how the others divide is a
finer crossing, where small counts are left out with secondary suppression. A CFA, its responsable, support and whoever
may open the names there read true figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from tdba import petits_nombres
from tdba.devenirs.etats import AUTRE, CONTRAT, ECOLE, EMPLOI, ETATS, INCONNU
from tdba.petits_nombres import Case

AUTRES_ETATS: Final = (ECOLE, EMPLOI, AUTRE, INCONNU)
PAR_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Comptes:
    """How many files were in each state."""

    par_etat: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.par_etat.values())

    def n(self, etat: str) -> int:
        return self.par_etat.get(etat, 0)

    @property
    def taux(self) -> float | None:
        """Share with a contract."""
        return self.n(CONTRAT) / self.total if self.total else None


class Ensemble(NamedTuple):
    """A CFA, or a region for the nation, and its counts. `cle`: id of the CFA, or code of the region."""

    cle: int | str | None
    nom: str
    comptes: Comptes
    vrai: bool
    """The reader may read every figure of it."""


class Ligne(NamedTuple):
    ensemble: Ensemble
    autres: Sequence[Case]
    """In the order of `AUTRES_ETATS`, as they may be read."""


class Lu(NamedTuple):
    """What the counting table says."""

    ensembles: Sequence[Ensemble]
    avant: Comptes
    calcule_le: datetime | None


def sommer(tous: Iterable[Comptes]) -> Comptes:
    """State by state."""
    comptes = dict.fromkeys(ETATS, 0)
    for un in tous:
        for etat, n in un.par_etat.items():
            comptes[etat] += n
    return Comptes(comptes)


def lignes(ensembles: Sequence[Ensemble], k: int) -> list[Ligne]:
    """The rows, the most files first, small counts left out.

    True rows take no part in the suppression of the others: their reader can take them away from any total.
    """
    caches = [e for e in ensembles if not e.vrai]
    nombres = [[e.comptes.n(etat) for etat in AUTRES_ETATS] for e in caches]
    cases = (
        dict(zip((e.cle for e in caches), petits_nombres.tableau(nombres, k), strict=True)) if caches else {}
    )
    triees = sorted(ensembles, key=lambda e: (-e.comptes.total, e.nom.casefold(), str(e.cle)))
    return [Ligne(e, cases.get(e.cle) or [e.comptes.n(etat) for etat in AUTRES_ETATS]) for e in triees]


def total(ensembles: Sequence[Ensemble], k: int) -> Ligne:
    """The sum of all rows; its own small counts are left out unless every row is true."""
    somme = sommer(e.comptes for e in ensembles)
    vrai = all(e.vrai for e in ensembles)
    nombres = [somme.n(etat) for etat in AUTRES_ETATS]
    cases: Sequence[Case] = nombres if vrai else petits_nombres.repartition(nombres, k)
    return Ligne(Ensemble(None, "", somme, vrai), cases)


def publiable(comptes: Comptes, k: int) -> tuple[Case, list[Case]]:
    """What anybody may read: the total, and each state; nothing of a total below k."""
    if comptes.total < k:
        return petits_nombres.seul(comptes.total, k), []
    return comptes.total, petits_nombres.repartition([comptes.n(etat) for etat in ETATS], k)
