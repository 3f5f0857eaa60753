"""Registration of the points slice: its list, its jobs, and the points of the slice on its left, which does not know it."""

from typing import Any

from flask import Flask, url_for

from tdba import abonnes
from tdba.effectifs import suites
from tdba.points import fiches, genres, jobs, service, sql
from tdba.points.routes import bp, vers_la_fiche, vers_le_transfert
from tdba.points.routes_reports import vers_les_reports

__all__ = ["installer", "jobs"]


def _vers_le_conflit(point: genres.Lie) -> str:
    return url_for("effectifs.conflit", correction_id=int(point.cle))


def _vers_le_contrat(point: genres.Lie) -> str:
    return url_for("effectifs.contrat_plus_transmis", contrat_id=int(point.cle))


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the screen, and follow corrections."""
    app.register_blueprint(bp)
    genres.inscrire("CONFLIT", _vers_le_conflit, ouverts=sql.CONFLITS)
    genres.inscrire("CONTRAT_PLUS_TRANSMIS", _vers_le_contrat, ouverts=sql.CONTRATS_PLUS_TRANSMIS)
    genres.inscrire("PLUS_TRANSMIS", vers_la_fiche, ouverts=sql.PLUS_TRANSMIS)
    genres.inscrire("TRANSFEREE", vers_le_transfert, ouverts=sql.TRANSFEREES)
    genres.inscrire("A_REPORTER", vers_les_reports, ouverts=sql.A_REPORTER)
    abonnes.abonner("apres_parcours", service.suivre_les_corrections)
    suites.suivre(fiches.suivre)
