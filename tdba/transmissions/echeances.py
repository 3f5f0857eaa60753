"""When an API key ends, and when its organisme is told before (decision 12, domain.md §4.9). Pure.

A key ends at its date, or twelve months after its last use, or its creation when it never served: whichever comes first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

SANS_USAGE: Final = timedelta(days=365)
"""Time without a use after which a key is revoked."""
PREAVIS: Final = timedelta(days=30)
RAPPEL: Final = timedelta(days=7)
"""The second notice, of an expiry only."""


class Cause(Enum):
    """Why a key will end."""

    EXPIRATION = "EXPIRATION"
    SANS_USAGE = "SANS_USAGE"


@dataclass(frozen=True, slots=True)
class Fin:
    """When a key ends, and why."""

    le: datetime
    cause: Cause


class Pas(Enum):
    """What the nightly job does of a key."""

    ATTENDRE = "ATTENDRE"
    PREVENIR = "PREVENIR"
    REVOQUER = "REVOQUER"


def fin(cree_le: datetime, utilisee_le: datetime | None, expire_le: datetime | None) -> Fin:
    """The first of the two ends of a live key."""
    oubli = max(cree_le, utilisee_le or cree_le) + SANS_USAGE
    if expire_le is not None and expire_le <= oubli:
        return Fin(expire_le, Cause.EXPIRATION)
    return Fin(oubli, Cause.SANS_USAGE)


def pas(prevue: Fin, preavis_le: datetime | None, maintenant: datetime) -> Pas:
    """What is due now. A key is never revoked for want of use less than thirty days after its organisme was told.

    A notice older than the time when this end was near speaks of a former end: the key served since, or was told once.
    """
    expire = prevue.cause is Cause.EXPIRATION
    dus = [quand for quand in _avis(prevue) if quand <= maintenant]
    if not dus or (expire and maintenant >= prevue.le):
        return Pas.ATTENDRE
    if preavis_le is None or preavis_le < dus[-1]:
        return Pas.PREVENIR
    if not expire and maintenant >= max(prevue.le, preavis_le + PREAVIS):
        return Pas.REVOQUER
    return Pas.ATTENDRE


def _avis(prevue: Fin) -> list[datetime]:
    """When notices of this end are due, the first one first."""
    delais = (PREAVIS, RAPPEL) if prevue.cause is Cause.EXPIRATION else (PREAVIS,)
    return [prevue.le - delai for delai in delais]
