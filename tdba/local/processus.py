"""Children of the demo: started in a group of their own, watched, stopped with all their descendants."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from tdba.local.commun import RACINE, dire

ALERTE: Final = re.compile(r"\b(ERROR|CRITICAL|FATAL|Traceback|[A-Za-z.]+Error:)", re.IGNORECASE)
"""What deserves to be seen in the terminal among the lines of a log."""

PAS: Final = 0.1


class Interruption(Exception):
    """Somebody asked for the end (Ctrl-C, SIGTERM, closed terminal)."""


class Arret:
    """Remembers that the end was asked. Nothing is interrupted in the middle: the loops look at it."""

    def __init__(self) -> None:
        self.demande = False

    def installer(self) -> None:
        for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(numero, self._noter)

    def _noter(self, _numero: int, _cadre: FrameType | None) -> None:
        self.demande = True

    def verifier(self) -> None:
        if self.demande:
            raise Interruption


@dataclass
class Enfant:
    """A process of the demo and its log."""

    nom: str
    commande: list[str]
    env: dict[str, str]
    journal: Path
    delai: float = 2.0
    """Seconds it is given to finish what it does, twice, before it is killed."""
    processus: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    lu: int = 0

    def demarrer(self) -> None:
        if self.journal.exists():
            self.journal.replace(self.journal.with_suffix(".log.1"))
        with self.journal.open("ab") as sortie:
            self.processus = subprocess.Popen(
                self.commande,
                cwd=RACINE,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def code(self) -> int | None:
        return None if self.processus is None else self.processus.poll()

    def montrer_alertes(self) -> None:
        """Print the new lines of the log that look like errors; the others stay in the file."""
        with contextlib.suppress(OSError), self.journal.open("rb") as fichier:
            fichier.seek(self.lu)
            entieres, fin, _reste = fichier.read().rpartition(b"\n")
            self.lu += len(entieres) + len(fin)
            for ligne in entieres.decode(errors="replace").splitlines():
                if ALERTE.search(ligne):
                    dire(f"{self.nom:>11} | {ligne[:300]}")

    def demander_fin(self) -> None:
        """Ask politely; a second request means "now" to RQ, and gunicorn forgives it."""
        self._signaler(signal.SIGTERM)

    def tuer(self) -> None:
        self._signaler(signal.SIGKILL)
        if self.processus is not None:
            self.processus.wait()

    def _signaler(self, numero: signal.Signals) -> None:
        # The group, not the process: when the leader is dead its children may live on.
        if self.processus is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.processus.pid, numero)


def arreter(enfants: Iterable[Enfant]) -> None:
    """Stop children together: ask, ask again, then kill what is left of their groups."""
    demarres = [enfant for enfant in enfants if enfant.processus is not None]
    for _fois in range(2):
        for enfant in demarres:
            if enfant.code() is None:
                enfant.demander_fin()
        delai = max((enfant.delai for enfant in demarres), default=0)
        if patienter(lambda: all(enfant.code() is not None for enfant in demarres), delai):
            break
    for enfant in demarres:
        enfant.tuer()


def patienter(condition: Callable[[], bool], secondes: float) -> bool:
    fin = time.monotonic() + secondes
    while not condition():
        if time.monotonic() > fin:
            return False
        time.sleep(PAS)
    return True


def marque(pid: int) -> str:
    """Return what tells a process from a later one with the same number: its start time; empty when it is gone."""
    with contextlib.suppress(OSError, IndexError):
        # The name, in parentheses, may hold spaces: count the fields after it.
        champs = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if champs[0] == "Z" else champs[19]  # a zombie is over, whenever its parent cares to notice
    with contextlib.suppress(OSError):
        fait = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return fait.stdout.strip()
    return ""


def noter(registre: Path, enfants: Iterable[Enfant]) -> None:
    """Write down what was started, for the day this process is killed and cannot stop it."""
    vivants = {str(e.processus.pid): marque(e.processus.pid) for e in enfants if e.processus is not None}
    registre.write_text(json.dumps(vivants))


def tuer_restes(registre: Path) -> int:
    """Stop what a killed demo of this checkout left behind. Returns how many processes there were."""
    try:
        notes: dict[str, str] = json.loads(registre.read_text())
    except (OSError, ValueError):
        return 0
    restes = [int(pid) for pid, debut in notes.items() if debut and marque(int(pid)) == debut]
    for numero, delai in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 1.0)):
        for pid in restes:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, numero)
        patienter(lambda: not any(marque(pid) for pid in restes), delai)
    registre.unlink(missing_ok=True)
    return len(restes)
