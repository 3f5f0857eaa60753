"""What this slice plugs into the application."""

from typing import Any

from flask import Flask

from tdba import abonnes
from tdba.indicateurs import jobs, service
from tdba.indicateurs.commandes import indicateurs
from tdba.indicateurs.routes import bp

__all__ = ["installer", "jobs"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the pages and the commands, and count every change of a parcours in its own transaction."""
    app.register_blueprint(bp)
    app.cli.add_command(indicateurs)
    abonnes.abonner("avant_parcours", service.retirer)
    abonnes.abonner("apres_parcours", service.ajouter)
    abonnes.abonner_refonte(service.redessiner)
