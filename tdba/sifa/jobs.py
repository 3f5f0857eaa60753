"""Jobs of the survey."""

from collections.abc import Callable

from tdba.jobs import tache
from tdba.sifa import a_regler


@tache("sifa.faire_le_point")
def faire_le_point(organisme_id: int) -> None:
    """Make the point of one establishment right, after an answer."""
    a_regler.faire_le_point(organisme_id)


@tache("sifa.faire_les_points", longue=True, file="lourd", minutes=1440)
def faire_les_points(renouveler: Callable[[], None]) -> None:
    """Every night: make the points of the campaign right."""
    a_regler.reconstruire(renouveler)
