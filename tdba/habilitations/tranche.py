"""What this slice plugs into the application."""

from typing import Any

from flask import Flask

from tdba.habilitations import models, octrois

__all__ = ["installer", "models", "octrois"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register the pages and the commands of this slice."""
