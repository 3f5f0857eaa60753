"""Registration of the rapprochements slice."""

from typing import Any

from flask import Flask

from tdba.rapprochements import jobs, routes, routes_absents

__all__ = ["installer", "jobs", "routes_absents"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register its screens and its jobs. The form that may hold a file checks its token itself, before its first byte."""
    del login
    csrf.exempt(routes.comparer)
    app.register_blueprint(routes.bp)
