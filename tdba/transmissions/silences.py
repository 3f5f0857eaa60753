"""When an establishment that usually sends no longer does, against its own habit and the calendar. Pure.

Only days when a CFA works count: neither week-ends, nor public holidays, nor August, nor the end-of-year weeks. Habit is
the middle gap between two days of reception over the last ninety days. It is a silence once twice the habit has gone by,
with two days more, and longer than any gap seen but the longest one, which may have been a breakdown.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

FENETRE: Final = timedelta(days=90)
JOURS_MIN: Final = 5
"""Days of reception below which there is no habit."""
MARGE: Final = 2

_FERIES_FIXES: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_APRES_PAQUES: Final = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday."""
_UN_JOUR: Final = timedelta(days=1)


class Silence(NamedTuple):
    """The last day something came, and the usual gap between two, in days when a CFA works."""

    depuis: date
    habitude: int


def silence(jours: Iterable[date], jour: date) -> Silence | None:
    """The silence, on `jour`, of who sent on those days; None when there is no habit or nothing unusual."""
    recus = sorted({j for j in jours if jour - FENETRE <= j <= jour})
    if len(recus) < JOURS_MIN:
        return None
    ecarts = sorted(jours_travailles(avant, apres) for avant, apres in pairwise(recus))
    habitude = max(1, ecarts[len(ecarts) // 2])
    # Today is not over: what is due today may still come.
    attente = jours_travailles(recus[-1], jour - _UN_JOUR)
    return Silence(recus[-1], habitude) if attente > max(2 * habitude + MARGE, ecarts[-2]) else None


def jours_travailles(apres: date, jusqu_a: date) -> int:
    """How many days when a CFA works, after one day up to another, included."""
    ecart = (jusqu_a - apres).days
    return sum(not calme(apres + timedelta(days=n)) for n in range(1, ecart + 1))


@lru_cache(maxsize=1024)
def calme(jour: date) -> bool:
    """A day when nothing is expected."""
    fetes = (jour.month, jour.day) >= (12, 20) or (jour.month, jour.day) <= (1, 4)
    return jour.weekday() >= 5 or jour.month == 8 or fetes or jour in feries(jour.year)


@lru_cache(maxsize=16)
def feries(annee: int) -> frozenset[date]:
    """Public holidays of the whole country."""
    mobiles = {paques(annee) + timedelta(days=n) for n in _APRES_PAQUES}
    return frozenset({date(annee, mois, quantieme) for mois, quantieme in _FERIES_FIXES} | mobiles)


def paques(annee: int) -> date:
    """Easter Sunday, Gregorian calendar (Butcher's computation)."""
    a, (b, c) = annee % 19, divmod(annee, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    reste = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * reste) // 451
    mois, quantieme = divmod(h + reste - 7 * m + 114, 31)
    return date(annee, mois, quantieme + 1)


def mots(habitude: int) -> str:
    """How often it usually comes."""
    for maximum, frequence in _FREQUENCES:
        if habitude <= maximum:
            return frequence
    return "tous les mois"


_FREQUENCES: Final = (
    (1, "tous les jours"),
    (3, "plusieurs fois par semaine"),
    (6, "toutes les semaines"),
    (12, "toutes les deux semaines"),
)
