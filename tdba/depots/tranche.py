"""Registration of the depots slice."""

from typing import Any

from flask import Flask

from tdba.depots import (
    jobs,
    routes,
    routes_colonnes,
    routes_depot,
    routes_essai,
    routes_lignes,
    routes_saisie,
    sql_points,
)
from tdba.depots.blueprint import bp
from tdba.points import genres

__all__ = ["installer", "jobs", "routes_colonnes", "routes_depot", "routes_lignes", "routes_saisie"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register its screens and its jobs. Forms that hold a file check their token themselves, before its first byte."""
    del login
    csrf.exempt(routes.deposer)
    csrf.exempt(routes_essai.essayer)
    app.register_blueprint(bp)
    genres.inscrire("IMPORT_A_CONFIRMER", routes_depot.pour_le_point, ouverts=sql_points.A_CONFIRMER)
