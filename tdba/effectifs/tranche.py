"""Registration of the slice: its screens, its jobs, its commands."""

from typing import Any

from flask import Flask

from tdba import scope, web
from tdba.effectifs import (  # noqa: F401 - register the jobs and the screens
    jobs,
    routes_correction,
    routes_fiche,
    routes_liste,
)
from tdba.effectifs.blueprint import bp
from tdba.effectifs.commandes import effectifs
from tdba.scope import Droit


def _corrige_sans_etre_le_support() -> bool:
    return not scope.courant().a(Droit.SUPPORT)


def _lit_sans_corriger() -> bool:
    return not scope.courant().a(Droit.CORRIGER)


web.entree_menu(20, "Effectifs", "effectifs.liste", Droit.CORRIGER, si=_corrige_sans_etre_le_support)
web.entree_menu(20, "Listes nominatives", "effectifs.liste", Droit.VOIR_NOMINATIF, si=_lit_sans_corriger)
web.rattacher(
    "effectifs.liste",
    "effectifs.fiche",
    "effectifs.corriger_nom",
    "effectifs.corriger_contrat",
    "effectifs.annuler_correction",
)


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the screens and the `effectifs` commands."""
    app.register_blueprint(bp)
    app.cli.add_command(effectifs)
