"""Two calls with the same idempotency key at the same instant, over two real connections: one stores, both answer it."""

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tdba import scope
from tdba.application import create_app
from tdba.config import Configuration
from tdba.db import db
from tdba.scope import Droit
from tdba.transmissions.models import Ligne, Transmission
from tests import base_test
from tests import factories as f
from tests.transmissions.aides_api import CHEMIN, une_ligne

LIGNES = 200


@pytest.fixture(scope="module")
def reelle(configuration: Configuration) -> Iterator[Flask]:
    """The application on a database of its own, under the login of the web: what is stored here is committed."""
    with contextlib.ExitStack() as pile:
        urls = base_test.preparer(pile, f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_envois")
        application = create_app(replace(configuration, database_url=urls["web"]))
        application.config["PROPAGATE_EXCEPTIONS"] = False
        yield application
        with application.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def envoi(reelle: Flask) -> tuple[str, list[dict[str, Any]]]:
    """A key, and what it sends."""
    with reelle.app_context(), scope.systeme("test"):
        f.les_territoires(db.session())
        dunes = f.un_organisme(db.session(), "Dunes")
        cle = f.une_cle(db.session(), dunes)
        lignes = [une_ligne(dunes, n) for n in range(LIGNES)]
        db.session.commit()
    return cle, lignes


@pytest.mark.parametrize("tour", range(3))
def test_un_seul_des_deux_est_stocke(
    reelle: Flask, envoi: tuple[str, list[dict[str, Any]]], tour: int
) -> None:
    cle, lignes = envoi
    depart = Barrier(2)

    def envoyer() -> TestResponse:
        depart.wait(timeout=5)
        entetes = {"Authorization": f"Bearer {cle}", "Idempotency-Key": f"tour-{tour}"}
        return reelle.test_client().post(CHEMIN, json=lignes, headers=entetes)

    with ThreadPoolExecutor(2) as fils:
        reponses = [futur.result(timeout=20) for futur in [fils.submit(envoyer), fils.submit(envoyer)]]
    assert [r.status_code for r in reponses] == [200, 200]
    assert reponses[0].data == reponses[1].data
    assert sorted(r.headers.get("Idempotency-Replayed", "") for r in reponses) == ["", "true"]
    with reelle.app_context(), scope.systeme("test"):
        assert _compter(Transmission) == tour + 1
        assert _compter(Ligne) == (tour + 1) * LIGNES


def _compter(modele: Any) -> int:
    requete = scope.autorisee(select(func.count()).select_from(modele), Droit.CORRIGER)
    return int(db.session.execute(requete).scalar_one())
