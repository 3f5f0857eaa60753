"""A small copy of the repository to run the launcher in, with stand-ins for the application."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]

WSGI = """
import os, click
from flask import Flask
from flask.cli import AppGroup
app = Flask(__name__)
app.add_url_rule("/healthz", view_func=lambda: "ok")
for groupe, noms in (("db", ["upgrade"]), ("demo", ["preparer", "transmettre", "personnes"])):
    commandes = AppGroup(groupe)
    for nom in noms:
        option = click.Option(["--json", "fichier"])
        action = lambda fichier, nom=nom: print("stand-in", nom, os.environ["TDBA_ENV"])
        commandes.add_command(click.Command(nom, callback=action, params=[option]))
    app.cli.add_command(commandes)
"""

WORKER = """
import os, sys, time
if len(sys.argv) > 1 and os.environ.get("SCHEDULER_DIES"):
    raise SystemExit("the scheduler cannot go on")
time.sleep(600)
"""

FOURNISSEUR = """
import sys
from http.server import HTTPServer, SimpleHTTPRequestHandler
HTTPServer(("127.0.0.1", int(sys.argv[2])), SimpleHTTPRequestHandler).serve_forever()
"""


@contextlib.contextmanager
def copie_courte() -> Iterator[Path]:
    """Give a copy whose path is short enough for sockets and open to the servers' user, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="tdba-") as dossier:
        Path(dossier).chmod(0o755)
        yield copier(Path(dossier).resolve() / "d")


def copier(vers: Path) -> Path:
    """Copy what the launcher needs, and put the stand-ins in place of the application."""
    (vers / "tdba").mkdir(parents=True)
    for nom in ("__init__.py", "roles_sql.py"):
        shutil.copy(RACINE / "tdba" / nom, vers / "tdba" / nom)
    shutil.copytree(
        RACINE / "tdba" / "local", vers / "tdba" / "local", ignore=shutil.ignore_patterns("__pycache__")
    )
    (vers / "tdba" / "local" / "fournisseur.py").write_text(FOURNISSEUR)
    (vers / "wsgi.py").write_text(WSGI)
    (vers / "worker.py").write_text(WORKER)
    return vers


class Lancement:
    """`python -m tdba.local.lancer demo` in a copy, as `make demo` runs it."""

    def __init__(self, copie: Path, port: int, **env: str) -> None:
        self.sortie = copie / "sortie.txt"
        with self.sortie.open("wb") as fichier:
            self.processus = subprocess.Popen(
                [sys.executable, "-m", "tdba.local.lancer", "demo"],
                cwd=copie,
                env={**os.environ, "PORT": str(port), "FOURNISSEUR_PORT": str(port + 1), **env},
                stdin=subprocess.DEVNULL,
                stdout=fichier,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def texte(self) -> str:
        return self.sortie.read_text()

    def attendre(self, mots: str, secondes: float = 90) -> None:
        fin = time.monotonic() + secondes
        while mots not in self.texte():
            assert time.monotonic() < fin, self.texte()
            assert self.processus.poll() is None, self.texte()
            time.sleep(0.05)

    def finir(self, numero: signal.Signals | None = None, secondes: float = 90) -> int:
        if numero is not None:
            self.processus.send_signal(numero)
        return self.processus.wait(timeout=secondes)


def processus_de(copie: Path) -> list[str]:
    """Return what still works for a copy: its servers, and the processes started from its directory."""
    restes = [ligne for ligne in _ps() if str(copie) in ligne]
    for lien in Path("/proc").glob(
        "[0-9]*/cwd"
    ):  # none on macOS, where the servers' command lines have to do
        with contextlib.suppress(OSError):
            if lien.readlink() == copie:
                restes.append(lien.parent.name)
    return restes


def _ps() -> list[str]:
    commande = ["ps", "axwwo", "pid,args"]
    return subprocess.run(commande, capture_output=True, text=True, check=True).stdout.splitlines()
