"""Registration of the transmissions slice."""

from typing import Any

from flask import Flask

from tdba.habilitations import preuves
from tdba.ruptures import receptions
from tdba.transmissions import (
    api,
    cles,
    jobs,
    routes,
    routes_api,
    routes_api_appairages,
    routes_appairages,
    routes_cles,
    routes_delegations,
    routes_documentation,
    routes_guides,
    routes_points,
    routes_quarantaines,
    routes_silences,
    service_avis,
)

# `routes_api` adds what a key reads to the blueprint of `api`.
__all__ = ["installer", "jobs", "routes_api"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register the API, which authenticates by key and needs no form token, the screens, and what the home page says."""
    del login
    preuves.inscrire(preuves.PreuveCle(cles.organisme_de, cles.existe))
    csrf.exempt(api.bp)
    app.register_blueprint(api.bp)
    app.register_blueprint(routes.bp)
    csrf.exempt(routes_api_appairages.bp)
    for autres in (
        routes_api_appairages,
        routes_appairages,
        routes_cles,
        routes_delegations,
        routes_documentation,
        routes_guides,
        routes_quarantaines,
        routes_silences,
    ):
        app.register_blueprint(autres.bp)
    service_avis.installer(app.extensions["tdba"].base_url)
    receptions.brancher(routes.pour_l_accueil)
    routes_points.inscrire()
