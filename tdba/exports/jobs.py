"""Jobs of the exports slice."""

from collections.abc import Callable

from tdba import horloge
from tdba.exports import service, service_fabrication
from tdba.jobs import tache


@tache("exports.faire", longue=True)
def faire(renouveler: Callable[[], None], export_id: int) -> None:
    """Make one file."""
    service_fabrication.faire(renouveler, export_id)


@tache("exports.purger", minutes=60)
def purger() -> None:
    """Every hour: erase the files that are 24 hours old."""
    service.purger(horloge.maintenant())
