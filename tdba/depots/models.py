"""Files given by people, from their arrival to what they changed, and the mappings remembered for each CFA."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, SCOPEE, Base, Cle, Grand, OrganismeId

ETATS = (
    "RECU",
    "LECTURE",
    "A_APPARIER",
    "VERIFICATION",
    "PRET",
    "APPLICATION",
    "APPLIQUE",
    "ANNULATION",
    "ANNULE",
    "ABANDONNE",
    "ILLISIBLE",
)


class Depot(Base):
    """One file: read by a job, matched to our fields, shown, confirmed by the person, undone for 72 hours.

    Its lines are those of a transmission whose state is APERCU until it is confirmed. The file itself goes once read.
    """

    __tablename__ = "depot"
    __table_args__ = (
        CheckConstraint(f"etat IN {ETATS}", name="etat"),
        ForeignKeyConstraint(
            ["fichier_id", "organisme_id"],
            ["fichier.id", "fichier.organisme_id"],
            onupdate="CASCADE",
            ondelete="SET NULL (fichier_id)",
        ),
        Index("ix_depot_organisme_id", "organisme_id", "id"),
        Index("ix_depot_transmission_id", "transmission_id"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    uuid: Mapped[UUID] = mapped_column(unique=True)
    organisme_id: Mapped[OrganismeId]
    """For whom the person gave it; its lines may be about any organisme that this one may write for."""
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    fichier_id: Mapped[Grand | None]
    transmission_id: Mapped[int | None] = mapped_column(ForeignKey("transmission.id", ondelete="SET NULL"))
    nom: Mapped[str]
    format: Mapped[str | None]
    etat: Mapped[str] = mapped_column(server_default=text("'RECU'"))
    refus: Mapped[str | None]
    """Code of the reason why it could not be read; the sentence is in `lecture`."""
    apercu: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Header row and first rows, for the person to match columns; emptied once the file is read."""
    correspondance: Mapped[dict[str, Any] | None]
    complete: Mapped[bool] = mapped_column(server_default=text("false"))
    """It holds every record of its establishments and years: those it lacks are no longer sent (decision 14)."""
    fait: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int] = mapped_column(server_default=text("0"))
    comptes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    cree_le: Mapped[datetime]
    pret_le: Mapped[datetime | None]
    applique_le: Mapped[datetime | None]
    annule_le: Mapped[datetime | None]


class CorrespondanceRetenue(Base):
    """What the columns of one layout mean for one CFA, as somebody of it said last."""

    __tablename__ = "correspondance"
    __table_args__ = (PrimaryKeyConstraint("organisme_id", "signature"), SCOPEE)
    organisme_id: Mapped[OrganismeId]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    colonnes: Mapped[list[Any]]
    constantes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    maj_le: Mapped[datetime]
