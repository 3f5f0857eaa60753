"""Tableau de bord de l'apprentissage: a back-office on French apprenticeship data.

This package imports nothing by itself, so that its pure modules stay usable without Flask nor a database.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tdba.config import Configuration


def create_app(configuration: "Configuration | None" = None) -> "Flask":
    """Build the application; see `tdba.application.create_app`."""
    from tdba.application import create_app as construire

    return construire(configuration)
