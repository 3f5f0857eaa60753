"""Jobs of the liaisons slice."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from tdba import horloge
from tdba.jobs import tache
from tdba.liaisons import service_missions, service_retours
from tdba.liaisons.annuaire import Annuaire

_annuaire: Final[list[Annuaire]] = []


def brancher(annuaire: Annuaire | None) -> None:
    """Say where missions locales are asked about; None: nowhere. Called once, by the registration."""
    _annuaire[:] = [] if annuaire is None else [annuaire]


@tache("liaisons.recevoir")
def recevoir(uuid: str) -> None:
    """Tell a file what became of a letter."""
    service_retours.recevoir(UUID(uuid), horloge.maintenant())


@tache("liaisons.retirer_les_caducs", minutes=5)
def retirer_les_caducs() -> None:
    """Empty the letters about somebody who objected since, or whose record is no longer there."""
    service_retours.retirer_les_caducs(horloge.maintenant())


@tache("liaisons.entretenir", minutes=1440)
def entretenir() -> None:
    """Every night: erase expired letters, and old names of advisers."""
    service_retours.entretenir(horloge.maintenant())


@tache("liaisons.completer_missions", longue=True, file="lourd", minutes=1440)
def completer_missions(renouveler: Callable[[], None]) -> None:
    """Every night: ask which mission locale serves the communes that need one."""
    service_missions.completer(renouveler, _annuaire[0] if _annuaire else None)
