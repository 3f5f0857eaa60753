"""A file that waits to be confirmed is a point of its CFA's list, "À régler" (decision 5)."""

from typing import Final

from tdba.db import db
from tdba.depots.models import Depot
from tdba.points import service as points

GENRE: Final = "IMPORT_A_CONFIRMER"


def suivre(*depots: Depot) -> None:
    """Open or close the points of these files, as they now stand. The caller commits."""
    db.session.flush()
    points.remplacer(GENRE, {depot.organisme_id for depot in depots})
