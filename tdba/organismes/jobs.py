"""Jobs of the organismes slice."""

from collections.abc import Callable
from typing import Final

from tdba.jobs import tache
from tdba.organismes import demandes_api
from tdba.organismes.apprentissage import Catalogue

_catalogue: Final[list[Catalogue]] = []


def brancher(catalogue: Catalogue | None) -> None:
    """Say where unknown certifications are asked; None: nowhere. Called once, by the registration of the slice."""
    _catalogue[:] = [] if catalogue is None else [catalogue]


@tache("organismes.completer_certifications", longue=True)
def completer_certifications(renouveler: Callable[[], None]) -> None:
    """Ask the public API about the codes that no import knows."""
    demandes_api.completer(renouveler, _catalogue[0] if _catalogue else None)
