"""`make clean`, first half: stop what runs for this checkout and remove what it keeps outside it.

Run as `python -m tdba.local.nettoyer`. The Makefile then removes `.local`, `.venv` and `node_modules`.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import sys
from pathlib import Path

from tdba.local import emplacements
from tdba.local.commun import RACINE, Echec, dire, executer
from tdba.local.processus import patienter, tuer_restes
from tdba.local.serveurs import paire


def main() -> int:
    local = RACINE / ".local"
    _arreter_demo(local / "demo")
    qui = emplacements.identite()
    for dossier in sorted(local.glob("*/")):
        if (dossier / "verrou").exists():
            dire(f"· {dossier.name}: making sure that its servers are stopped")
            paire(dossier.name, durable=False).arreter()  # its data is about to be removed anyway
    for parent in (emplacements.HORS_CHECKOUT, emplacements.MEMOIRE):
        shutil.rmtree(emplacements.chemin_repli(qui, RACINE, parent), ignore_errors=True)
    return 0


def _arreter_demo(dossier: Path) -> None:
    """End a demo that runs, as Ctrl-C would; then what a killed one left."""
    with contextlib.suppress(FileNotFoundError), (dossier / "demo.verrou").open("r+") as verrou:
        if not _libre(verrou.fileno()):
            dire("· demo: stopping it")
            with contextlib.suppress(ValueError, IndexError, ProcessLookupError):
                os.kill(int(verrou.read().split()[1].rstrip(",")), signal.SIGTERM)
            if not patienter(lambda: _libre(verrou.fileno()), 20):
                raise Echec(
                    "the demo of this checkout does not stop: end it with Ctrl-C, then run the command again"
                )
        tuer_restes(dossier / "processus.json")


def _libre(descripteur: int) -> bool:
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(executer(main))
