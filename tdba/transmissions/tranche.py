"""Registration of the transmissions slice."""

from typing import Any

from flask import Flask

from tdba.habilitations import preuves
from tdba.ruptures import receptions
from tdba.transmissions import api, cles, jobs, routes

__all__ = ["installer", "jobs"]


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Register the API, which authenticates by key and needs no form token, the screens, and what the home page says."""
    del login
    preuves.inscrire(preuves.PreuveCle(cles.organisme_de, cles.existe))
    csrf.exempt(api.bp)
    app.register_blueprint(api.bp)
    app.register_blueprint(routes.bp)
    receptions.brancher(routes.pour_l_accueil)
