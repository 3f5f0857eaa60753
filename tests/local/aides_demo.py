"""The real API and the jobs that it asks for, without a server: what the tests of the demo send to."""

import contextvars
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import select

from tdba import jobs, scope
from tdba.db import db
from tdba.jobs import Tache
from tdba.local import demo_base, demo_envoi
from tdba.local.demo_envoi import Demande, lignes_de
from tdba.local.demo_identifiants import cle_api

SECRET = "une-cle-de-test-assez-longue-0123456789"
DEMANDE = Demande(effectifs=300, graine=42, url="")


def api_et_travaux(app: Flask) -> Callable[[str, str, list[Any]], int]:
    """Posts to the real API, then runs the jobs it asked for, as the worker would."""

    def poster(adresse: str, cle: str, lot: list[Any]) -> int:
        recue = app.test_client().post(adresse, json=lot, headers={"Authorization": f"Bearer {cle}"})
        assert recue.status_code == 200, recue.text
        faire_les_travaux(app)
        assert recue.json is not None
        return sum("validation_errors" in ligne for ligne in recue.json["data"])

    return lambda adresse, cle, lot: contextvars.Context().run(poster, adresse, cle, lot)


def faire_les_travaux(app: Flask) -> None:
    """Run each job that waits, once."""
    with app.app_context():
        with scope.systeme("test"):
            demandees = [tuple(t) for t in db.session.execute(select(Tache.nom, Tache.cle)).all()]
            db.session.commit()
        for nom, arguments in dict.fromkeys(demandees):
            jobs.executer(nom, arguments)


class Demo(NamedTuple):
    dits: list[str]
    """What was said while it was made."""


def monter(app: Flask, jour: date, demande: Demande = DEMANDE) -> Demo:
    """The Dunes alone, sent and made alive as `flask demo transmettre` does."""
    demo_base.preparer("test", "http://127.0.0.1:5001/api/v2", SECRET)
    api = api_et_travaux(app)
    dits: list[str] = []
    contenus = [
        ligne.contenu
        for ligne in lignes_de("DUN", effectifs=demande.effectifs, graine=demande.graine, jour=jour)
    ]
    api(demo_envoi.CHEMIN, cle_api(SECRET, "DUN"), contenus)
    demo_envoi.faire_vivre(
        demande, jour, lambda cle, lot: api(demo_envoi.CHEMIN, cle, lot), SECRET, dits.append
    )
    db.session.commit()
    return Demo(dits)
