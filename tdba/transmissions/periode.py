"""The days that an account of receptions covers, their totals, and their trend. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from tdba.horloge import PARIS

CHOIX: Final = (7, 30, 90)
DEFAUT: Final = 30
_SEMAINE: Final = 7


class Periode(NamedTuple):
    """From a day to another, both included, as days are in Paris."""

    premier: date
    dernier: date

    @property
    def jours(self) -> int:
        return (self.dernier - self.premier).days + 1

    @property
    def debut(self) -> datetime:
        return datetime.combine(self.premier, time(), PARIS)

    @property
    def fin(self) -> datetime:
        """The first instant that is no longer in it."""
        return datetime.combine(self.dernier + timedelta(days=1), time(), PARIS)


def derniers(jour: date, nombre: int) -> Periode:
    """The last days up to `jour`; any other number than those offered reads as the usual one."""
    return Periode(jour - timedelta(days=(nombre if nombre in CHOIX else DEFAUT) - 1), jour)


@dataclass(frozen=True, slots=True)
class Compte:
    """What was received, counted in lines. `jour` is None for a total."""

    jour: date | None
    envois: int
    lignes: int
    creees: int
    modifiees: int
    inchangees: int
    refusees: int
    retenues: int

    @property
    def acceptees(self) -> int:
        """New or changed records."""
        return self.creees + self.modifiees

    @property
    def en_attente(self) -> int:
        """Neither applied, held nor refused yet."""
        return max(0, self.lignes - self.acceptees - self.inchangees - self.refusees - self.retenues)


def total(comptes: Iterable[Compte]) -> Compte:
    """All of them together."""
    lus = list(comptes)
    return Compte(
        None,
        sum(c.envois for c in lus),
        sum(c.lignes for c in lus),
        sum(c.creees for c in lus),
        sum(c.modifiees for c in lus),
        sum(c.inchangees for c in lus),
        sum(c.refusees for c in lus),
        sum(c.retenues for c in lus),
    )


class Barre(NamedTuple):
    """One bar of the trend: a day, or a week from its Monday."""

    debut: date
    valeur: int


def tendance(comptes: Sequence[Compte], periode: Periode) -> list[Barre]:
    """Lines received by day over a week, by week over more; days and weeks without any have their bar too."""
    par_semaine = periode.jours > _SEMAINE
    recues: dict[date, int] = {}
    for n in range(periode.jours):
        recues.setdefault(_case(periode.premier + timedelta(days=n), par_semaine=par_semaine), 0)
    for c in comptes:
        if c.jour is not None:
            recues[_case(c.jour, par_semaine=par_semaine)] += c.lignes
    return [Barre(debut, valeur) for debut, valeur in sorted(recues.items())]


def _case(jour: date, *, par_semaine: bool) -> date:
    return jour - timedelta(days=jour.weekday()) if par_semaine else jour
