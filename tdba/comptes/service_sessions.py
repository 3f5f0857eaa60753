"""Rows of `session_web` (decision 27): the identifier is random, only its SHA-256 is stored.

`ouvrir`, `modifier`, `toucher` and `effacer` run in a transaction of their own: the page's one may be read-only,
or rolled back. `fermer` belongs to the transaction of whoever asks for it.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Text, delete, insert, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from tdba import journal, limites, scope
from tdba.comptes import queries
from tdba.comptes.models import SessionWeb
from tdba.config import Configuration
from tdba.db import db

DUREE_ANONYME: Final = timedelta(hours=1)
"""Life of a session that no login followed: long enough for a form and a visit to the provider."""
PRECISION: Final = timedelta(minutes=1)
"""How often `vue_le` is written, at most."""

LONGUEUR_JETON: Final = 43
"""32 random bytes in base64: anything else is not one of our cookies."""


def empreinte(jeton: str) -> bytes:
    return hashlib.sha256(jeton.encode()).digest()


@contextmanager
def _transaction() -> Iterator[Session]:
    with scope.sous(scope.VIDE), db.session.session_factory() as session, session.begin():
        yield session


def ouvrir(
    *,
    personne_id: int | None,
    habilitation_id: int | None,
    donnees: Mapping[str, Any],
    maintenant: datetime,
    configuration: Configuration,
    remplace: Collection[int] = (),
    niveau: str | None = None,
) -> str:
    """Store a new session in place of the rows `remplace`, and return what the cookie will hold."""
    jeton = secrets.token_urlsafe(32)
    duree = DUREE_ANONYME if personne_id is None else timedelta(seconds=configuration.session_duree)
    with _transaction() as session:
        if remplace:
            session.execute(delete(SessionWeb).where(SessionWeb.id.in_(remplace)))
        session.execute(
            insert(SessionWeb).values(
                empreinte=empreinte(jeton),
                personne_id=personne_id,
                habilitation_id=habilitation_id,
                cree_le=maintenant,
                vue_le=maintenant,
                expire_le=maintenant + duree,
                donnees=dict(donnees),
                niveau=niveau,
            )
        )
    return jeton


def modifier(
    ligne_id: int,
    *,
    changees: Mapping[str, Any],
    retirees: Collection[str],
    habilitation_id: int | None,
    maintenant: datetime,
    facteur_le: datetime | None = None,
) -> str | None:
    """Write what one request changed. Other keys are left alone: two tabs do not undo each other.

    With `facteur_le`, a second factor was shown: the identifier changes, the new one is returned.
    """
    jeton = secrets.token_urlsafe(32) if facteur_le else None
    preuve = {"facteur_le": facteur_le, "empreinte": empreinte(jeton)} if jeton else {}
    sans = SessionWeb.donnees.op("-")(sql_cast(list(retirees), ARRAY(Text)))
    donnees = sans.op("||")(sql_cast(dict(changees), JSONB))
    with _transaction() as session:
        session.execute(
            update(SessionWeb)
            .where(SessionWeb.id == ligne_id)
            .values(donnees=donnees, habilitation_id=habilitation_id, vue_le=maintenant, **preuve)
        )
    return jeton


def toucher(ligne_id: int, maintenant: datetime) -> None:
    """Note that the session is in use."""
    with _transaction() as session:
        session.execute(update(SessionWeb).where(SessionWeb.id == ligne_id).values(vue_le=maintenant))


def effacer(ids: Collection[int]) -> None:
    with _transaction() as session:
        session.execute(delete(SessionWeb).where(SessionWeb.id.in_(ids)))


def echue(
    session: SessionWeb, type_organisation: str | None, maintenant: datetime, configuration: Configuration
) -> bool:
    """The session is over: too old, or unused for longer than its organisation's type allows (decision 27)."""
    cfa = type_organisation == "ORGANISME_FORMATION"
    secondes = configuration.session_inactivite if cfa else configuration.session_inactivite_autres
    return session.expire_le <= maintenant or session.vue_le + timedelta(seconds=secondes) < maintenant


def ouvertes(personne_id: int, maintenant: datetime, configuration: Configuration) -> list[SessionWeb]:
    """A person's sessions that still open something, the last seen first."""
    toutes = queries.sessions_de(personne_id)
    return [session for session, genre in toutes if not echue(session, genre, maintenant, configuration)]


def fermer_sessions(personne_id: int, *, seulement: int | None = None, sauf: int | None = None) -> int:
    """End a person's sessions, in the current transaction: all, one (`seulement`), or all but one (`sauf`).

    Returns how many were ended; each browser is sent to the login at its next request.
    """
    requete = delete(SessionWeb).where(SessionWeb.personne_id == personne_id)
    if seulement is not None:
        requete = requete.where(SessionWeb.id == seulement)
    if sauf is not None:
        requete = requete.where(SessionWeb.id != sauf)
    nombre = cast("CursorResult[Any]", db.session.execute(requete)).rowcount
    if nombre:
        journal.consigner("compte.session_fermee", objet=("personne", personne_id), nombre=nombre)
    return nombre


def purger(maintenant: datetime) -> int:
    """Delete the sessions past their absolute end, and the counts of tries that say nothing any more.

    Returns how many sessions.
    """
    limites.purger(maintenant)
    requete = delete(SessionWeb).where(SessionWeb.expire_le <= maintenant)
    return cast("CursorResult[Any]", db.session.execute(requete)).rowcount
