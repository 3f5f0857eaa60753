"""The shape of the catalogue. Pure."""

from dataclasses import dataclass

from tdba.points.genres import VOUS


@dataclass(frozen=True, slots=True)
class Anomalie:
    """The words of one check."""

    code: str
    consequence: int
    champ: str | None
    """Column of `effectif`, or of `contrat` for a check of contracts; None: the record as a whole."""
    libelle: str
    """In the filters: a few words."""
    phrase: str
    geste: str
    acteur: str = VOUS
    ecarte: bool = False
    """The record is counted nowhere because of it."""
