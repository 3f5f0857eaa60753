"""The SQL that prepares a server: roles and extensions (decision 23).

It is run once by whoever administers the server, as a superuser, before the first migration. Printed by
`flask --app wsgi db-roles` for a managed host, executed by the local launcher and by the tests.
"""

from typing import Final

PROPRIETAIRE: Final = "tdba_proprietaire"
"""Owns the database and its tables, runs migrations. Never used by a running process."""

LOGINS: Final = ("tdba_web", "tdba_worker")
"""What processes log in as. They hold no right on any table: they must take a role first."""

ROLES: Final = ("tdba_famille", "tdba_territoire", "tdba_national")
"""What a transaction becomes by `SET LOCAL ROLE`; the row policies are written for these."""

EXTENSIONS: Final = ("pg_trgm", "unaccent")


def sql_roles() -> str:
    """Return idempotent SQL that creates the six roles and their memberships.

    NOINHERIT matters: a login that forgets `SET ROLE` must read nothing, rather than read by inheritance.
    """
    creations = [_creer(PROPRIETAIRE, "LOGIN NOINHERIT")]
    creations += [_creer(nom, "LOGIN NOINHERIT") for nom in LOGINS]
    creations += [_creer(nom, "NOLOGIN") for nom in ROLES]
    appartenances = [f"GRANT {', '.join(ROLES)} TO {nom};" for nom in LOGINS]
    return "\n".join([*creations, *appartenances])


def sql_extensions() -> str:
    """Return idempotent SQL, to run inside the application's database, that adds the extensions it needs."""
    return "\n".join(f"CREATE EXTENSION IF NOT EXISTS {nom} SCHEMA public;" for nom in EXTENSIONS)


def _creer(nom: str, attributs: str) -> str:
    attributs = f"{attributs} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    return f"""DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{nom}') THEN CREATE ROLE {nom}; END IF;
END $$;
ALTER ROLE {nom} {attributs};"""
