"""Jobs of the recaps slice."""

from collections.abc import Callable

from tdba import horloge
from tdba.jobs import tache
from tdba.recaps import service


@tache("recaps.envoyer", longue=True, minutes=30)
def envoyer(renouveler: Callable[[], None]) -> None:
    """Every half hour: write the digests due this morning; outside working mornings, nothing."""
    service.envoyer(renouveler, horloge.maintenant())
