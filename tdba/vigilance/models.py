"""The watch list: which rules an organisation keeps, and what was said of a person that a rule named.

Who is on the list is never stored: rules are read on the day (decision 10).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, OrganismeId
from tdba.effectifs.models import cle_effectif


class Reglage(Base):
    """A rule that an organisation turned on or off; without a row, the rule's own default."""

    __tablename__ = "vigilance_reglage"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    regle: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    maj_le: Mapped[datetime]


class Geste(Base):
    """A person looked at what a rule says of a youth: seen until a day, with a note that has its last day."""

    __tablename__ = "vigilance_geste"
    __table_args__ = (
        cle_effectif(),
        CheckConstraint("length(note) <= 500", name="note"),
        Index("ix_vigilance_geste_effectif_id", "effectif_id", "regle", "id"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    regle: Mapped[str]
    revoir_le: Mapped[date | None]
    """Day on which the rule may name this person again; None: not before the rule itself changes its mind."""
    note: Mapped[str | None]
    note_jusqu_au: Mapped[date | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cree_le: Mapped[datetime]
    cle_formulaire: Mapped[str | None] = mapped_column(unique=True)
