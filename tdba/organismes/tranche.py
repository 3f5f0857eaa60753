"""Registration of the slice: its commands. It has no screen of its own."""

from typing import Any

from flask import Flask

from tdba.organismes.commandes import referentiel


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the `referentiel` commands."""
    app.cli.add_command(referentiel)
