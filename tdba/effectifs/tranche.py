"""Registration of the slice: its screens, its jobs, its commands."""

from typing import Any

from flask import Flask

from tdba.effectifs import jobs  # noqa: F401 - registers the jobs
from tdba.effectifs.commandes import effectifs
from tdba.effectifs.routes import bp


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the screens and the `effectifs` commands."""
    app.register_blueprint(bp)
    app.cli.add_command(effectifs)
