"""Fixtures shared by every test: the two real servers, one database per worker, isolation, no network, the clock.

Traps settled here:
- Flask-SQLAlchemy ignores a `bind` given to the session: the engine table is replaced instead (T1);
- requests run in their own context, or one person would answer for all (T2);
- factories write as the system, requests run under the roles of the application (T3).
"""

import contextlib
import gc
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.application import create_app
from tdba.config import Configuration
from tdba.db import db
from tests import base_test
from tests.pages import Navigateur

settings.register_profile("tdba", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("tdba")

MIDI = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
"""The instant of every test that does not choose another: Wednesday 18 November 2026, noon in Paris."""


class ReseauInterdit(ConnectionRefusedError):
    """A test tried to leave the machine. The application sees a host that does not answer."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "reseau: uses loopback ports of its own")
    config.addinivalue_line("markers", "navigateur: drives a real browser")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of Python need not read it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def sans_reseau(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only unix sockets, and loopback for tests marked `reseau` or `navigateur`."""
    vrai = socket.socket.connect
    boucle = any(request.node.get_closest_marker(nom) for nom in ("reseau", "navigateur"))

    def garde(self: socket.socket, adresse: Any) -> None:
        locale = isinstance(adresse, tuple) and str(adresse[0]).startswith(("127.", "::1", "localhost"))
        if self.family != socket.AF_UNIX and not (boucle and locale):
            raise ReseauInterdit(f"a test opened the network: {adresse!r}")
        vrai(self, adresse)

    monkeypatch.setattr(socket.socket, "connect", garde)


@pytest.fixture(scope="session")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of a migrated database of this worker's own, by the login that uses it."""
    with contextlib.ExitStack() as pile:
        yield base_test.preparer(pile, os.environ.get("PYTEST_XDIST_WORKER", "gw0"))


@pytest.fixture(scope="session")
def configuration(urls: dict[str, str]) -> Configuration:
    return Configuration(
        env="test",
        secret_key="une-cle-de-test-assez-longue-0123456789",
        database_url=urls["superutilisateur"],
        redis_url=urls["redis"],
        base_url="http://127.0.0.1:5000",
        oidc_issuer="http://127.0.0.1:5001/api/v2",
        oidc_client_id="tdba-test",
        oidc_client_secret="un-secret-de-test-assez-long-0123456789",
        engagement=False,
        debits=False,
    )


@pytest.fixture(scope="session")
def app(configuration: Configuration) -> Flask:
    application = create_app(configuration)
    application.testing = True
    # Flask would re-raise errors in tests: the handlers are part of what is tested.
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application


@contextlib.contextmanager
def isolement(app: Flask, configuration: Configuration) -> Iterator[Connection]:
    """One connection and one transaction for all that happens inside, undone at the end.

    The login is the superuser, so that roles can be taken one after the other; every session takes one at once.
    """
    moteur = _moteur(configuration.database_url)
    with moteur.connect() as lien, app.app_context():
        transaction = lien.begin()
        anciens = dict(db.engines)
        db.engines[None] = lien  # type: ignore[index, assignment]
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield lien
        finally:
            db.session.remove()
            transaction.rollback()
            db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
            db.engines.update(anciens)  # type: ignore[attr-defined]


@pytest.fixture
def connexion(app: Flask, configuration: Configuration) -> Iterator[Connection]:
    """The transaction of one test."""
    with isolement(app, configuration) as lien:
        yield lien


_moteurs: dict[str, Engine] = {}


def _moteur(url: str) -> Engine:
    if url not in _moteurs:
        moteur = create_engine(url, connect_args={"options": "-c timezone=UTC -c lock_timeout=3000"})
        for nom, ordre in POINTS.items():
            setattr(moteur.dialect, nom, partial(_ordonner, ordre))
        _moteurs[url] = moteur
    return _moteurs[url]


POINTS = {
    "do_savepoint": "SAVEPOINT",
    "do_rollback_to_savepoint": "ROLLBACK TO SAVEPOINT",
    "do_release_savepoint": "RELEASE SAVEPOINT",
}
"""A quarter of all statements of the tests. SQLAlchemy compiles each name anew, then psycopg prepares it: both for nothing."""


def _ordonner(ordre: str, lien: Connection, point: str) -> None:
    lien.connection.dbapi_connection.execute(f"{ordre} {point}", prepare=False)  # type: ignore[union-attr]


@pytest.fixture
def temps() -> Iterator[datetime]:
    """Noon of the tests' day, frozen."""
    with horloge.regler(MIDI):
        yield MIDI


@pytest.fixture
def session(connexion: Connection, temps: datetime) -> Iterator[Session]:
    """The test's own session, acting as the system: factories write any row through it."""
    with scope.systeme("test"):
        yield db.session()


@pytest.fixture
def navigateur(app: Flask, session: Session) -> Navigateur:
    """A stranger's browser; `.comme(habilitation)` gives another, logged in. Polices every page it gets."""
    return Navigateur(app, session)


@pytest.fixture(scope="session")
def donnees_publiques() -> Path:
    """The folder of real public data, when it lies beside the project."""
    dossier = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not dossier.is_dir():
        pytest.skip("the public data folder is not beside the project")
    return dossier
