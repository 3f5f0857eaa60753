"""What this slice plugs into the application."""

from typing import Any

from flask import Flask

from tdba.habilitations import (
    jobs,
    models,
    octrois,
    routes_acces,
    routes_acces_decisions,
    routes_acces_entree,
    routes_engagement,
    routes_equipe,
    routes_equipe_invitations,
    routes_transparence,
    service_equipe_revues,
)
from tdba.habilitations.blueprint import bp

__all__ = [
    "installer",
    "jobs",
    "models",
    "octrois",
    "routes_acces",
    "routes_acces_decisions",
    "routes_acces_entree",
    "routes_engagement",
    "routes_equipe",
    "routes_equipe_invitations",
    "routes_transparence",
]
"""Importing a module of routes or of jobs registers them."""


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - same signature in every slice
    """Register the pages and the commands of this slice."""
    app.before_request(routes_engagement.exiger)  # after `comptes`, which says who acts
    service_equipe_revues.installer(app.extensions["tdba"].base_url)
    app.register_blueprint(bp)
