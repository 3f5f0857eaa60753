"""What is left to settle: one table for every kind of thing that is wrong (decision 5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Court, Grand, OrganismeId
from tdba.effectifs.models import cle_effectif


class Point(Base):
    """One thing that somebody of the CFA should settle; closed when its cause is gone. Holds no personal value."""

    __tablename__ = "point"
    __table_args__ = (
        CheckConstraint("consequence BETWEEN 1 AND 4", name="consequence"),
        cle_effectif(),
        Index(
            "uq_point_ouvert",
            "organisme_id",
            "genre",
            "cle",
            unique=True,
            postgresql_where=text("clos_le IS NULL"),
        ),
        Index(
            "ix_point_ouvert", "organisme_id", "consequence", "id", postgresql_where=text("clos_le IS NULL")
        ),
        Index(
            "ix_point_anomalie",
            "organisme_id",
            text("(details ->> 'code')"),
            postgresql_where=text("clos_le IS NULL AND genre = 'ANOMALIE'"),
        ),
        Index("ix_point_effectif_id", "effectif_id", postgresql_where=text("effectif_id IS NOT NULL")),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    organisme_id: Mapped[OrganismeId]
    effectif_id: Mapped[Grand | None]
    annee_scolaire: Mapped[str | None]
    genre: Mapped[str]
    consequence: Mapped[Court]
    """1 not counted, 2 a legal delay, 3 SIFA, 4 comfort: the order of the list (decision 5)."""
    cle: Mapped[str] = mapped_column(server_default=text("''"))
    """What tells two points of one kind apart in one organisme."""
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Counts, codes, dates and ids that the sentence needs; never a value of a person."""
    cree_le: Mapped[datetime]
    maj_le: Mapped[datetime]
    clos_le: Mapped[datetime | None]
