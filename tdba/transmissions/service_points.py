"""Saying what a transmission leaves to settle, once it is over (decision 5)."""

from tdba import scope
from tdba.points import service as points
from tdba.transmissions import sql_points


def faire_le_point(transmission_id: int) -> None:
    """Make the points right in every organisme that this transmission concerns. The caller commits."""
    concernes = scope.connexion("organismes d’une transmission").exec_driver_sql(
        sql_points.ENVOIS, {"transmission_id": transmission_id}
    )
    points.refaire(list(concernes.scalars()))
