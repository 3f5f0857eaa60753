"""Keys taken at the same instant over real connections, under the login of the web: once each, two at most."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from tdba import horloge, scope
from tdba.application import create_app
from tdba.config import Configuration
from tdba.db import db
from tdba.scope import Droit
from tdba.transmissions import cles
from tdba.transmissions import service_appairages as appairages
from tdba.transmissions.models import Appairage, CleApi
from tests import base_test
from tests import factories as f


@pytest.fixture(scope="module")
def reelle(configuration: Configuration) -> Iterator[Flask]:
    """The application on a database of its own: what is stored here is committed."""
    with contextlib.ExitStack() as pile:
        urls = base_test.preparer(pile, f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_appairages")
        application = create_app(replace(configuration, database_url=urls["web"]))
        application.config["PROPAGATE_EXCEPTIONS"] = False
        with application.app_context(), scope.systeme("test"):
            f.les_territoires(db.session())
            db.session.commit()
        yield application
        with application.app_context():
            db.engine.dispose()


def accordees(app: Flask, nombre: int, *, avec: int) -> tuple[int, list[str]]:
    """An establishment that has `avec` keys and said yes to so many requests; returns it and their secrets."""
    with app.app_context(), scope.systeme("test"):
        dunes = f.un_organisme(db.session(), "Dunes")
        personne_id = f.une_personne(db.session(), "Anne").id
        for _ in range(avec):
            cles.creer(dunes.id, libelle="en service")
        secrets = [
            appairages.demander("Ymag", uai=None, siret=None, maintenant=horloge.maintenant()).code_appareil
            for _ in range(nombre)
        ]
        for demande in db.session.execute(select(Appairage).where(Appairage.etat == "ATTEND")).scalars():
            demande.etat, demande.organisme_id, demande.personne_id = "ACCORDE", dunes.id, personne_id
        db.session.commit()
        return dunes.id, secrets


def prendre_ensemble(app: Flask, secrets: Sequence[str]) -> list[int]:
    """Ask for every key at once; returns the codes answered."""
    depart = Barrier(len(secrets))

    def prendre(secret: str) -> int:
        depart.wait(timeout=5)
        reponse = app.test_client().post("/api/v3/appairages/cle", json={"code_appareil": secret})
        return reponse.status_code

    with ThreadPoolExecutor(len(secrets)) as fils:
        return sorted(futur.result(timeout=20) for futur in [fils.submit(prendre, s) for s in secrets])


def vivantes(app: Flask, organisme_id: int) -> int:
    with app.app_context(), scope.systeme("test"):
        requete = scope.select_for(CleApi, Droit.CONFIGURER, func.count())
        return int(db.session.execute(requete.where(CleApi.organisme_id == organisme_id)).scalar_one())


def test_une_cle_demandee_deux_fois_au_meme_instant_est_remise_une_fois(reelle: Flask) -> None:
    organisme_id, (secret,) = accordees(reelle, 1, avec=0)
    assert prendre_ensemble(reelle, [secret, secret]) == [200, 410]
    assert vivantes(reelle, organisme_id) == 1


def test_deux_logiciels_au_meme_instant_ne_depassent_pas_deux_cles(reelle: Flask) -> None:
    organisme_id, secrets = accordees(reelle, 2, avec=1)
    assert prendre_ensemble(reelle, secrets) == [200, 403]
    assert vivantes(reelle, organisme_id) == 2
