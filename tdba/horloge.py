"""The only clock (decision 11). Everything else receives the time as an argument.

Tests move it with `regler`; a lint forbids `datetime.now`, `date.today` and SQL `now()` anywhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_fixe: ContextVar[datetime | None] = ContextVar("horloge_fixe", default=None)
_fixe_globale: list[datetime] = []


def maintenant() -> datetime:
    """Return the current instant, aware, in UTC."""
    fixe = _fixe.get()
    if fixe is None and _fixe_globale:
        fixe = _fixe_globale[-1]
    return fixe or datetime.now(UTC)


def aujourd_hui() -> date:
    """Return the current day in Paris: the "today" of every screen and rule."""
    return maintenant().astimezone(PARIS).date()


def jour_de_paris(instant: datetime) -> date:
    """Return the Paris day of an aware instant."""
    return instant.astimezone(PARIS).date()


@contextmanager
def regler(instant: datetime) -> Iterator[None]:
    """Freeze the clock for the whole process (tests and the time-travelling demo only)."""
    _fixe_globale.append(instant)
    try:
        yield
    finally:
        _fixe_globale.pop()
