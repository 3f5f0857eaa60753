"""The slices, in their order: a slice may import those to its left, never those to its right (decision 39)."""

from importlib import import_module
from typing import Any, Final

from flask import Flask

ORDRE: Final = (
    "organismes",
    "comptes",
    "habilitations",
    "effectifs",
    "points",
    "anomalies",
    "ruptures",
    "vigilance",
    "offres",
    "liaisons",
    "devenirs",
    "doublons",
    "transmissions",
    "depots",
    "rapprochements",
    "sifa",
    "exports",
    "recaps",
    "indicateurs",
    "support",
)


def enregistrer(app: Flask, csrf: Any, login: Any) -> None:
    """Import each slice, whose `installer` registers its blueprints, jobs, commands and subscriptions.

    Then refuse to boot when a kind of point has no page that settles it.
    """
    for nom in ORDRE:
        import_module(f"tdba.{nom}.tranche").installer(app, csrf=csrf, login=login)
    import_module("tdba.points.genres").verifier()
    import_module("tdba.sante").installer(app)
