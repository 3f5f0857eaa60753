"""Jobs of accounts."""

from tdba import horloge
from tdba.comptes import service_sessions
from tdba.jobs import tache


@tache("comptes.purger_sessions", minutes=60)
def purger_sessions() -> None:
    """Every hour: forget the sessions that are over."""
    service_sessions.purger(horloge.maintenant())
