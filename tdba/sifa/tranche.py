"""What this slice plugs into the application: the yearly survey, its screens, its point, its keeper of sensitive answers.

Everything is there whatever the configuration; with TDBA_SIFA off, the screens do not exist and nothing is kept.
"""

from typing import Any

from flask import Flask, url_for

from tdba import scope, web
from tdba.effectifs import a_part, ajouts
from tdba.points import genres
from tdba.scope import Droit
from tdba.sifa import (
    a_regler,
    jobs,
    reception,
    routes,
    routes_controle,
    routes_fiche,
    routes_fichier,
)
from tdba.sifa.a_regler import Reglages
from tdba.sifa.blueprint import bp

__all__ = ["activer", "installer", "jobs", "routes_fichier"]


def _dans_le_menu() -> bool:
    """In and near the campaign, for those who have establishments; otherwise by a link of the sheet."""
    return routes.proche() and scope.courant().portee(Droit.CORRIGER).organismes is not None


web.entree_menu(54, "Enquête SIFA", "sifa.campagne", Droit.CORRIGER, si=_dans_le_menu)
web.rattacher(
    "sifa.campagne",
    "sifa.etablissement",
    "sifa.repondre",
    "sifa.comptes",
    "sifa.a_completer",
    "sifa.completer",
    "sifa.fichier",
    "sifa.controler",
)


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register the screens, the point, the link of the sheet, and read the configuration."""
    del login
    configuration = app.extensions["tdba"]
    activer(Reglages(configuration.sifa, configuration.sifa_ouverture, configuration.sifa_cloture))
    # The form that holds a file checks its token itself, before its first byte.
    csrf.exempt(routes_controle.controler)
    app.register_blueprint(bp)
    genres.inscrire(a_regler.GENRE, _vers_les_fiches)
    ajouts.proposer(routes_fiche.geste)


def activer(reglages: Reglages) -> None:
    """Follow the configuration: without the survey, what only it asks is dropped before it is stored (decision 16)."""
    a_regler.regler(reglages)
    if reglages.actif:
        a_part.confier(reception.garder)
    else:
        a_part.reprendre(reception.garder)


def _vers_les_fiches(point: genres.Lie) -> str:
    return url_for("sifa.a_completer", annee=int(point.cle), organisme_id=point.organisme_id)
