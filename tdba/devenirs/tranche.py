"""What this slice plugs into the application."""

from typing import Any, Final

from flask import Flask

from tdba import abonnes
from tdba.devenirs import calcul, jobs, recit, routes_questions, routes_resultats, routes_territoire
from tdba.devenirs.blueprint import bp
from tdba.effectifs import ajouts
from tdba.ruptures import volets

__all__ = ["jobs"]

PAGES: Final = (routes_questions, routes_resultats, routes_territoire)
"""Imported for the pages that they register."""


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the pages, the outcomes on a file's page and in a record's story, and follow what changes."""
    app.register_blueprint(bp)
    volets.ajouter(routes_questions.volet)
    ajouts.raconter(recit.reponses)
    abonnes.abonner("apres_parcours", calcul.suivre)
