"""What the home page says of receptions, told by the slice that knows them without being imported here (decision 39)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple


class Reception(NamedTuple):
    """The last transmission of one organisme: how many lines, how many refused, and where to read why."""

    lignes: int
    refusees: int
    url: str
    silence: str | None = None
    """« rien reçu depuis 12 jours, d’habitude tous les jours », when it is longer than its habit."""
    compte_url: str = ""
    """Where all that was received from it is told."""


Lecteur = Callable[[Sequence[int]], Mapping[int, Reception]]

_LECTEURS: Final[list[Lecteur]] = []


def brancher(lecteur: Lecteur) -> None:
    """Say who knows the receptions: organisme ids → last reception of each that has one, in one SELECT."""
    _LECTEURS[:] = [lecteur]


def dernieres(organisme_ids: Sequence[int]) -> Mapping[int, Reception]:
    """The last reception of these organismes; nothing when nobody was plugged in."""
    return _LECTEURS[0](organisme_ids) if _LECTEURS and organisme_ids else {}
