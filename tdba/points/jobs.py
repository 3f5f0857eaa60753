"""Jobs of the points slice."""

from collections.abc import Callable

from tdba.jobs import tache
from tdba.points import service


@tache("points.refaire")
def refaire(organisme_id: int) -> None:
    """Make the points of one organisme right."""
    service.refaire([organisme_id])


@tache("points.reconstruire", longue=True, file="lourd", minutes=1440)
def reconstruire(renouveler: Callable[[], None]) -> None:
    """Every night: make every point right."""
    service.reconstruire(renouveler)
