"""What senders send: API keys, delegations, transmissions and their raw lines (decisions 12 to 16)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, SCOPEE, Base, Cle, Grand, OrganismeId

ETATS_LIGNE = ("A_TRAITER", "REFUSEE", "CREEE", "MODIFIEE", "INCHANGEE", "RETENUE")


class CleApi(Base):
    """A key of one organisme. Only its hash is kept; the prefix lets its owner recognise it (decision 12)."""

    __tablename__ = "cle_api"
    __table_args__ = (SCOPEE,)
    id: Mapped[Cle]
    organisme_id: Mapped[OrganismeId] = mapped_column(index=True)
    empreinte: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    prefixe: Mapped[str]
    libelle: Mapped[str]
    cree_le: Mapped[datetime]
    creee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    expire_le: Mapped[datetime | None]
    revoquee_le: Mapped[datetime | None]
    utilisee_le: Mapped[datetime | None]
    adresse: Mapped[str | None]


class Delegation(Base):
    """`organisme` lets `delegue` send for it, between two days."""

    __tablename__ = "delegation"
    __table_args__ = (
        PrimaryKeyConstraint("organisme_id", "delegue_id", "debut"),
        CheckConstraint("organisme_id <> delegue_id", name="distincts"),
        SCOPEE,
    )
    organisme_id: Mapped[OrganismeId]
    delegue_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), index=True)
    debut: Mapped[date]
    fin: Mapped[date | None]


class Transmission(Base):
    __tablename__ = "transmission"
    __table_args__ = (
        CheckConstraint("etat IN ('RECUE', 'EN_COURS', 'TRAITEE')", name="etat"),
        CheckConstraint("source IN ('ERP', 'FICHIER')", name="source"),
        Index("ix_transmission_transmetteur", "transmetteur_id", "recue_le"),
        Index("ix_transmission_recue_le", "recue_le"),
        SCOPEE,
    )
    id: Mapped[Cle]
    uuid: Mapped[UUID] = mapped_column(unique=True)
    transmetteur_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"))
    cle_api_id: Mapped[int | None] = mapped_column(ForeignKey("cle_api.id"))
    source: Mapped[str]
    etat: Mapped[str] = mapped_column(server_default=text("'RECUE'"))
    recue_le: Mapped[datetime]
    traitee_le: Mapped[datetime | None]
    nb_lignes: Mapped[int]
    nb_refusees: Mapped[int] = mapped_column(server_default=text("0"))
    """Lines refused before the answer; the outcome of the others is counted in `reception`."""


class Reception(Base):
    """What one transmission brought to one organisme, counted. Lines of nobody are counted with their sender."""

    __tablename__ = "reception"
    __table_args__ = (
        PrimaryKeyConstraint("transmission_id", "organisme_id"),
        Index("ix_reception_organisme_id", "organisme_id", "recue_le"),
        SCOPEE,
    )
    transmission_id: Mapped[int] = mapped_column(ForeignKey("transmission.id", ondelete="CASCADE"))
    organisme_id: Mapped[OrganismeId]
    recue_le: Mapped[datetime]
    nb_lignes: Mapped[int]
    nb_refusees: Mapped[int]
    nb_creees: Mapped[int] = mapped_column(server_default=text("0"))
    nb_modifiees: Mapped[int] = mapped_column(server_default=text("0"))
    nb_inchangees: Mapped[int] = mapped_column(server_default=text("0"))
    nb_retenues: Mapped[int] = mapped_column(server_default=text("0"))
    traitee_le: Mapped[datetime | None]


class Ligne(Base):
    """A raw line, as received less what may not be kept (decision 16).

    Two access keys, one policy on each (decision 15): who sent it, and whom it is about once found.
    """

    __tablename__ = "ligne"
    __table_args__ = (
        UniqueConstraint("transmission_id", "rang"),
        CheckConstraint(f"etat IN {ETATS_LIGNE}", name="etat"),
        Index("ix_ligne_transmetteur_id", "transmetteur_id", "id"),
        Index("ix_ligne_organisme_id", "organisme_id", "id"),
        Index("ix_ligne_a_traiter", "organisme_id", "id", postgresql_where=text("etat = 'A_TRAITER'")),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    transmission_id: Mapped[int] = mapped_column(ForeignKey("transmission.id", ondelete="CASCADE"))
    rang: Mapped[int]
    """Position in what was sent, 1 first: the number that an ERP's user can find."""
    transmetteur_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"))
    organisme_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    responsable_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    annee_scolaire: Mapped[str | None]
    contenu: Mapped[Any] = mapped_column(JSONB)
    erreurs: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    etat: Mapped[str] = mapped_column(server_default=text("'A_TRAITER'"))
    effectif_id: Mapped[Grand | None]
    traitee_le: Mapped[datetime | None]
