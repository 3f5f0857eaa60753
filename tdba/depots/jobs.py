"""Jobs of the depots slice."""

from collections.abc import Callable

from tdba import horloge
from tdba.depots import service_application, service_corrections, service_lecture
from tdba.jobs import tache


@tache("depots.lire", longue=True)
def lire(renouveler: Callable[[], None], depot_id: int) -> None:
    """Read a file, or compare its lines again."""
    service_lecture.lire(renouveler, depot_id)


@tache("depots.remplacer", longue=True)
def remplacer(renouveler: Callable[[], None], depot_id: int) -> None:
    """Correct the same value in many lines."""
    service_corrections.remplacer_en_attente(renouveler, depot_id)


@tache("depots.appliquer")
def appliquer(depot_id: int) -> None:
    """Apply a confirmed file: one transaction, which the lock of each organisme guards."""
    service_application.appliquer(depot_id)


@tache("depots.annuler")
def annuler(depot_id: int) -> None:
    """Undo an applied file."""
    service_application.annuler(depot_id)


@tache("depots.oublier")
def oublier(depot_id: int) -> None:
    """Remove the lines of a dropped file."""
    service_application.oublier(depot_id)


@tache("depots.entretenir", minutes=1440)
def entretenir() -> None:
    """Every night: forget what can no longer be undone, drop what nobody confirmed."""
    service_application.entretenir(horloge.maintenant())
