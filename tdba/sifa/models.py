"""What only the SIFA survey asks, in its own tables (decision 16): read on its own screens, and nowhere else."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Court, Grand, OrganismeId
from tdba.effectifs.models import cle_effectif


class FicheSifa(Base):
    """Answers to the survey about one record: what its sources said, and what people typed, which prevails."""

    __tablename__ = "sifa_fiche"
    __table_args__ = (PrimaryKeyConstraint("effectif_id"), cle_effectif(), PERSONNELLE)
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    recues: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    saisies: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    maj_le: Mapped[datetime]


class CampagneSifa(Base):
    """What an establishment answers once for all its records (type of CFA), and how far it went, each year."""

    __tablename__ = "sifa_campagne"
    __table_args__ = (PrimaryKeyConstraint("organisme_id", "annee"), {"info": {"personnelle": False}})
    organisme_id: Mapped[OrganismeId]
    annee: Mapped[Court]
    """Year of the 31 December."""
    reponses: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    deposee_le: Mapped[datetime | None]
    """When somebody said that the file was given to the ministry's platform."""
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    maj_le: Mapped[datetime]


class FichierSifa(Base):
    """A trace of each file made: how many rows, which digest; the file itself is not kept."""

    __tablename__ = "sifa_fichier"
    __table_args__ = (
        Index("ix_sifa_fichier_organisme_id", "organisme_id", "annee", "id"),
        UniqueConstraint("id", "organisme_id"),
        {"info": {"personnelle": False}},
    )
    id: Mapped[Cle]
    organisme_id: Mapped[OrganismeId]
    annee: Mapped[Court]
    format: Mapped[str]
    nombre: Mapped[int]
    incompletes: Mapped[int]
    empreinte: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the file: tells whether what is made today is what was made then."""
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cree_le: Mapped[datetime]
