"""When a digest is due: every working morning, or once a week on Monday (issue 6, part 6). Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")
DEBUT: Final = time(6, 30)
FIN: Final = time(12, 0)
"""A morning: from this hour in Paris, until that one. Nobody wants it in the evening, after an outage."""

JOUR: Final = "JOUR"
SEMAINE: Final = "SEMAINE"
JAMAIS: Final = "JAMAIS"

MOTS: Final[Mapping[str, str]] = {
    JOUR: "Chaque matin, du lundi au vendredi",
    SEMAINE: "Une fois par semaine, le lundi matin",
    JAMAIS: "Jamais",
}
"""Code → words, in the order of the form."""

DEFAUT: Final = SEMAINE
"""For those who correct the records of a CFA and chose nothing."""
DEPUIS_MAX: Final = timedelta(days=31)
"""News older than that is none: who comes back after a year is not told of a year."""
PERIODES: Final = {JOUR: timedelta(days=1), SEMAINE: timedelta(days=7)}


def matinee(instant: datetime) -> date | None:
    """The Paris day whose working morning this instant is in; None outside any."""
    ici = instant.astimezone(PARIS)
    return ici.date() if ici.weekday() < 5 and DEBUT <= ici.time() < FIN else None


def du(rythme: str, jour: date, dernier: date | None) -> bool:
    """Whether the digest is due on the morning of `jour`. `dernier`: the last morning dealt with.

    The weekly one belongs to Monday; when nothing ran that morning it comes on the next one that does, once.
    """
    if rythme == JOUR:
        return dernier is None or dernier < jour
    if rythme == SEMAINE:
        lundi = jour - timedelta(days=jour.weekday())
        return jour == lundi if dernier is None else dernier < lundi
    return False


def depuis(rythme: str, maintenant: datetime, dernier: datetime | None) -> datetime:
    """The instant from which something is news: the last digest, else one period ago."""
    if dernier is None:
        return maintenant - PERIODES[rythme]
    return max(dernier, maintenant - DEPUIS_MAX)
