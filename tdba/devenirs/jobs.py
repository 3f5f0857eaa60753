"""Jobs of the outcomes slice."""

from collections.abc import Callable

from tdba.devenirs import calcul
from tdba.jobs import tache


@tache("devenirs.calculer", longue=True, file="lourd", minutes=1440)
def calculer(renouveler: Callable[[], None]) -> None:
    """Every night: what became of whom reaches a milestone, and the counts."""
    calcul.calculer_tout(renouveler)
