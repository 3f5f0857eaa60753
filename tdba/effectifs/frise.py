"""Where the steps of a parcours stand on its drawing: abscissas from 0 to 1000. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from tdba.effectifs.raisons import EtapeLue

LARGEUR: Final = 1000
MARGE_JOURS: Final = 30
"""Room after the last change, so that the last step, which never ends, can be seen."""
REPERES_MAX: Final = 12
LARGEUR_MIN: Final = 3
"""A step of one day must still be seen."""
_PAS: Final = (1, 2, 3, 6, 12)
_MOIS: Final = [
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]


class Segment(NamedTuple):
    """A step and its place."""

    x0: int
    x1: int
    etape: EtapeLue


class Repere(NamedTuple):
    """The first day of a month, under the band."""

    x: int
    libelle: str


class Frise(NamedTuple):
    segments: tuple[Segment, ...]
    aujourdhui: int | None
    """None when the last step began so long ago that the day is off the drawing."""
    reperes: tuple[Repere, ...]


def dessiner(etapes: Sequence[EtapeLue], *, fin: date | None, jour: date) -> Frise | None:
    """Place the steps from the first one (or `jour`, when all are to come) to the end of the formation and a little more.

    None without any step: there is nothing to draw.
    """
    if not etapes:
        return None
    debut = min(etapes[0].du, jour)
    dernier = max(etapes[-1].du, fin or etapes[-1].du)
    terme = dernier + timedelta(days=max(MARGE_JOURS, (dernier - debut).days // 12))
    duree = (terme - debut).days

    def x(d: date) -> int:
        return round(LARGEUR * (d - debut).days / duree)

    fins = [*[etape.du for etape in etapes[1:]], terme]
    segments = tuple(
        Segment(x(etape.du), max(x(au), x(etape.du) + LARGEUR_MIN), etape)
        for etape, au in zip(etapes, fins, strict=True)
    )
    reperes = tuple(Repere(x(d), _libelle(d)) for d in _mois(debut, terme))
    return Frise(segments, x(jour) if jour < terme else None, reperes)


def _mois(debut: date, terme: date) -> list[date]:
    """First days of months between the two, at most REPERES_MAX, evenly spaced, January among them when spaced."""
    rang = debut.year * 12 + debut.month - (1 if debut.day == 1 else 0)
    dernier = terme.year * 12 + terme.month - 1
    pas = next((p for p in _PAS if (dernier - rang) // p < REPERES_MAX), 12 * (1 + (dernier - rang) // 144))
    premier = rang + -rang % pas
    return [date(m // 12, m % 12 + 1, 1) for m in range(premier, dernier + 1, pas)]


def _libelle(jour: date) -> str:
    """`sept. 26`: short enough for twelve of them in a row."""
    return f"{_MOIS[jour.month - 1]} {jour.year % 100:02}"
