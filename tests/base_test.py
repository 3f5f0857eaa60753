"""The tests' databases: one migrated template, one copy for each worker."""

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy.engine import make_url

from tdba import roles_sql
from tdba.local.serveurs import serveurs

RACINE = Path(__file__).resolve().parent.parent


def preparer(pile: contextlib.ExitStack, worker: str) -> dict[str, str]:
    """Start the servers unless `make test` did, make the template once, copy it. Returns the addresses by login."""
    ici = pile.enter_context(serveurs("test", durable=False))
    verrou = pile.enter_context((ici.dossier / "modele.verrou").open("a"))
    fcntl.flock(verrou, fcntl.LOCK_EX)
    modele = f"modele_{_empreinte_migrations()}"
    base = f"test_{worker}_{os.getpid()}"  # two runs at once keep out of each other's way
    _creer_modele(ici.url_superutilisateur, ici.url_proprietaire, modele)
    _executer(
        ici.url_superutilisateur,
        "postgres",
        f"CREATE DATABASE {base} TEMPLATE {modele} OWNER {roles_sql.PROPRIETAIRE}",
    )
    fcntl.flock(verrou, fcntl.LOCK_UN)
    pile.callback(
        _executer, ici.url_superutilisateur, "postgres", f"DROP DATABASE IF EXISTS {base} WITH (FORCE)"
    )
    logins = {
        "superutilisateur": ici.url_superutilisateur,
        "proprietaire": ici.url_proprietaire,
        "web": ici.url_web,
        "worker": ici.url_worker,
    }
    return {nom: _vers(url, base) for nom, url in logins.items()} | {"redis": ici.url_redis}


def _empreinte_migrations() -> str:
    fichiers = sorted((RACINE / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(f.read_bytes() for f in fichiers)).hexdigest()[:12]


def _creer_modele(superutilisateur: str, proprietaire: str, modele: str) -> None:
    with _lien(superutilisateur, "postgres") as lien:
        if lien.execute("SELECT FROM pg_database WHERE datname = %s", (modele,)).fetchone() is not None:
            return
    brouillon = f"{modele}_brouillon"
    _executer(superutilisateur, "postgres", f"DROP DATABASE IF EXISTS {brouillon} WITH (FORCE)")
    _executer(superutilisateur, "postgres", f"CREATE DATABASE {brouillon} OWNER {roles_sql.PROPRIETAIRE}")
    _executer(superutilisateur, brouillon, roles_sql.sql_extensions())
    _executer(superutilisateur, brouillon, f"ALTER SCHEMA public OWNER TO {roles_sql.PROPRIETAIRE}")
    migrer(_vers(proprietaire, brouillon))
    _executer(superutilisateur, "postgres", f"ALTER DATABASE {brouillon} RENAME TO {modele}")


def migrer(url: str, cible: str = "head") -> None:
    """Run the migrations on the database of that owner's address."""
    ancienne = os.environ.get("TDBA_DATABASE_URL_PROPRIETAIRE")
    os.environ["TDBA_DATABASE_URL_PROPRIETAIRE"] = url
    try:
        command.upgrade(Config(str(RACINE / "migrations" / "alembic.ini")), cible)
    finally:
        if ancienne is None:
            del os.environ["TDBA_DATABASE_URL_PROPRIETAIRE"]
        else:
            os.environ["TDBA_DATABASE_URL_PROPRIETAIRE"] = ancienne


def copier(superutilisateur: str, nom: str) -> str:
    """Make one more empty database from the template; returns the superuser's address of it."""
    base = f"test_{nom}_{os.getpid()}"
    modele = f"modele_{_empreinte_migrations()}"
    _executer(
        superutilisateur,
        "postgres",
        f"CREATE DATABASE {base} TEMPLATE {modele} OWNER {roles_sql.PROPRIETAIRE}",
    )
    return _vers(superutilisateur, base)


def effacer(superutilisateur: str, url: str) -> None:
    """Drop what `copier` made."""
    _executer(superutilisateur, "postgres", f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


def _vers(url: str, base: str) -> str:
    return make_url(url).set(database=base).render_as_string(hide_password=False)


def _lien(url: str, base: str) -> psycopg.Connection[tuple[object, ...]]:
    cible = make_url(url)
    return psycopg.connect(
        host=str(cible.query["host"]), user=cible.username, dbname=base, autocommit=True, connect_timeout=10
    )


def _executer(url: str, base: str, texte: str) -> None:
    with _lien(url, base) as lien:
        lien.execute(sql.SQL(texte))  # type: ignore[arg-type]
