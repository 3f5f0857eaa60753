"""What the slices to the right add to the page of a file, without being imported by it (decision 39).

A section: a title, sentences, links and gestures. Registered at boot by each slice's `installer`, called inside the
request with the row of a file that the person reaches; one SELECT each at most. A file that is frozen (objection) asks
for none.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from tdba.ruptures.queries_ligne import Ligne


class Lien(NamedTuple):
    libelle: str
    url: str
    exterieur: bool = False
    """Leaves the service: opened without a referrer, and said so."""


class Volet(NamedTuple):
    """A section of the page of a file."""

    titre: str
    phrases: Sequence[str]
    liens: Sequence[Lien] = ()


FournitVolet = Callable[[Ligne], Volet | None]

VOLETS: Final[list[FournitVolet]] = []


def ajouter(fonction: FournitVolet) -> None:
    """Show what `fonction` gives on the page of every written file. Registering twice is once."""
    if fonction not in VOLETS:
        VOLETS.append(fonction)


def volets_de(ligne: Ligne) -> list[Volet]:
    """The sections of one file, in the order of registration."""
    return [volet for fonction in VOLETS if (volet := fonction(ligne)) is not None]
