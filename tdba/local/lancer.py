"""`make demo`: the two servers, migrations, demo data, identity provider, web, worker and scheduler, in one terminal.

Run as `python -m tdba.local.lancer demo`. Ctrl-C stops everything that was started here, and nothing else.
"""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tdba.local import processus
from tdba.local.commun import (
    RACINE,
    Echec,
    dernieres_lignes,
    dire,
    executer,
    lire_port,
    verifier_espace,
    verifier_port,
)
from tdba.local.emplacements import dossier_du_nom
from tdba.local.environnement import HOTE, environnement, port_fournisseur
from tdba.local.processus import Arret, Enfant, Interruption
from tdba.local.serveurs import serveurs

PYTHON: Final = sys.executable
DELAI_WEB: Final = 60.0


class Demo:
    """One demo of this checkout: its ports, its children, and the order in which things happen."""

    def __init__(self, dossier: Path, port: int, fournisseur: int, arret: Arret) -> None:
        self.dossier = dossier
        self.port = port
        self.fournisseur = fournisseur
        self.arret = arret
        self.adresse = f"http://{HOTE}:{port}"
        self.enfants: list[Enfant] = []
        self.env: dict[str, str] = {}

    def lancer(self) -> None:
        """Start everything, then watch until the end is asked or a child dies."""
        depart = time.monotonic()
        dire("· PostgreSQL and Redis-compatible server: starting")
        with serveurs("demo") as adresses, self._surveillance():
            secrets_dans = self.dossier / "secrets.json"
            self.env = environnement(
                adresses, "demo", self.port, fournisseur=self.fournisseur, secrets_dans=secrets_dans
            )
            self._etape("preparer", "-m", "tdba.local.etapes", str(self.dossier))
            self._demarrer_enfants()
            self._attendre_web()
            dire(f"· the site answers at {self.adresse} (the first time, it fills up while you look)")
            dire("· demo transmissions, sent over HTTP like a school's software does")
            self._etape("transmettre", "-m", "flask", "--app", "wsgi", "demo", "transmettre")
            self._banniere(time.monotonic() - depart)
            while True:
                self._veiller()

    @contextlib.contextmanager
    def _surveillance(self) -> Iterator[None]:
        """Stop the children whatever happens."""
        try:
            yield
        finally:
            # Signals are only noted while this runs: a second Ctrl-C cannot leave half of the processes behind.
            dire("\n· stopping the site, the worker and the identity provider, then the two servers")
            processus.arreter([enfant for enfant in self.enfants if enfant.nom == "web"])
            processus.arreter([enfant for enfant in self.enfants if enfant.nom != "web"])
            self._registre.unlink(missing_ok=True)

    @property
    def _registre(self) -> Path:
        return self.dossier / "processus.json"

    def _demarrer_enfants(self) -> None:
        dire("· identity provider, web server, worker, scheduler: starting")
        gunicorn = f"-m gunicorn wsgi:app -b {HOTE}:{self.port} --no-control-socket -w 2 --graceful-timeout 2"
        commandes = {
            "fournisseur": ["-m", "tdba.local.fournisseur", "--port", str(self.fournisseur)],
            "web": [*gunicorn.split(), "--access-logfile", "-"],
            "worker": ["worker.py"],
            "scheduler": ["worker.py", "--planificateur"],
        }
        journaux = self.dossier / "journaux"
        journaux.mkdir(exist_ok=True)
        for nom, arguments in commandes.items():
            enfant = Enfant(nom, [PYTHON, *arguments], self.env, journaux / f"{nom}.log")
            self.enfants.append(enfant)
            enfant.demarrer()
            processus.noter(self._registre, self.enfants)

    def _etape(self, nom: str, *arguments: str) -> None:
        """Run one command to its end, still answering Ctrl-C; its output in the terminal is its progress."""
        commande = [PYTHON, *arguments]
        enfant = subprocess.Popen(
            commande, cwd=RACINE, env=self.env, stdin=subprocess.DEVNULL, start_new_session=True
        )
        etape = Enfant(nom, commande, self.env, self.dossier / "journaux" / f"{nom}.log", processus=enfant)
        self.enfants.append(etape)
        processus.noter(self._registre, self.enfants)
        while enfant.poll() is None:
            self._veiller(sauf=etape)
        self.enfants.remove(etape)
        if enfant.returncode:
            raise Echec(
                f'the demo stops: its step "{nom}" failed (code {enfant.returncode}, its words are above)'
            )

    def _attendre_web(self) -> None:
        sans_mandataire = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        limite = time.monotonic() + DELAI_WEB
        while True:
            with (
                contextlib.suppress(OSError),
                sans_mandataire.open(f"{self.adresse}/healthz", timeout=5) as reponse,
            ):
                if reponse.status == 200:
                    return
            self._veiller()
            if time.monotonic() > limite:
                journal = self.dossier / "journaux" / "web.log"
                raise Echec(
                    f"the site does not answer after {DELAI_WEB:.0f} s. Its last lines:\n{dernieres_lignes(journal)}"
                )

    def _veiller(self, *, sauf: Enfant | None = None) -> None:
        """Look once at everything: an asked end, a dead child, new errors in the logs."""
        self.arret.verifier()
        for enfant in self.enfants:
            if enfant is sauf:
                continue
            enfant.montrer_alertes()
            if (code := enfant.code()) is not None:
                raise Echec(
                    f"{enfant.nom} stopped by itself (code {code}), so the demo stops. The end of {enfant.journal}:\n"
                    f"{dernieres_lignes(enfant.journal)}"
                )
        time.sleep(processus.PAS)

    def _banniere(self, duree: float) -> None:
        personnes = (self.dossier / "personnes.txt").read_text().rstrip()
        trait = "─" * 78
        dire(f"\n{trait}\n  {self.adresse}     ready in {duree:.0f} s — Ctrl-C stops it\n{trait}")
        dire(f"{personnes}\n{trait}\n  logs: {self.dossier / 'journaux'}")


