"""When a session locks, and how long it has left (decision 27). Pure: the instant and the settings are arguments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

VERROUILLABLE: Final = "SUPPORT"
"""Type of the organisations whose sessions lock: they reach every CFA."""


@dataclass(frozen=True, slots=True)
class Reste:
    """What a page says of its session, in seconds."""

    inactivite: int
    """Before it ends, or locks, if nothing is asked."""
    duree: int
    """Before it ends whatever is done."""
    verrou: bool
    """At the end of the first it locks, and resumes in place."""


def verrouillee(*, genre: str | None, deja: bool, vue_le: datetime, maintenant: datetime, delai: int) -> bool:
    """A session of support that nothing was asked of for `delai` seconds, until it is resumed."""
    return genre == VERROUILLABLE and (deja or maintenant - vue_le > timedelta(seconds=delai))


def reste(
    *,
    genre: str | None,
    vue_le: datetime,
    expire_le: datetime,
    maintenant: datetime,
    inactivite: int,
    delai: int,
) -> Reste:
    """How long is left from a request made now, which was noted at `vue_le`: a little before, when it was not written."""
    verrou = genre == VERROUILLABLE and delai < inactivite
    ecoule = int((maintenant - vue_le).total_seconds())
    duree = max(0, int((expire_le - maintenant).total_seconds()))
    return Reste(inactivite=max(0, (delai if verrou else inactivite) - ecoule), duree=duree, verrou=verrou)
