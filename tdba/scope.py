"""First lock: which rows a person may reach, as an explicit SQL predicate keyed by right; and the context of the second.

A `Scope` maps each right to a reach. It travels in a context variable, set once per request, job or command;
without one, nobody's rows are reachable (empty means nobody). `select_for` is the only door to scoped tables:
a listener refuses any statement that names one without having come through it. PostgreSQL's row-level security,
whose settings are sent here at the start of each transaction, holds on its own if this module fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final, TypeVar, cast
from weakref import WeakSet

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Executable,
    Integer,
    Select,
    Table,
    and_,
    any_,
    bindparam,
    event,
    false,
    select,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY, SMALLINT
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.sql import func, visitors
from sqlalchemy.sql.dml import UpdateBase

from tdba import horloge
from tdba.db import Base, db
from tdba.portee import PERSONNE, TOUS, VIDE, Droit, Portee, RoleSql, Scope

__all__ = ["PERSONNE", "TOUS", "VIDE", "Droit", "Portee", "RoleSql", "Scope"]

Modele = TypeVar("Modele", bound=Base)
Requete = TypeVar("Requete", bound=Executable)


_SANS_DANGER: Final[WeakSet[Executable]] = WeakSet()
"""Statements found to name no scoped table: those that modules build once are gone through once."""

_courant: ContextVar[Scope] = ContextVar("scope", default=VIDE)
_lecture_seule: ContextVar[bool] = ContextVar("lecture_seule", default=False)


class PorteeOubliee(Exception):
    """A statement names a scoped table without having come through this module: a bug, never a user's error."""


class Introuvable(Exception):
    """Not theirs, or not there: the two are the same answer (404)."""


def courant() -> Scope:
    return _courant.get()


def entrer(scope: Scope, *, lecture_seule: bool | None = None) -> None:
    """Make `scope` the current one, for this context and for the transaction already begun, if any."""
    _courant.set(scope)
    if lecture_seule is not None:
        _lecture_seule.set(lecture_seule)
    if db.session().in_transaction():
        _annoncer(db.session().connection())


@contextmanager
def sous(scope: Scope, *, lecture_seule: bool = False) -> Iterator[None]:
    """Run a block under `scope`, then put back the former one. The block must end its own transaction."""
    jeton, jeton_lecture = _courant.set(scope), _lecture_seule.set(lecture_seule)
    try:
        yield
    finally:
        _courant.reset(jeton)
        _lecture_seule.reset(jeton_lecture)


@contextmanager
def systeme(raison: str) -> Iterator[None]:
    """Run a job or a command as the system, over every organisme. `raison` is kept for whoever reads the journal."""
    with sous(Scope(role=RoleSql.NATIONAL, systeme=raison)):
        yield


@contextmanager
def eleve(raison: str) -> Iterator[None]:
    """Take the national role of PostgreSQL for a few statements of the current transaction, as the same person.

    For statements that no role but the national one may do, by modules on the reviewed list of a test: the right to ask
    was checked before, and no right of the scope changes.
    """
    avant = courant()
    assert raison  # noqa: S101 - a reader must find out why
    entrer(replace(avant, role=RoleSql.NATIONAL))
    try:
        yield
        db.session.flush()
    finally:
        if db.session.is_active:
            entrer(avant)
        else:
            _courant.set(avant)  # the transaction failed: the next one announces by itself


def predicat(modele: type[Base], droit: Droit, *, avec_corbeille: bool = False) -> ColumnElement[bool]:
    """The rows of `modele` that the current scope reaches with `droit`.

    A reach limited to some statuses applies to tables that carry the parcours; on any other it reaches nothing,
    since a status could not be checked there.
    """
    portee = courant().portee(droit)
    if portee.vide:
        return false()
    colonnes = cast(Table, modele.__table__).c
    conditions: list[ColumnElement[bool]] = [true()]
    if portee.organismes is not None:
        conditions.append(parmi(colonnes.organisme_id, portee.organismes))
    if portee.statuts is not None:
        if "bornes" not in colonnes:
            return false()
        conditions.append(statut_parmi(colonnes, portee.statuts))
    if "corbeille_le" in colonnes and not avec_corbeille:
        conditions.append(colonnes.corbeille_le.is_(None))
    return and_(*conditions)


def suivi(modele: type[Base]) -> ColumnElement[bool]:
    """The rows of `modele` whose follow-up may be read, beside `predicat` for CORRIGER (decision 26)."""
    acteur = courant()
    if acteur.suivi is None:
        return true()
    return parmi(cast(Table, modele.__table__).c.organisme_id, acteur.portee_suivi.organismes or frozenset())


def portee_sur(colonne: Any, droit: Droit) -> ColumnElement[bool]:
    """The rows whose `colonne` (another access key than `organisme_id`) is within reach of `droit`, whatever the status.

    A reach limited to some statuses reaches nothing here.
    """
    portee = courant().portee(droit)
    if portee.vide or portee.statuts is not None:
        return false()
    return true() if portee.organismes is None else parmi(colonne, portee.organismes)


def parmi(colonne: ColumnElement[Any], identifiants: frozenset[int]) -> ColumnElement[bool]:
    """`colonne = ANY(:ids)`: one bind whatever the number of organismes, so one cached statement for all."""
    valeurs = bindparam(None, sorted(identifiants), type_=ARRAY(Integer))
    return colonne == any_(sql_cast(valeurs, ARRAY(Integer)))