@contextlib.contextmanager
def _seule(dossier: Path, adresse: str) -> Iterator[None]:
    """Refuse a second demo in the same checkout. The lock goes with its process, even when that one is killed."""
    with (dossier / "demo.verrou").open("a+") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as erreur:
            verrou.seek(0)
            ou = verrou.read().strip() or "it is still starting"
            raise Echec(
                f"the demo already runs in this checkout ({ou}): stop it there with Ctrl-C first"
            ) from erreur
        verrou.truncate(0)
        verrou.write(f"process {os.getpid()}, {adresse}")
        verrou.flush()
        yield


def demo() -> int:
    port = lire_port("PORT", 8000)
    fournisseur = lire_port("FOURNISSEUR_PORT", port_fournisseur(port))
    if port == fournisseur:
        raise Echec(
            f"PORT and FOURNISSEUR_PORT are both {port}: the site and its identity provider need one each"
        )
    dossier = dossier_du_nom("demo")
    with _seule(dossier, f"http://{HOTE}:{port}"):
        if restes := processus.tuer_restes(dossier / "processus.json"):
            dire(f"· stopped {restes} processes left by a demo that was killed")
        verifier_port(port, "PORT")
        verifier_port(fournisseur, "FOURNISSEUR_PORT")
        verifier_espace(RACINE)
        arret = Arret()
        arret.installer()
        with contextlib.suppress(Interruption):  # an asked end is not an error
            Demo(dossier, port, fournisseur, arret).lancer()
    dire("· stopped")
    return 0


def main(arguments: list[str]) -> int:
    if arguments != ["demo"]:
        raise Echec("usage: python -m tdba.local.lancer demo")
    return demo()


if __name__ == "__main__":
    sys.exit(executer(lambda: main(sys.argv[1:])))
