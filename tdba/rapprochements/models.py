"""Comparisons between what an ERP says it holds and what is counted here, name by name."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, OrganismeId

ORIGINES = ("LISTE", "TRANSMISSION")
ACTEURS = ("VOUS", "ERP", "NOUS")


class Rapprochement(Base):
    """One comparison: for one organisme, one school year, on one day."""

    __tablename__ = "rapprochement"
    __table_args__ = (
        CheckConstraint(f"origine IN {ORIGINES}", name="origine"),
        CheckConstraint("etat IN ('EN_COURS', 'PRET', 'ILLISIBLE')", name="etat"),
        UniqueConstraint("id", "organisme_id"),
        Index("ix_rapprochement_organisme_id", "organisme_id", "id"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    uuid: Mapped[UUID] = mapped_column(unique=True)
    organisme_id: Mapped[OrganismeId]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    transmission_id: Mapped[int | None] = mapped_column(ForeignKey("transmission.id", ondelete="SET NULL"))
    origine: Mapped[str]
    annee_scolaire: Mapped[str]
    jour: Mapped[date]
    etat: Mapped[str] = mapped_column(server_default=text("'EN_COURS'"))
    nb_annonces: Mapped[int] = mapped_column(server_default=text("0"))
    nb_comptes: Mapped[int] = mapped_column(server_default=text("0"))
    precisions: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Which people are counted, and what the list was made from (`service`)."""
    cree_le: Mapped[datetime]


class RapprochementLigne(Base):
    """One person who makes a difference between the two counts, and why.

    A list that was given is kept whole, so that it can be compared again: without a reason, the person is on both sides.
    """

    __tablename__ = "rapprochement_ligne"
    __table_args__ = (
        PrimaryKeyConstraint("rapprochement_id", "rang"),
        CheckConstraint(f"acteur IN {ACTEURS}", name="acteur"),
        ForeignKeyConstraint(
            ["rapprochement_id", "organisme_id"],
            ["rapprochement.id", "rapprochement.organisme_id"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        PERSONNELLE,
    )
    rapprochement_id: Mapped[Grand]
    organisme_id: Mapped[int]
    rang: Mapped[int]
    annee_scolaire: Mapped[str]
    dit: Mapped[dict[str, Any]]
    """Identifiers and status as the list gives them; empty for a record that it does not name."""
    effectif_id: Mapped[Grand | None]
    raison: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    acteur: Mapped[str | None]
    """Who can act: you, your ERP, us."""
    regle_le: Mapped[datetime | None]