def statut_parmi(colonnes: Any, statuts: frozenset[int]) -> ColumnElement[bool]:
    """The status today is one of `statuts` (decision 10: the day is always a parameter)."""
    jour = bindparam(None, horloge.aujourd_hui(), type_=Date)
    statut = colonnes.statuts[func.width_bucket(jour, colonnes.bornes)]
    return cast(
        "ColumnElement[bool]", statut == any_(bindparam(None, sorted(statuts), type_=ARRAY(SMALLINT)))
    )


def select_for(
    modele: type[Modele], droit: Droit, *colonnes: Any, avec_corbeille: bool = False
) -> Select[Any]:
    """Start a SELECT on `modele`, limited to what `droit` reaches; on `colonnes` when given, else on the entity."""
    requete = select(*colonnes).select_from(modele) if colonnes else select(modele)
    return autorisee(requete.where(predicat(modele, droit, avec_corbeille=avec_corbeille)), droit)


def limiter(requete: Select[Any], modele: type[Base], droit: Droit) -> Select[Any]:
    """Limit a SELECT on `modele` that a module built once, when it was read: joins of wide tables cost to build."""
    return autorisee(requete.where(predicat(modele, droit)), droit)


def autorisee(requete: Requete, droit: Droit) -> Requete:
    """Vouch for a SELECT whose scoped tables are all limited by `predicat`, or joined to one that is."""
    return requete.execution_options(portee=droit.name)


def select_a_soi(personne: Any, droit: Droit, *colonnes: Any) -> Select[Any]:
    """Start a SELECT on rows that belong to a person by the column `personne`: their own, or anybody's with `droit`."""
    acteur = courant()
    sienne = false() if acteur.personne_id is None else personne == acteur.personne_id
    return autorisee(select(*colonnes).where(true() if acteur.a(droit) else sienne), droit)


def get_or_404(
    modele: type[Modele], cle: int, droit: Droit, *, verrou: bool = False, avec_corbeille: bool = False
) -> Modele:
    """Return the row of that key within reach of `droit`, locked when `verrou`; raise Introuvable otherwise."""
    requete = select_for(modele, droit, avec_corbeille=avec_corbeille).where(cast(Any, modele).id == cle)
    if verrou:
        requete = requete.with_for_update(of=modele)
    ligne = db.session.execute(requete).scalar_one_or_none()
    if ligne is None:
        raise Introuvable
    return cast(Modele, ligne)


def pour_ecriture(requete: UpdateBase, droit: Droit) -> UpdateBase:
    """Let an INSERT, UPDATE or DELETE pass the tripwire. Row-level security still limits it to the write reach."""
    if not courant().a(droit):
        raise PorteeOubliee(f"write without {droit.name}")
    return requete.execution_options(portee=droit.name)


def connexion(raison: str) -> Connection:
    """The raw connection of the session, for set-based SQL. Only row-level security guards it, so say why."""
    assert raison  # noqa: S101 - a reader must find out why the first lock is set aside
    return db.session().connection()


def installer() -> None:
    """Attach the two listeners. Called once, by the application factory."""
    for nom, ecouteur in (("after_begin", _au_debut), ("do_orm_execute", _vigie)):
        if not event.contains(Session, nom, ecouteur):
            event.listen(Session, nom, ecouteur)


def _au_debut(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.parent is None:
        _annoncer(connection)


_REGLAGES: Final = """SELECT set_config('role', %(role)s, true), set_config('tdba.organismes', %(lecture)s, true),
set_config('tdba.organismes_suivi', %(suivi)s, true),
set_config('tdba.organismes_ecriture', %(ecriture)s, true), set_config('tdba.jour', %(jour)s, true),
set_config('tdba.personne', %(personne)s, true), set_config('transaction_read_only', %(lecture_seule)s, true)"""


def _annoncer(connection: Connection) -> None:
    """Tell PostgreSQL who acts, for this transaction only: the second lock reads nothing else."""
    scope = courant()
    connection.exec_driver_sql(
        _REGLAGES,
        {
            "role": scope.role.value,
            "lecture": _liste(scope.portee(Droit.VOIR_NOMINATIF)),
            "ecriture": _liste(scope.portee(Droit.CORRIGER)),
            "suivi": _liste(scope.portee_suivi),
            "jour": horloge.aujourd_hui().isoformat(),
            "personne": str(scope.personne_id or ""),
            "lecture_seule": "on" if _lecture_seule.get() else "off",
        },
    )


def _liste(portee: Portee) -> str:
    """The organismes of a reach as PostgreSQL reads them; national reach goes by its role, not by a list."""
    return "" if portee.organismes is None else ",".join(map(str, sorted(portee.organismes)))


def _vigie(etat: ORMExecuteState) -> None:
    """Refuse a statement that names a scoped table and did not come through this module."""
    if "portee" in etat.execution_options or etat.is_column_load or etat.is_relationship_load:
        return
    if etat.statement in _SANS_DANGER:
        return
    for element in visitors.iterate(cast(Any, etat.statement)):
        table = getattr(element, "table", None) if isinstance(element, UpdateBase) else element
        if isinstance(table, Table) and table.info.get("scopee"):
            raise PorteeOubliee(f"{table.name} was read or written without tdba.scope")
    _SANS_DANGER.add(etat.statement)
