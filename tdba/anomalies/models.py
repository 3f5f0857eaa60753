"""Anomalies that somebody of the CFA decided not to be told of any more, on one record, with the reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, OrganismeId
from tdba.effectifs.models import cle_effectif


class AnomalieTue(Base):
    """One check silenced on one record. Rows are lifted, never deleted: they belong to the record's history."""

    __tablename__ = "anomalie_tue"
    __table_args__ = (
        cle_effectif(),
        Index(
            "uq_anomalie_tue_en_cours",
            "effectif_id",
            "code",
            unique=True,
            postgresql_where=text("levee_le IS NULL"),
        ),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    code: Mapped[str]
    motif: Mapped[str]
    commentaire: Mapped[str | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cree_le: Mapped[datetime]
    levee_le: Mapped[datetime | None]
