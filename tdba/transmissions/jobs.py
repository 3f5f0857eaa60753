"""Jobs of the transmissions slice."""

from collections.abc import Callable

from tdba.jobs import tache
from tdba.transmissions import application


@tache("transmissions.appliquer", longue=True)
def appliquer(renouveler: Callable[[], None], organisme_id: int) -> None:
    """Apply the lines that wait for this organisme."""
    application.appliquer(renouveler, organisme_id)
