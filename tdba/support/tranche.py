"""Registration of the slice: its pages, its guard on every sheet, its jobs and its command."""

from typing import Any

from flask import Flask

from tdba.config import Configuration
from tdba.effectifs import encarts
from tdba.rapprochements import noms
from tdba.support import (  # noqa: F401 - importing routes declares their pages
    entretien,
    jobs,
    masque,
    routes,
    routes_appelant,
    routes_audit,
    routes_courriels,
    routes_pauses,
    routes_remises,
    routes_travaux,
    routes_voir_comme,
    sessions,
)
from tdba.support.blueprint import bp
from tdba.support.commandes import groupe
from tdba.support.service import FicheFermee

__all__ = ["installer", "jobs"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Called after `comptes`, which says who acts before the case in use is read."""
    configuration: Configuration = app.extensions["tdba"]
    entretien.regler(lignes_jours=configuration.conservation_lignes_jours)
    app.before_request(sessions.entrer)
    app.before_request(routes_voir_comme.entrer)  # the last to say who reaches what, before `access.garder`
    app.context_processor(routes_voir_comme.contexte)
    app.register_error_handler(FicheFermee, sessions.demander_pourquoi)
    encarts.garder(sessions.garder)
    noms.masquer_par(masque.masquer)
    app.register_blueprint(bp)
    app.cli.add_command(groupe)
