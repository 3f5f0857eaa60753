"""One private Redis-compatible server, on a unix socket only."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tdba.local.commun import Echec, dernieres_lignes
from tdba.local.emplacements import Identite


@dataclass(frozen=True)
class Valkey:
    """A server whose socket, log and saved data are in `dossier`."""

    binaire: Path
    dossier: Path
    qui: Identite

    @property
    def prise(self) -> Path:
        return self.dossier / "valkey.sock"

    @property
    def journal(self) -> Path:
        return self.dossier / "valkey.log"

    def en_marche(self) -> bool:
        return self._demander("PING").startswith(b"+PONG")

    def demarrer(self, *, durable: bool) -> None:
        reglages = {
            "port": "0",
            "unixsocket": str(self.prise),
            "unixsocketperm": "700",
            "dir": str(self.dossier),
            "logfile": str(self.journal),
            "pidfile": str(self.dossier / "valkey.pid"),
            "save": "60 1" if durable else "",
            "appendonly": "no",
            "daemonize": "yes",
        }
        options = [mot for nom, valeur in reglages.items() for mot in (f"--{nom}", valeur)]
        subprocess.run(
            [str(self.binaire), *options],
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.qui.options(),
        )
        if not _attendre(self.en_marche, 8):
            raise Echec(
                f"the Redis-compatible server does not start. Its last lines:\n{dernieres_lignes(self.journal)}"
            )

    def arreter(self) -> None:
        """Ask for a shutdown with a save when it is durable; end it by force only if it does not answer."""
        self._demander("SHUTDOWN")
        if _attendre(lambda: not self._ouverte(), 2):
            return
        self._demander("SHUTDOWN NOSAVE")
        if not _attendre(lambda: not self._ouverte(), 1):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int((self.dossier / "valkey.pid").read_text()), signal.SIGKILL)

    def _ouverte(self) -> bool:
        with socket.socket(socket.AF_UNIX) as prise:
            return prise.connect_ex(str(self.prise)) == 0

    def _demander(self, mots: str) -> bytes:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as prise:
            prise.settimeout(2)
            prise.connect(str(self.prise))
            prise.sendall(f"{mots}\r\n".encode())
            return prise.recv(200)
        return b""


def _attendre(condition: Callable[[], bool], secondes: float) -> bool:
    fin = time.monotonic() + secondes
    while not condition():
        if time.monotonic() > fin:
            return False
        time.sleep(0.02)
    return True
