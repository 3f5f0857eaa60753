"""`make demo` from outside: it starts everything, refuses what it must in one sentence, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.aides import Lancement, copie_courte, processus_de

pytestmark = pytest.mark.reseau


@pytest.fixture
def copie() -> Iterator[Path]:
    with copie_courte() as dossier:
        yield dossier
        assert processus_de(dossier) == []


@pytest.fixture
def port() -> int:
    # Below the ephemeral range, and one pair per process: two workers never meet.
    return 20_000 + 2 * (os.getpid() % 5_000)


@pytest.fixture
def port_pris(port: int) -> Iterator[int]:
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        prise.bind(("127.0.0.1", port))
        prise.listen()
        yield port


def test_it_starts_everything_once_survives_a_kill_and_an_interrupt_leaves_nothing(
    copie: Path, port: int
) -> None:
    demo = Lancement(copie, port)
    demo.attendre("Ctrl-C stops it")
    assert f"http://127.0.0.1:{port}" in demo.texte()
    assert "stand-in personnes demo" in demo.texte()
    assert (copie / ".local/demo/secrets.json").stat().st_mode & 0o777 == 0o600
    deuxieme = _lancer(copie, {"PORT": str(port + 2)})
    assert deuxieme.returncode == 1
    assert deuxieme.stderr == (
        f"tdba: the demo already runs in this checkout (process {demo.processus.pid}, http://127.0.0.1:{port}): "
        "stop it there with Ctrl-C first\n"
    )
    assert demo.finir(signal.SIGKILL) == -signal.SIGKILL
    assert len(processus_de(copie)) >= 6  # both servers, provider, web, worker, scheduler: orphans
    demo = Lancement(copie, port)
    demo.attendre("Ctrl-C stops it")
    assert demo.finir(signal.SIGINT) == 0
    assert processus_de(copie) == []


def test_a_dead_child_stops_the_rest_and_is_named_with_its_last_words(copie: Path, port: int) -> None:
    demo = Lancement(copie, port, SCHEDULER_DIES="1")
    assert demo.finir() == 1
    assert "scheduler stopped by itself (code 1), so the demo stops" in demo.texte()
    assert "the scheduler cannot go on" in demo.texte().splitlines()[-1]


@pytest.mark.parametrize("variable", ["PORT", "FOURNISSEUR_PORT"])
def test_a_taken_port_is_one_sentence_and_starts_nothing(copie: Path, port_pris: int, variable: str) -> None:
    autre = {"PORT": "FOURNISSEUR_PORT", "FOURNISSEUR_PORT": "PORT"}[variable]
    fait = _lancer(copie, {variable: str(port_pris), autre: str(port_pris + 1)})
    assert fait.returncode == 1
    assert fait.stderr == (
        f"tdba: port {port_pris} is already taken by another program: stop it, or choose another port with {variable}=…\n"
    )
    assert not (copie / ".local/demo/serveurs").exists()


@pytest.mark.parametrize("valeur", ["abc", "0", "65536", "80.5", "-1"])
def test_a_port_that_is_not_one_is_one_sentence(copie: Path, valeur: str) -> None:
    fait = _lancer(copie, {"PORT": valeur})
    assert (fait.returncode, fait.stderr) == (
        1,
        f"tdba: PORT={valeur} is not a port: give a number from 1 to 65535\n",
    )


def _lancer(copie: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    commande = [sys.executable, "-m", "tdba.local.lancer", "demo"]
    return subprocess.run(
        commande, cwd=copie, env=os.environ | env, capture_output=True, text=True, check=False, timeout=20
    )
