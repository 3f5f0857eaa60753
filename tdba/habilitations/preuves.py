"""What proves that somebody speaks for a CFA, known to slices on the right of this one: they register at boot.

An API key is checked by `transmissions`, which this slice may not import (decision 39).
"""

from collections.abc import Callable
from typing import Final, NamedTuple


class PreuveCle(NamedTuple):
    """How a kind of key is checked."""

    organisme_de: Callable[[str], int | None]
    """The organisme of a key valid now; None for any other."""
    existe: Callable[[int], bool]
    """The organisme has a key valid now: the way in is then worth showing."""


PREUVES_CLE: Final[list[PreuveCle]] = []


def inscrire(preuve: PreuveCle) -> None:
    """Add a kind of key. Registering twice is once."""
    if preuve not in PREUVES_CLE:
        PREUVES_CLE.append(preuve)


def organisme_de_la_cle(cle: str) -> int | None:
    """The organisme that a valid key speaks for. Every kind is asked, so that time does not tell which one knows it."""
    trouves = [preuve.organisme_de(cle) for preuve in PREUVES_CLE]
    return next((trouve for trouve in trouves if trouve is not None), None)


def a_une_cle(organisme_id: int) -> bool:
    return any(preuve.existe(organisme_id) for preuve in PREUVES_CLE)
