"""The journal: append-only, without any personal value nor hash (decision 34).

The catalogue (`evenements`) fixes, for each event, the names of its details; a wrong or missing one raises at the call.
Details are ids, field names, counts and codes. A job seals committed rows so that a later change shows.
"""

import hashlib
import json
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, insert, literal_column, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tdba import horloge, scope
from tdba.db import Base, Cle, Grand, db, table_de
from tdba.evenements import CATALOGUE

reference_requete: ContextVar[str] = ContextVar("reference_requete", default="")
"""Reference of the current request, printed on error pages: joins a journal row to a technical log line."""


class Evenement(Base):
    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_objet", "objet_type", "objet_id"),
        Index("ix_journal_personne_id", "personne_id", "id"),
        # Whose names a page or a file showed: what the story of a record is read by.
        Index(
            "ix_journal_ids",
            literal_column("(details -> 'ids')").label("ids"),
            postgresql_using="gin",
            postgresql_ops={"ids": "jsonb_path_ops"},
            postgresql_where=text("details ? 'ids'"),
        ),
        {"info": {"ajout_seul": True}},
    )
    id: Mapped[Cle]
    le: Mapped[datetime]
    evenement: Mapped[str]
    personne_id: Mapped[Grand | None]
    habilitation_id: Mapped[Grand | None]
    organisme_id: Mapped[int | None]
    """The organisme concerned, when there is exactly one."""
    objet_type: Mapped[str | None]
    objet_id: Mapped[Grand | None]
    details: Mapped[dict[str, Any]]
    reference: Mapped[str]


class Sceau(Base):
    """A sealed range of the journal: its digest chains to the previous seal."""

    __tablename__ = "sceau"
    __table_args__ = ({"info": {"ajout_seul": True}},)
    id: Mapped[Cle]
    premier_id: Mapped[Grand]
    dernier_id: Mapped[Grand]
    nombre: Mapped[int]
    empreinte: Mapped[bytes] = mapped_column(LargeBinary)
    precedent: Mapped[bytes] = mapped_column(LargeBinary)
    le: Mapped[datetime]


class EvenementInconnu(Exception):
    """The event or its details are not those of the catalogue: a bug at the call site."""


def consigner(
    evenement: str,
    *,
    organisme_id: int | None = None,
    objet: tuple[str, int] | None = None,
    session: Session | None = None,
    **details: Any,
) -> None:
    """Write one event in the current transaction, so that it shares its fate.

    `objet` is (table, id). Raises EvenementInconnu when the details are not exactly those of the catalogue.
    """
    if CATALOGUE.get(evenement) != details.keys():
        raise EvenementInconnu(f"{evenement} with {sorted(details)}")
    acteur = scope.courant()
    rangee = {
        "le": horloge.maintenant(),
        "evenement": evenement,
        "personne_id": acteur.personne_id,
        "habilitation_id": acteur.habilitation_id,
        "organisme_id": organisme_id if organisme_id is not None else acteur.organisme_acteur_id,
        "objet_type": objet[0] if objet else None,
        "objet_id": objet[1] if objet else None,
        "details": details,
        "reference": reference_requete.get(),
    }
    # Inline: everybody may add to the journal, few may read it back.
    (session or db.session()).execute(insert(table_de(Evenement)).values(rangee).inline())


def sceller(jusqu_a: int) -> int:
    """Seal the rows after the last seal up to id `jusqu_a`, which must be below every running transaction.

    Returns how many rows were sealed. Runs as the system; the caller commits.
    """
    session = db.session()
    dernier = session.execute(select(Sceau).order_by(Sceau.id.desc()).limit(1)).scalar_one_or_none()
    debut = dernier.dernier_id if dernier else 0
    lignes = session.execute(
        select(Evenement).where(Evenement.id > debut, Evenement.id <= jusqu_a).order_by(Evenement.id)
    ).scalars()
    rangees = list(lignes)
    if not rangees:
        return 0
    precedent = dernier.empreinte if dernier else b""
    session.add(
        Sceau(
            premier_id=rangees[0].id,
            dernier_id=jusqu_a,
            nombre=len(rangees),
            empreinte=empreinte(rangees, precedent),
            precedent=precedent,
            le=horloge.maintenant(),
        )
    )
    return len(rangees)


def verifier() -> list[int]:
    """Return the ids of the seals that no longer match their rows or their predecessor: the journal was changed."""
    session = db.session()
    faux: list[int] = []
    precedent, fin = b"", 0
    for sceau in session.execute(select(Sceau).order_by(Sceau.id)).scalars():
        if not intact(sceau, precedent, fin):
            faux.append(sceau.id)
        precedent, fin = sceau.empreinte, sceau.dernier_id
    return faux


def intact(sceau: Sceau, precedent: bytes, fin: int) -> bool:
    """A seal still matches its rows, and the seal before it, whose digest is `precedent` and last row `fin`."""
    requete = select(Evenement).where(Evenement.id > fin, Evenement.id <= sceau.dernier_id)
    rangees = list(db.session().execute(requete.order_by(Evenement.id)).scalars())
    if len(rangees) != sceau.nombre or sceau.precedent != precedent:
        return False
    return empreinte(rangees, sceau.precedent) == sceau.empreinte


def empreinte(evenements: Sequence[Evenement], precedent: bytes) -> bytes:
    """Digest of a run of events, chained to the digest before it."""
    condense = hashlib.sha256(precedent)
    for e in evenements:
        champs = [e.id, e.le.timestamp(), e.evenement, e.personne_id, e.habilitation_id, e.organisme_id]
        champs += [e.objet_type, e.objet_id, e.details, e.reference]
        condense.update(json.dumps(champs, sort_keys=True).encode())
    return condense.digest()
