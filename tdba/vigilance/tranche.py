"""What this slice plugs into the application."""

from typing import Any, Final

from flask import Flask

from tdba.effectifs import encarts
from tdba.vigilance import jobs, routes, routes_reglages
from tdba.vigilance.blueprint import bp

PAGES: Final = (routes, routes_reglages)
"""Imported for the pages that they register."""
TACHES: Final = (jobs,)
"""Imported for the jobs that they register."""


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - same signature in every slice
    """Register the pages, the job and the insert of the sheet."""
    app.register_blueprint(bp)
    encarts.ajouter(routes.encart)
