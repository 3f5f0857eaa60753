"""Two records that may be one person, what was decided of them, and merges that can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger

from tdba.db import PERSONNELLE, Base, Cle, Court, Grand, OrganismeId, Textes
from tdba.effectifs.models import cle_effectif

ETATS_DOUBLON = ("OUVERT", "ECARTE", "FUSIONNE", "DISPARU")


class Doublon(Base):
    """A pair of records, the smaller id first. Read only by who reaches both establishments."""

    __tablename__ = "doublon"
    __table_args__ = (
        cle_effectif(),
        ForeignKeyConstraint(
            ["autre_id", "autre_organisme_id"],
            ["effectif.id", "effectif.organisme_id"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        UniqueConstraint("effectif_id", "autre_id"),
        CheckConstraint("effectif_id < autre_id", name="ordre"),
        CheckConstraint(f"etat IN {ETATS_DOUBLON}", name="etat"),
        Index("ix_doublon_autre_id", "autre_id"),
        Index("ix_doublon_ouvert", "organisme_id", "id", postgresql_where=text("etat = 'OUVERT'")),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    autre_id: Mapped[Grand]
    autre_organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    score: Mapped[Court]
    """0 to 100: how likely they are one person."""
    raisons: Mapped[Textes]
    """Codes of what they have in common, or nearly."""
    etat: Mapped[str] = mapped_column(server_default=text("'OUVERT'"))
    cree_le: Mapped[datetime]
    maj_le: Mapped[datetime]
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    """Who said that they are two persons, or merged them."""
    commentaire: Mapped[str | None]


class Fusion(Base):
    """A merge: which record stayed, which fields came from the other one, and what undoing puts back."""

    __tablename__ = "fusion"
    __table_args__ = (
        cle_effectif(),
        ForeignKeyConstraint(
            ["absorbe_id", "absorbe_organisme_id"],
            ["effectif.id", "effectif.organisme_id"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index("ix_fusion_effectif_id", "effectif_id"),
        Index("uq_fusion_en_cours", "absorbe_id", unique=True, postgresql_where=text("annulee_le IS NULL")),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    doublon_id: Mapped[Grand]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    absorbe_id: Mapped[Grand]
    absorbe_organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    correction_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    """Corrections by which the kept record took values of the other one."""
    retrait_id: Mapped[Grand]
    deplace: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Ids of what changed record (steps of a follow-up): table → ids."""
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    cree_le: Mapped[datetime]
    annulee_le: Mapped[datetime | None]
