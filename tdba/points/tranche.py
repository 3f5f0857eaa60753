"""Registration of the points slice: its list, its jobs, and the points of the slice on its left, which does not know it."""

from typing import Any

from flask import Flask

from tdba import abonnes
from tdba.points import genres, jobs, service, sql
from tdba.points.routes import bp, vers_la_fiche
from tdba.points.routes_reports import vers_les_reports

__all__ = ["installer", "jobs"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the screen, and follow corrections."""
    app.register_blueprint(bp)
    genres.inscrire("CONFLIT", vers_la_fiche, ouverts=sql.CONFLITS)
    genres.inscrire("PLUS_TRANSMIS", vers_la_fiche, ouverts=sql.PLUS_TRANSMIS)
    genres.inscrire("A_REPORTER", vers_les_reports, ouverts=sql.A_REPORTER)
    abonnes.abonner("apres_parcours", service.suivre_les_corrections)
