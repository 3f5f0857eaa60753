"""Jobs of accounts."""

from tdba import horloge
from tdba.comptes import service_habitudes, service_sessions
from tdba.jobs import tache


@tache("comptes.purger_sessions", minutes=60)
def purger_sessions() -> None:
    """Every hour: forget the sessions that are over."""
    service_sessions.purger(horloge.maintenant())


@tache("comptes.purger_lectures", minutes=1440)
def purger_lectures() -> None:
    """Every day: forget how many names were read more than twelve months ago."""
    service_habitudes.purger(horloge.aujourd_hui())
