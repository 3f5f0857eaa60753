"""The yearly review of each habilitation: when it opens, is recalled, and ends (issue of access). Pure."""

from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

PERIODE: Final = timedelta(days=365)
"""Age of the last review (or of the start) past which the question is asked again."""
ENTRE_RELANCES: Final = timedelta(days=14)
RELANCES: Final = 2
DUREE: Final = timedelta(days=42)
"""Age at which a question that nobody answered takes the right back."""


class Pas(Enum):
    """What the job does today about an open question."""

    ATTENDRE = auto()
    RELANCER = auto()
    CONCLURE = auto()


def a_ouvrir(derniere: date, jour: date) -> bool:
    """The last review, or else the start of the right, is older than a year."""
    return jour - derniere > PERIODE


def pas(ouverte: date, relances: int, relancee: date | None, jour: date) -> Pas:
    """Return what to do on `jour`: two reminders, at 14 and 28 days, then the end at 42.

    Counted from the last message that did leave, so that a job which did not run for a month takes no right back
    without having warned twice.
    """
    if jour - (relancee or ouverte) < ENTRE_RELANCES:
        return Pas.ATTENDRE
    if relances < RELANCES:
        return Pas.RELANCER
    return Pas.CONCLURE if jour - ouverte >= DUREE else Pas.ATTENDRE


def echeance(ouverte: date) -> date:
    """The first day on which a question without an answer takes the right back."""
    return ouverte + DUREE
