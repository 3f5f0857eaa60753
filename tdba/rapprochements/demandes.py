"""What is asked, and what the ERP announces. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from tdba.rapprochements.annonces import Annonce


class Demande(NamedTuple):
    """What is to be compared."""

    organisme_id: int
    jour: date
    population: str


class Liste(NamedTuple):
    """What the ERP announces, and where it was found."""

    annonces: Sequence[Annonce]
    origine: str
    precisions: dict[str, Any]
    transmission_id: int | None = None
