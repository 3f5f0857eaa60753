"""What this slice plugs into the application: lists that leave as files."""

from typing import Any

from flask import Flask

from tdba.exports import jobs, routes
from tdba.exports.routes import bp

__all__ = ["installer", "jobs", "routes"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register its screens and its jobs."""
    app.register_blueprint(bp)
