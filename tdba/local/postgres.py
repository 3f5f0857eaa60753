"""One private PostgreSQL: created, started, stopped. It listens on a unix socket and never on the network."""

import contextlib
import platform
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tdba.local.commun import Echec, dernieres_lignes
from tdba.local.emplacements import Identite

SUPERUTILISATEUR: Final = "postgres"

COMMUNS: Final = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "jit=off",
)

ENVIRONNEMENT: Final = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

PATIENCE: Final = 8.0
"""Seconds to retry a start: after a kill -9 the old backends take up to a second to leave."""


@dataclass(frozen=True)
class Postgres:
    """A cluster: `sockets` holds the socket and the log, `donnees` the data (they may be on different disks)."""

    binaires: Path
    sockets: Path
    donnees: Path
    qui: Identite

    @property
    def journal(self) -> Path:
        return self.sockets / "postgresql.log"

    def en_marche(self) -> bool:
        """Ask the socket, not the pid file: a pid may have been given to another process since."""
        with socket.socket(socket.AF_UNIX) as prise:
            prise.settimeout(2)
            return prise.connect_ex(str(self.sockets / ".s.PGSQL.5432")) == 0

    def demarrer(self, reglages: Sequence[str]) -> None:
        self._verifier_version()
        if not (self.donnees / "PG_VERSION").exists():
            self._creer()
        choix = (*COMMUNS, f"unix_socket_directories={self.sockets}", *reglages)
        options = " ".join(f"-c {shlex.quote(choisi)}" for choisi in choix)
        fin = time.monotonic() + PATIENCE
        while self._pg_ctl("-w", "-t", "60", "-l", str(self.journal), "-o", options, "start").returncode:
            if time.monotonic() > fin:
                raise Echec(f"PostgreSQL does not start. Its last lines:\n{dernieres_lignes(self.journal)}")
            time.sleep(0.3)

    def arreter(self) -> None:
        """Stop now: open sessions are ended, committed data is safe."""
        if self._pg_ctl("-w", "-t", "6", "-m", "fast", "stop").returncode:
            self._pg_ctl("-w", "-t", "3", "-m", "immediate", "stop")

    def effacer(self) -> None:
        shutil.rmtree(self.donnees, ignore_errors=True)

    def _creer(self) -> None:
        # Under another name until it is whole: an initdb that was killed must not look like a cluster.
        partiel = self.donnees.with_name(f"{self.donnees.name}.partiel")
        shutil.rmtree(partiel, ignore_errors=True)
        fait = self._lancer(
            "initdb",
            f"--pgdata={partiel}",
            f"--username={SUPERUTILISATEUR}",
            "--auth=trust",  # whoever can open the 0700 directory of the socket
            "--encoding=UTF8",
            "--no-sync",
            "--no-instructions",
            *_locale(self._version()),
        )
        if fait.returncode:
            raise Echec(f"PostgreSQL could not create its files in {partiel}: {_derniere(fait.stderr)}")
        partiel.rename(self.donnees)

    def _verifier_version(self) -> None:
        version = self._version()
        if version < 15:
            raise Echec(f"PostgreSQL {version} in {self.binaires} is too old: 15 or newer is needed")
        with contextlib.suppress(FileNotFoundError):
            ancienne = (self.donnees / "PG_VERSION").read_text().strip()
            if ancienne != str(version):
                raise Echec(
                    f"{self.donnees} was made by PostgreSQL {ancienne} and this one is {version}: "
                    "`make clean` removes it (the demo's data is made again)",
                )

    def _version(self) -> int:
        fait = self._lancer("postgres", "--version")
        if not (trouve := re.search(r"\) (\d+)", fait.stdout)):
            raise Echec(
                f"{self.binaires}/postgres does not run here: {_derniere(fait.stderr) or 'no answer'}"
            )
        return int(trouve[1])

    def _pg_ctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._lancer("pg_ctl", "-D", str(self.donnees), *arguments, attendre_sortie=False)

    def _lancer(
        self,
        programme: str,
        *arguments: str,
        attendre_sortie: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        # `pg_ctl start` leaves a server behind that would keep a pipe open for ever: its output goes nowhere.
        sortie = subprocess.PIPE if attendre_sortie else subprocess.DEVNULL
        options: dict[str, Any] = {"stdout": sortie, "stderr": sortie, **self.qui.options()}
        try:
            return subprocess.run(
                [str(self.binaires / programme), *arguments],
                env={**ENVIRONNEMENT, "HOME": str(self.sockets)},
                check=False,
                text=True,
                **options,
            )
        except PermissionError as erreur:
            raise Echec(
                f"{self.binaires}/{programme} cannot be run as user {self.qui.uid} ({erreur.strerror}): "
                "run the command as an ordinary user instead of root",
            ) from erreur


def _locale(version: int) -> tuple[str, ...]:
    """Order and case by Unicode code point, the same on every system: PostgreSQL 17 brings it, Linux has it too."""
    if platform.system() != "Darwin":
        return ("--locale=C.UTF-8",)
    propre = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if version >= 17 else ()
    return ("--locale=C", "--lc-ctype=UTF-8", *propre)


def _derniere(texte: str) -> str:
    lignes = [ligne for ligne in texte.splitlines() if ligne.strip()]
    return lignes[-1].strip() if lignes else ""
