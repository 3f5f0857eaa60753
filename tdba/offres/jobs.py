"""Jobs of the offres slice."""

from collections.abc import Callable
from typing import Final

from tdba import horloge
from tdba.jobs import tache
from tdba.offres import service_recherches
from tdba.offres.connecteur import Service

_service: Final[list[Service]] = []


def brancher(service: Service | None) -> None:
    """Say where offers and trainings are asked; None: nowhere. Called once, by the registration."""
    _service[:] = [] if service is None else [service]


@tache("offres.chercher", longue=True)
def chercher(renouveler: Callable[[], None], recherche_id: int) -> None:
    """Ask the public service what is around a commune."""
    service_recherches.chercher(renouveler, recherche_id, _service[0] if _service else None)


@tache("offres.oublier", minutes=1440)
def oublier() -> None:
    """Every night: forget the searches that nobody asks for any more."""
    service_recherches.purger(horloge.maintenant())
