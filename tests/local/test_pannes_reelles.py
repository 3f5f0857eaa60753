"""PostgreSQL stopped under the real server: a clear 503 at once, and pages again without a restart."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import pytest

from tdba.local.commun import RACINE
from tdba.local.environnement import environnement
from tdba.local.serveurs import SANS_DURABILITE, paire, serveurs

NOM = "pannes"
PATIENCE = 30.0
"""Seconds for a server to start or to come back."""


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def attendre(pret: Callable[[], bool]) -> None:
    fin = time.monotonic() + PATIENCE
    while not pret():
        assert time.monotonic() < fin, "nothing came within the time allowed"
        threading.Event().wait(0.1)


def demander(port: int, chemin: str) -> tuple[int, str]:
    """Status and body of an answer; (0, "") when nobody answers."""
    client = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        client.request("GET", chemin, headers={"Cookie": f"tdba-{port}={'x' * 43}"})
        reponse = client.getresponse()
        return reponse.status, reponse.read().decode()
    except OSError:
        return 0, ""
    finally:
        client.close()


@pytest.fixture
def site() -> Iterator[int]:
    """A migrated database of its own and one web process in front of it."""
    port = port_libre()
    with serveurs(NOM, durable=False) as adresses:
        env = {**os.environ, **environnement(adresses, "test", port)}
        migrer = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
        subprocess.run(migrer, cwd=RACINE, env=env, check=True, capture_output=True)
        commande = [sys.executable, "-m", "gunicorn", "wsgi:app", "-b", f"127.0.0.1:{port}", "-w", "1"]
        with subprocess.Popen([*commande, "--no-control-socket"], cwd=RACINE, env=env) as web:
            try:
                yield port
                assert web.poll() is None, "the web process did not survive"
            finally:
                web.terminate()


@pytest.mark.reseau
def test_postgresql_s_arrete_puis_revient_et_le_site_aussi(site: int) -> None:
    def repond(code: int) -> Callable[[], bool]:
        return lambda: demander(site, "/readyz")[0] == code

    attendre(repond(200))
    postgres = paire(NOM, durable=False).postgres
    postgres.arreter()
    code, page = demander(site, "/effectifs")
    assert code == 503
    assert "<h1" in page
    assert demander(site, "/healthz")[0] == 200
    assert demander(site, "/readyz")[0] == 503
    postgres.demarrer(SANS_DURABILITE)
    attendre(repond(200))
    assert demander(site, "/connexion")[0] == 200
