"""Start and stop the pair of private servers of this checkout: `demo`, `test` or `bench`.

Several processes may use the same pair (two terminals, pytest inside `make test`). Each holds a shared lock for as
long as it needs the servers; the last one to leave stops them. Locks vanish with their process, so a process that
was killed never keeps servers alive for the next one.
"""

import contextlib
import fcntl
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from tdba import roles_sql
from tdba.local import emplacements
from tdba.local.commun import RACINE, umask, verifier_espace
from tdba.local.postgres import SUPERUTILISATEUR, Postgres
from tdba.local.valkey import Valkey

REGLAGES: Final[dict[str, tuple[str, ...]]] = {
    "demo": ("shared_buffers=128MB", "max_connections=60", "work_mem=8MB"),
    "test": ("shared_buffers=128MB", "max_connections=100", "wal_level=minimal", "max_wal_senders=0"),
    "bench": ("shared_buffers=1GB", "work_mem=32MB", "maintenance_work_mem=512MB", "max_wal_size=8GB"),
}

SANS_DURABILITE: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Serveurs:
    """Addresses of a running pair; all of them are unix sockets in `dossier`."""

    url_proprietaire: str
    url_superutilisateur: str
    url_web: str
    url_worker: str
    url_redis: str
    dossier: Path


@dataclass(frozen=True)
class Paire:
    """A pair of servers, running or not."""

    nom: str
    postgres: Postgres
    valkey: Valkey
    durable: bool

    def demarrer(self, reglages: Sequence[str]) -> None:
        """Start what is not running; safe to call when everything is."""
        if not self.postgres.en_marche():
            if not self.durable:
                self.postgres.effacer()
            verifier_espace(self.postgres.sockets, self.postgres.donnees.parent)
            self.postgres.demarrer(reglages)
        if not self.valkey.en_marche():
            self.valkey.demarrer(durable=self.durable)

    def arreter(self) -> None:
        """Stop both, Redis first: what it still hands out needs PostgreSQL."""
        if self.valkey.en_marche():
            self.valkey.arreter()
        if self.postgres.en_marche():
            self.postgres.arreter()
        if not self.durable:
            self.postgres.effacer()


def paire(nom: str, *, durable: bool = True, racine: Path = RACINE) -> Paire:
    """Say where a pair lives, without starting it."""
    qui = emplacements.identite()
    dossier = emplacements.dossier_serveurs(nom, qui, racine)
    donnees = dossier / "pgdata"
    # A pair that is already running keeps the place it was given when it started.
    if (
        not durable
        and not donnees.exists()
        and (memoire := emplacements.dossier_en_memoire(nom, qui, racine))
    ):
        donnees = memoire / "pgdata"
    postgres = Postgres(emplacements.binaires_postgresql(qui), dossier, donnees, qui)
    return Paire(nom, postgres, Valkey(emplacements.binaire_valkey(qui), dossier, qui), durable)


@contextlib.contextmanager
def serveurs(
    nom: str,
    *,
    base: str = "tdba",
    reglages_pg: Sequence[str] = (),
    durable: bool = True,
) -> Iterator[Serveurs]:
    """Give the servers of this checkout, started if need be, with their roles and an application database.

    `durable=False` is for data that is made again at each start: in memory when there is room, never flushed.
    """
    ici = paire(nom, durable=durable)
    reglages = (
        *_reglages_memoire(),
        *(() if durable else SANS_DURABILITE),
        *REGLAGES.get(nom, ()),
        *reglages_pg,
    )
    with contextlib.ExitStack() as pile:
        usage = pile.enter_context((emplacements.dossier_du_nom(nom) / "usage").open("a"))
        with _seul(nom):
            fcntl.flock(usage, fcntl.LOCK_SH)
            pile.callback(
                _quitter, ici, usage.fileno()
            )  # from here on: a start that fails half-way is undone too
            ici.demarrer(reglages)
            _preparer(ici.postgres, base)
        yield _adresses(ici, base)


def _reglages_memoire() -> tuple[str, ...]:
    """Keep parallel queries out of a /dev/shm too small for them (64 MB in most containers)."""
    memoire = emplacements.MEMOIRE
    petite = memoire.exists() and shutil.disk_usage(memoire).total < 256_000_000
    return ("dynamic_shared_memory_type=mmap",) if petite else ()


def _quitter(ici: Paire, usage: int) -> None:
    with _seul(ici.nom):
        try:
            fcntl.flock(usage, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still uses them, and will stop them
        ici.arreter()


@contextlib.contextmanager
def _seul(nom: str) -> Iterator[None]:
    """Let one process at a time start or stop this pair."""
    with (emplacements.dossier_du_nom(nom) / "verrou").open("a") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def _url(ici: Postgres, role: str, base: str) -> str:
    return f"postgresql+psycopg://{role}@/{base}?host={quote(str(ici.sockets))}"


def _adresses(ici: Paire, base: str) -> Serveurs:
    web, worker = roles_sql.LOGINS
    return Serveurs(
        url_proprietaire=_url(ici.postgres, roles_sql.PROPRIETAIRE, base),
        url_superutilisateur=_url(ici.postgres, SUPERUTILISATEUR, base),
        url_web=_url(ici.postgres, web, base),
        url_worker=_url(ici.postgres, worker, base),
        url_redis=f"unix://{quote(str(ici.valkey.prise))}",
        dossier=ici.postgres.sockets,
    )


def _preparer(postgres: Postgres, base: str) -> None:
    """Create roles, database and extensions, once per cluster and per version of that SQL."""
    creation = f"CREATE DATABASE {base} OWNER {roles_sql.PROPRIETAIRE}"
    public = f"ALTER SCHEMA public OWNER TO {roles_sql.PROPRIETAIRE}"
    textes = (roles_sql.sql_roles(), creation, roles_sql.sql_extensions(), public)
    empreinte = hashlib.sha256("\0".join(textes).encode()).hexdigest()
    temoin = postgres.donnees / f"tdba-{base}.pret"
    if temoin.exists() and temoin.read_text() == empreinte:
        return
    _en_superutilisateur(postgres, "postgres", roles_sql.sql_roles())
    with contextlib.suppress(psycopg.errors.DuplicateDatabase):
        _en_superutilisateur(postgres, "postgres", creation)
    _en_superutilisateur(postgres, base, roles_sql.sql_extensions(), public)
    with umask(0o077):
        temoin.write_text(empreinte)
    postgres.qui.donner(temoin)


def _en_superutilisateur(postgres: Postgres, base: str, *textes: str) -> None:
    adresse = make_conninfo(host=str(postgres.sockets), user=SUPERUTILISATEUR, dbname=base)
    with psycopg.connect(adresse, autocommit=True, connect_timeout=10) as session:
        for texte in textes:
            session.execute(texte.encode())
