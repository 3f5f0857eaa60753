"""What must follow when a record is taken away, brought back or moved: slices to the right subscribe at boot.

Figures and rupture files follow `avant_parcours` and `apres_parcours` like any change. These subscribers hold what hangs
on the record itself: what is left to settle about it, the lines that were held because of it. They are called in the
transaction of the gesture, once all is written.
"""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

Nature = Literal["RETRAIT", "RESTAURATION", "TRANSFERT", "TRANSFERT_ANNULE"]


class Suite(NamedTuple):
    nature: Nature
    effectif_id: int
    organisme_id: int
    """Where the record is now."""
    ancien_organisme_id: int
    """Where it was before; the same when it did not move."""


Suivant = Callable[[Suite], None]
_SUIVANTS: Final[list[Suivant]] = []


def suivre(suivant: Suivant) -> None:
    """Call `suivant` after each gesture. Subscribing twice is once."""
    if suivant not in _SUIVANTS:
        _SUIVANTS.append(suivant)


def annoncer(suite: Suite) -> None:
    """Tell every subscriber; an exception of one refuses the gesture."""
    for suivant in _SUIVANTS:
        suivant(suite)
