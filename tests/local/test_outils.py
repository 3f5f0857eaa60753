"""Small rules of the local tools: sentences, processes, environment."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tdba.config import lire_environnement
from tdba.local import commun, processus, verifier
from tdba.local.commun import Echec
from tdba.local.environnement import environnement
from tdba.local.processus import Enfant
from tdba.local.serveurs import Serveurs

TETU = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"])
print("prêt", flush=True)
time.sleep(60)
"""

ADRESSES = Serveurs(
    url_proprietaire="postgresql+psycopg://tdba_proprietaire@/tdba?host=/s",
    url_superutilisateur="postgresql+psycopg://postgres@/tdba?host=/s",
    url_web="postgresql+psycopg://tdba_web@/tdba?host=/s",
    url_worker="postgresql+psycopg://tdba_worker@/tdba?host=/s",
    url_redis="unix:///s/valkey.sock",
    dossier=Path("/s"),
)


def test_a_stubborn_child_is_killed_with_its_own_children(tmp_path: Path) -> None:
    enfant = Enfant("tetu", [sys.executable, "-c", TETU], dict(os.environ), tmp_path / "tetu.log", delai=0.3)
    enfant.demarrer()
    assert processus.patienter(lambda: "prêt" in enfant.journal.read_text(), 10)
    assert enfant.processus is not None
    groupe = enfant.processus.pid
    processus.arreter([enfant])
    assert enfant.code() == -signal.SIGKILL
    assert processus.patienter(lambda: _groupe_vide(groupe), 5)


def _groupe_vide(groupe: int) -> bool:
    vivants = subprocess.run(
        ["ps", "axo", "pgid=,stat="], capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return not any(ligne.split()[0] == str(groupe) and "Z" not in ligne for ligne in vivants if ligne.strip())


def test_a_process_that_took_an_old_number_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    ) as etranger:
        registre = tmp_path / "processus.json"
        registre.write_text(f'{{"{etranger.pid}": "the start time of another one"}}')
        assert processus.tuer_restes(registre) == 0
        assert etranger.poll() is None
        etranger.kill()


def test_only_lines_that_look_like_errors_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enfant = Enfant("web", [], {}, tmp_path / "web.log")
    enfant.journal.write_text("GET /healthz 200\nValueError: no\n[ERROR] half a li")
    enfant.montrer_alertes()
    assert capsys.readouterr().out == "        web | ValueError: no\n"
    with enfant.journal.open("a") as suite:
        suite.write("ne\n")
    enfant.montrer_alertes()
    assert capsys.readouterr().out == "        web | [ERROR] half a line\n"


@pytest.mark.parametrize(
    ("numero", "mots"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "no permission on")]
)
def test_what_the_machine_refuses_is_one_sentence(
    numero: int, mots: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def commande() -> int:
        raise OSError(numero, os.strerror(numero), "/quelque/part")

    assert commun.executer(commande) == 1
    sortie = capsys.readouterr().err
    assert sortie.startswith(f"tdba: {mots}")
    assert sortie.count("\n") == 1


def test_a_nearly_full_disk_is_said_with_both_figures(tmp_path: Path) -> None:
    with pytest.raises(Echec, match=r"is full: \d+ MB free, 9000000000000 MB needed"):
        commun.verifier_espace(tmp_path / "pas" / "encore", minimum=9 * 10**18)


def test_the_environment_boots_the_application_and_forgets_the_callers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PGHOST", "production.example.org")
    monkeypatch.setenv("FLASK_APP", "autre")
    monkeypatch.setenv("TDBA_DATABASE_URL", "postgresql://production")
    fichier = tmp_path / "secrets.json"
    env = environnement(ADRESSES, "demo", 8000, secrets_dans=fichier)
    assert not {"PGHOST", "FLASK_APP"} & set(env)
    configuration = lire_environnement(env)
    assert configuration.database_url == ADRESSES.url_web
    assert configuration.base_url == "http://127.0.0.1:8000"
    assert environnement(ADRESSES, "demo", 8000, secrets_dans=fichier) == env
    assert environnement(ADRESSES, "demo", 8000)["TDBA_SECRET_KEY"] != env["TDBA_SECRET_KEY"]


def test_two_demos_on_neighbouring_ports_do_not_meet() -> None:
    ports = {
        (port, verifier.environnement(ADRESSES, "demo", port)["TDBA_OIDC_ISSUER"])
        for port in (8000, 8001, 60_000)
    }
    assert len({emetteur for _port, emetteur in ports}) == 3
    assert not any(f":{port}/" in emetteur for port in (8000, 8001) for _autre, emetteur in ports)


def test_the_network_is_cut_but_the_loopback_works() -> None:
    code = (
        "import socket\n"
        "from tdba.local.sans_reseau import couper\n"
        "raison = couper()\n"
        "s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()).close()\n"
        "print(raison, [nom for _numero, nom in socket.if_nameindex()])\n"
    )
    fait = subprocess.run(
        [sys.executable, "-c", code], cwd=commun.RACINE, capture_output=True, text=True, check=True
    )
    if not fait.stdout.startswith("None "):
        pytest.skip(f"this machine does not let us: {fait.stdout.partition(' [')[0]}")
    assert fait.stdout == "None ['lo']\n"


def test_a_start_time_tells_two_processes_apart() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as un:
        time.sleep(0.05)
        assert processus.marque(un.pid) != processus.marque(os.getpid()) != ""
        un.kill()
