"""What this slice plugs into the application: records that may be one person."""

from typing import Any

from flask import Flask, url_for

from tdba import abonnes
from tdba.doublons import jobs, queries, routes, routes_fiche, routes_fusion, service, service_fusion, sql
from tdba.doublons.blueprint import bp
from tdba.doublons.commandes import doublons
from tdba.effectifs import ajouts, corbeille, encarts, suites
from tdba.points import genres

__all__ = ["installer", "jobs", "routes", "routes_fusion"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register its screens, its command, its jobs and its points, and what it says on the sheet."""
    app.register_blueprint(bp)
    app.cli.add_command(doublons)
    genres.inscrire(service.GENRE, _vers_la_comparaison, ouverts=sql.POINTS)
    abonnes.abonner("apres_parcours", service.suivre)
    suites.suivre(service.suivre_le_deplacement)
    encarts.ajouter(routes_fiche.encart)
    encarts.ajouter_en_corbeille(routes_fiche.devenue)
    ajouts.raconter(routes_fiche.recit)
    corbeille.garder(service_fusion.refuser_la_restauration)
    corbeille.maintenir(queries.absorbee)


def _vers_la_comparaison(point: genres.Lie) -> str:
    return url_for("doublons.comparer", doublon_id=int(point.cle))
