"""What this slice plugs into the application: the digest of the morning, and how often each person wants it."""

from typing import Any

from flask import Flask

from tdba.recaps import jobs, routes, service

__all__ = ["installer", "jobs"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - same signature in every slice
    """Register its gesture, its job, and what the account page shows."""
    app.register_blueprint(routes.bp)
    app.context_processor(routes.contexte)
    service.installer(app.extensions["tdba"].base_url)
