"""Uploaded files and exports, kept in PostgreSQL by blocks of 1 MB (decision 41): no host's disk holds any."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, OrganismeId


class Fichier(Base):
    """A file: whose, for which organisme, until when."""

    __tablename__ = "fichier"
    __table_args__ = (UniqueConstraint("id", "organisme_id"), PERSONNELLE)
    id: Mapped[Cle]
    uuid: Mapped[UUID] = mapped_column(unique=True)
    organisme_id: Mapped[OrganismeId]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    genre: Mapped[str]
    nom: Mapped[str]
    taille: Mapped[Grand]
    cree_le: Mapped[datetime]
    expire_le: Mapped[datetime] = mapped_column(index=True)


class FichierBloc(Base):
    __tablename__ = "fichier_bloc"
    __table_args__ = (
        PrimaryKeyConstraint("fichier_id", "rang"),
        ForeignKeyConstraint(
            ["fichier_id", "organisme_id"],
            ["fichier.id", "fichier.organisme_id"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        CheckConstraint("octet_length(contenu) <= 1048576", name="taille"),
        PERSONNELLE,
    )
    fichier_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    rang: Mapped[int]
    contenu: Mapped[bytes] = mapped_column(LargeBinary)
