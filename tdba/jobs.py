"""Jobs: an outbox row in the transaction of the change, a hint to Redis after it, and a run that may happen twice.

`enqueue_after_commit` inserts a row of `tache`; nothing leaves the process unless that transaction commits.
Redis only learns the (name, key) to look at, so losing it loses nothing: the sweep pushes old rows again.
A run claims every committed row of its (name, key) `FOR UPDATE SKIP LOCKED`. A short job does its work in that very
transaction. A long job takes a lease, works by batches that commit, renews the lease at each, deletes its rows last.
Jobs receive ids and texts, open the system scope, and call one service function.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    delete,
    event,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from tdba import horloge, scope
from tdba.db import Base, Cle, db, table_de

journal_technique = logging.getLogger("tdba.jobs")

BAIL: Final = timedelta(seconds=90)
"""How long a long job may be silent before another run may take its rows."""
REPRISE: Final = timedelta(seconds=60)
"""Age from which the sweep pushes a row again."""
ESSAIS_MAX: Final = 5
"""Failures after which a row waits for support instead of being tried again."""


class Tache(Base):
    """One thing to do, not yet done. No unique constraint: asking twice is two rows and one run."""

    __tablename__ = "tache"
    __table_args__ = (Index("ix_tache_nom_cle", "nom", "cle"), Index("ix_tache_cree_le", "cree_le"))
    id: Mapped[Cle]
    nom: Mapped[str]
    cle: Mapped[str]
    """The arguments as canonical JSON: rows with the same name and key ask for the same run."""
    cree_le: Mapped[datetime]
    pas_avant: Mapped[datetime]
    bail_jusqu_a: Mapped[datetime | None]
    essais: Mapped[int] = mapped_column(server_default=text("0"))
    derniere_erreur: Mapped[str | None]
    """Class of the last exception, never its message: it could hold a name."""


class Travail(Base):
    """A long work as people see it: what, whose, how far (90 days)."""

    __tablename__ = "travail"
    __table_args__ = (
        CheckConstraint("etat IN ('EN_ATTENTE', 'EN_COURS', 'TERMINE', 'ECHOUE')", name="etat"),
        Index("ix_travail_personne_id", "personne_id", "id"),
        Index("ix_travail_cree_le", "cree_le"),
    )
    id: Mapped[Cle]
    genre: Mapped[str]
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    etat: Mapped[str] = mapped_column(server_default=text("'EN_ATTENTE'"))
    fait: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    total: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    reprise: Mapped[int | None]
    """Where to start again after an interruption (meaning given by the kind of work)."""
    comptes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    cree_le: Mapped[datetime]
    debut_le: Mapped[datetime | None]
    fin_le: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Metier:
    """A registered job. `longue` jobs commit by batches and hold a lease."""

    nom: str
    fonction: Callable[..., None]
    longue: bool
    file: str


REGISTRE: dict[str, Metier] = {}
PLANIFICATION: dict[str, int] = {}
"""Job name → period in minutes, of what runs by itself; the scheduler reads it."""

Pousser = Callable[[str, str, str], None]
_pousser: list[Pousser] = []


class TacheInconnue(Exception):
    """No job of that name is registered: the code that asked for it and the worker are of two versions."""


def tache(
    nom: str, *, longue: bool = False, file: str = "courant", minutes: int | None = None
) -> Callable[[Any], Any]:
    """Register a job under a text name, run by itself every `minutes` when given.

    A `longue` job receives a first argument: a function that commits its batch and renews its lease.
    """

    def enregistrer(fonction: Callable[..., None]) -> Callable[..., None]:
        REGISTRE[nom] = Metier(nom, fonction, longue, file)
        if minutes:
            PLANIFICATION[nom] = minutes
        return fonction

    return enregistrer


def brancher(pousser: Pousser) -> None:
    """Say how a hint reaches the workers: (queue, name, key). Replaces the former way."""
    _pousser[:] = [pousser]


def enqueue_after_commit(nom: str, *, pas_avant: datetime | None = None, **arguments: int | str) -> None:
    """Ask for a job, in the current transaction. Arguments are ids and short texts, never objects nor names."""
    metier = REGISTRE.get(nom)
    if metier is None:
        raise TacheInconnue(nom)
    if not all(type(valeur) in (int, str) for valeur in arguments.values()):
        raise TypeError(f"{nom}: a job takes ids and texts only")
    cle = json.dumps(arguments, sort_keys=True, separators=(",", ":"))
    session = db.session()
    maintenant = horloge.maintenant()
    rangee = {"nom": nom, "cle": cle, "cree_le": maintenant, "pas_avant": pas_avant or maintenant}
    # Inline: whoever asks for a job may add rows, not read them back.
    session.execute(insert(table_de(Tache)).values(rangee).inline())
    if pas_avant is None:
        session.info.setdefault("indices", []).append((metier.file, nom, cle))


def _apres_transaction(session: Session, transaction: SessionTransaction) -> None:
    """Push the hints once the root transaction has ended; a hint whose row was rolled back finds nothing to do."""
    if transaction.parent is not None:
        return
    for file, nom, cle in dict.fromkeys(session.info.pop("indices", ())):
        suggerer(file, nom, cle)


def suggerer(file: str, nom: str, cle: str) -> None:
    """Push one hint. A failure is logged and forgotten: the sweep will push it again."""
    for pousser in _pousser:
        try:
            pousser(file, nom, cle)
        except Exception as erreur:  # noqa: BLE001 - whatever Redis does, the row is safe in PostgreSQL
            journal_technique.warning("hint not pushed: %s (%s)", nom, type(erreur).__name__)


def installer() -> None:
    """Attach the listener. Called once, by the application factory."""
    if not event.contains(Session, "after_transaction_end", _apres_transaction):
        event.listen(Session, "after_transaction_end", _apres_transaction)


def executer(nom: str, cle: str) -> bool:
    """Run the job (name, key) if committed rows ask for it and nobody else is at it. True when it ran.

    An exception rolls the work back, counts one failure on the rows, and is raised again for the worker's log.
    """
    metier = REGISTRE.get(nom)
    if metier is None:
        raise TacheInconnue(nom)
    with scope.systeme(nom):
        ids = _reclamer(nom, cle)
        if not ids:
            db.session.rollback()
            return False
        try:
            if metier.longue:
                _executer_longue(metier, ids, json.loads(cle))
            else:
                metier.fonction(**json.loads(cle))
                _retirer(ids)
            db.session.commit()
        except BaseException as erreur:
            db.session.rollback()
            _compter_echec(ids, erreur)
            raise
    return True


def _reclamer(nom: str, cle: str) -> Sequence[int]:
    maintenant = horloge.maintenant()
    requete = (
        select(Tache.id)
        .where(Tache.nom == nom, Tache.cle == cle, Tache.pas_avant <= maintenant, Tache.essais < ESSAIS_MAX)
        .where(or_(Tache.bail_jusqu_a.is_(None), Tache.bail_jusqu_a < maintenant))
        .with_for_update(skip_locked=True)
    )
    return db.session.execute(requete).scalars().all()


def _executer_longue(metier: Metier, ids: Sequence[int], arguments: dict[str, Any]) -> None:
    def renouveler() -> None:
        """Commit the batch and keep the rows ours for `BAIL` more."""
        fin = horloge.maintenant() + BAIL
        db.session.execute(update(Tache).where(Tache.id.in_(ids)).values(bail_jusqu_a=fin))
        db.session.commit()

    renouveler()
    metier.fonction(renouveler, **arguments)
    _retirer(ids)


def _retirer(ids: Sequence[int]) -> None:
    db.session.execute(delete(Tache).where(Tache.id.in_(ids)))


def _compter_echec(ids: Sequence[int], erreur: BaseException) -> None:
    valeurs = {"essais": Tache.essais + 1, "derniere_erreur": type(erreur).__name__, "bail_jusqu_a": None}
    valeurs["pas_avant"] = horloge.maintenant() + REPRISE
    db.session.execute(update(Tache).where(Tache.id.in_(ids)).values(valeurs))
    db.session.commit()


def demander_periodiques(minute: int) -> None:
    """Ask for the periodic jobs due at this minute (counted from 1970). Twice the same minute is one run."""
    dus = [nom for nom, periode in PLANIFICATION.items() if minute % periode == 0]
    with scope.systeme("planification"):
        for nom in dus:
            enqueue_after_commit(nom)
        db.session.commit()


def balayer() -> int:
    """Push again every row older than REPRISE that nobody holds. Returns how many runs were suggested."""
    maintenant = horloge.maintenant()
    with scope.systeme("balayage"):
        requete = (
            select(Tache.nom, Tache.cle)
            .where(
                Tache.cree_le < maintenant - REPRISE, Tache.pas_avant <= maintenant, Tache.essais < ESSAIS_MAX
            )
            .where(or_(Tache.bail_jusqu_a.is_(None), Tache.bail_jusqu_a < maintenant))
            .group_by(Tache.nom, Tache.cle)
            .order_by(Tache.nom, Tache.cle)
            .limit(1000)
        )
        lignes = db.session.execute(requete).all()
        db.session.rollback()
    for nom, cle in lignes:
        metier = REGISTRE.get(nom)
        suggerer(metier.file if metier else "courant", nom, cle)
    return len(lignes)
