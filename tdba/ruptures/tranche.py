"""What this slice plugs into the application."""

from typing import Any

from flask import Flask

from tdba import abonnes
from tdba.ruptures.routes import bp
from tdba.ruptures.synchronisation import synchroniser


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - same signature in every slice
    """Register the pages, and keep files in step with contracts."""
    app.register_blueprint(bp)
    abonnes.abonner("apres_parcours", synchroniser)
