"""Registration of the transmissions slice."""

from typing import Any

from flask import Flask, url_for

from tdba.effectifs import ajouts, suites
from tdba.effectifs.ajouts import Fait
from tdba.habilitations import preuves
from tdba.ruptures import receptions
from tdba.transmissions import (
    api,
    cles,
    jobs,
    recit,
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
    service_retenues,
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
    suites.suivre(service_retenues.suivre)
    ajouts.raconter(_raconter)


def _raconter(effectif_id: int) -> list[Fait]:
    return recit.faits(effectif_id, lambda uuid: url_for("transmissions.detail", transmission_uuid=uuid))
