"""Jobs of the duplicates slice."""

from collections.abc import Callable

from tdba.doublons import service
from tdba.jobs import tache


@tache("doublons.comparer_fiches")
def comparer_fiches(fiches: str) -> None:
    """Compare a few records with all their family: who changed them reaches a part of it."""
    service.comparer_fiches([int(cle) for cle in fiches.split(",")])


@tache("doublons.comparer_organisme", file="lourd")
def comparer_organisme(organisme_id: int) -> None:
    """Compare the records of one establishment, after a sending."""
    service.detecter([organisme_id])


@tache("doublons.detecter", longue=True, file="lourd", minutes=1440)
def detecter(renouveler: Callable[[], None]) -> None:
    """Every night: make every pair right."""
    service.detecter_tout(renouveler)
