"""Jobs of the rapprochements slice."""

from tdba import horloge
from tdba.jobs import tache
from tdba.rapprochements import service


@tache("rapprochements.oublier", minutes=1440)
def oublier() -> None:
    """Every night: forget comparisons of more than 30 days."""
    service.oublier(horloge.maintenant())
