"""Jobs of the indicateurs slice."""

from collections.abc import Callable

from tdba.indicateurs import service
from tdba.jobs import tache


@tache("indicateurs.compacter", longue=True, file="lourd", minutes=10)
def compacter(renouveler: Callable[[], None]) -> None:
    """Merge the rows added since the last run."""
    service.compacter_tout(renouveler)
