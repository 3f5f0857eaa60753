"""Jobs of the anomalies slice."""

from collections.abc import Callable

from tdba.anomalies import service
from tdba.jobs import tache


@tache("anomalies.refaire", longue=True)
def refaire(renouveler: Callable[[], None], organisme_id: int) -> None:
    """Check the records of one organisme: many changed."""
    service.refaire([organisme_id], renouveler)


@tache("anomalies.reconstruire", longue=True, file="lourd", minutes=1440)
def reconstruire(renouveler: Callable[[], None]) -> None:
    """Every night: check every record."""
    service.reconstruire(renouveler)
