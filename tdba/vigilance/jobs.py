"""Jobs of the watch list: notes erased in time."""

from tdba import horloge
from tdba.jobs import tache
from tdba.vigilance import service


@tache("vigilance.effacer_les_notes", minutes=1440)
def effacer_les_notes() -> None:
    """Every night: erase the notes whose last day has passed."""
    service.effacer_les_notes(horloge.aujourd_hui())
