"""What this slice plugs into the application."""

from typing import Any

from flask import Flask

from tdba.effectifs import ajouts
from tdba.liaisons import jobs, recit, routes, routes_plis, service_retraits
from tdba.liaisons.annuaire import ApiGeographie
from tdba.liaisons.blueprint import bp, bp_plis
from tdba.liaisons.commandes import liaisons
from tdba.ruptures import service_oppositions, volets


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register the pages, the jobs, the command, and what the page and the story of a file say."""
    del login
    configuration = app.extensions["tdba"]
    cle, adresse = configuration.api_apprentissage_cle, configuration.api_apprentissage_url
    jobs.brancher(ApiGeographie(adresse, cle) if cle else None)
    app.register_blueprint(bp)
    app.register_blueprint(bp_plis)
    # Opened by somebody who has no session, with or without cookies: the secret of the address is the proof.
    csrf.exempt(routes_plis.ouvrir)
    csrf.exempt(routes_plis.repondre)
    app.cli.add_command(liaisons)
    volets.ajouter(routes.volet)
    ajouts.raconter(recit.liaisons)
    service_oppositions.prevenir(service_retraits.apres_opposition)
