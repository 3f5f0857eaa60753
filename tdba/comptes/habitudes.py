"""Readings of names measured against each person's own habit (identity-security.md §4.10, decision 27). Pure.

Territories and teams differ too much for one figure: who reads far more than on their own other days is told to the
security contact and, past a hard limit, waits for support. Inside one's own CFA it may alert and never pauses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median
from types import MappingProxyType
from typing import Final

JOURS: Final = 30
"""Days with readings that make a habit, the last ones before today."""


class Verdict(Enum):
    NORMAL = "normal"
    ALERTE = "alerte"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Seuil:
    """Passed when a day exceeds both `plancher`, for those who have no habit yet, and `fois` times the habit."""

    plancher: int
    fois: int

    def depasse(self, nombre: int, habitude: int) -> bool:
        return nombre > max(self.plancher, self.fois * habitude)


ALERTE_AILLEURS: Final = Seuil(200, 5)
PAUSE_AILLEURS: Final = Seuil(1000, 20)
ALERTE_CHEZ_SOI: Final = Seuil(2000, 10)

RAISONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PERSONNE_JOINTE": "La personne a été jointe et a expliqué ces consultations",
        "TRAVAIL_PREVU": "Un travail prévu l’explique (campagne, contrôle, reprise de données)",
        "MESURE_FAUSSE": "La mesure était fausse",
    }
)
"""Why support lifts a pause: a code, since the journal holds no words."""


def habitude(passes: Sequence[int]) -> int:
    """The usual number of names of a day: the median of the last days with readings; 0 without any."""
    return int(median(passes[:JOURS])) if passes else 0


def peut_etre_inhabituel(nombre: int, *, chez_soi: bool) -> bool:
    """Whether the habit is worth computing: under the floor nothing can follow."""
    return nombre > (ALERTE_CHEZ_SOI if chez_soi else ALERTE_AILLEURS).plancher


def juger(nombre: int, passes: Sequence[int], *, chez_soi: bool) -> Verdict:
    """What today's number means for somebody whose former days were `passes`, the last first."""
    usage = habitude(passes)
    if chez_soi:
        return Verdict.ALERTE if ALERTE_CHEZ_SOI.depasse(nombre, usage) else Verdict.NORMAL
    if PAUSE_AILLEURS.depasse(nombre, usage):
        return Verdict.PAUSE
    return Verdict.ALERTE if ALERTE_AILLEURS.depasse(nombre, usage) else Verdict.NORMAL
