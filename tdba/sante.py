"""Probes of the host, and the commands that prepare a database."""

from collections.abc import Callable
from pathlib import Path

import click
import redis
from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tdba import roles_sql, scope
from tdba.access import public
from tdba.config import Configuration
from tdba.db import db

bp = Blueprint("sante", __name__)

TETE = Path(__file__).resolve().parent.parent / "migrations" / ".current-head"


@bp.get("/healthz")
@public("sonde de l’hébergeur : le processus répond")
def processus() -> Response:
    """The process answers; nothing else is looked at, so that a lost database does not restart every process."""
    return jsonify({"etat": "ok"})


@bp.get("/readyz")
@public("sonde de l’hébergeur : le service peut servir")
def service() -> tuple[Response, int]:
    """PostgreSQL answers, its roles are right, migrations are at head; Redis is told but does not close the service.

    Without Redis pages and login work and jobs wait in their table (decision 27), so its absence answers 200.
    """
    constats = {nom: _constater(sonde) for nom, sonde in _SONDES.items()}
    pret = all(constats[nom] == "ok" for nom in ("postgresql", "roles", "migrations"))
    return jsonify({"etat": "ok" if pret else "indisponible", **constats}), 200 if pret else 503


def _constater(sonde: Callable[[], str | None]) -> str:
    """Run one probe; returns "ok" or what is missing, never a detail of the failure."""
    try:
        return sonde() or "ok"
    except SQLAlchemyError:
        db.session.rollback()
        return "injoignable"
    except redis.RedisError:
        return "injoignable"


def _postgresql() -> str | None:
    version = (
        scope.connexion("sonde")
        .execute(text("SELECT current_setting('server_version_num')::int"))
        .scalar_one()
    )
    return None if version >= 150000 else "PostgreSQL 15 ou plus récent est nécessaire"


def _roles() -> str | None:
    """Our login may take the three roles, and is neither owner nor above row-level security."""
    manque = verifier_roles(current_app.extensions["tdba"])
    return "; ".join(manque) or None


def verifier_roles(configuration: Configuration) -> list[str]:
    """Say what the database roles lack (decision 23); empty when both locks can hold."""
    connexion = scope.connexion("sonde des rôles")
    manque = [
        f"le rôle {role} manque à cette connexion"
        for role in roles_sql.ROLES
        if not connexion.execute(_MEMBRE, {"role": role}).scalar_one()
    ]
    puissant = connexion.execute(_PUISSANT).scalar_one()
    if puissant and configuration.env != "test":
        manque.append("cette connexion contourne les politiques de lignes")
    return manque


_MEMBRE = text(
    "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role) "
    "AND (SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = :role)"
)
_PUISSANT = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")


def _migrations() -> str | None:
    attendue = TETE.read_text().strip()
    trouvee = (
        scope.connexion("sonde").execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    )
    return None if trouvee == attendue else f"version {trouvee} en base, {attendue} attendue"


def _redis() -> str | None:
    configuration: Configuration = current_app.extensions["tdba"]
    client = redis.Redis.from_url(configuration.redis_url, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    finally:
        client.close()
    return None


_SONDES: dict[str, Callable[[], str | None]] = {
    "postgresql": _postgresql,
    "roles": _roles,
    "migrations": _migrations,
    "redis": _redis,
}


@click.command("db-roles")
def afficher_roles() -> None:
    """Print the SQL to run once, as an administrator of the server, before the first migration."""
    click.echo(roles_sql.sql_roles())
    click.echo(f"-- then, inside the application's database:\n{roles_sql.sql_extensions()}")
    click.echo(f"ALTER SCHEMA public OWNER TO {roles_sql.PROPRIETAIRE};")


def installer(app: Flask) -> None:
    """Register the probes and the command."""
    app.register_blueprint(bp)
    app.cli.add_command(afficher_roles)
