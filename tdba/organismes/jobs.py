"""Jobs of the organismes slice."""

from collections.abc import Callable
from typing import Final

from tdba.jobs import tache
from tdba.organismes import demandes_api, entreprises
from tdba.organismes.apprentissage import Catalogue
from tdba.organismes.entreprises import Registre

_catalogue: Final[list[Catalogue]] = []
_registre: Final[list[Registre]] = []


def brancher(catalogue: Catalogue | None, registre: Registre | None) -> None:
    """Say where unknown certifications and employers are asked; None: nowhere. Called once, by the registration."""
    _catalogue[:] = [] if catalogue is None else [catalogue]
    _registre[:] = [] if registre is None else [registre]


@tache("organismes.completer_certifications", longue=True)
def completer_certifications(renouveler: Callable[[], None]) -> None:
    """Ask the public API about the codes that no import knows."""
    demandes_api.completer(renouveler, _catalogue[0] if _catalogue else None)


@tache("organismes.completer_entreprises", longue=True, file="lourd", minutes=1440)
def completer_entreprises(renouveler: Callable[[], None]) -> None:
    """Every night: ask the public register about employers that are not known, or were asked long ago."""
    entreprises.completer(renouveler, _registre[0] if _registre else None)


@tache("organismes.apprendre_entreprise", longue=True)
def apprendre_entreprise(renouveler: Callable[[], None], siret: str) -> None:
    """Ask about an employer whose number somebody has just typed."""
    entreprises.apprendre(renouveler, siret, _registre[0] if _registre else None)
