"""The morning digest: how often each person wants it, and the mornings already dealt with."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import Base

RYTHMES = ("JOUR", "SEMAINE", "JAMAIS")


class Reglage(Base):
    """What a person chose; without a row, the default of their role."""

    __tablename__ = "recap_reglage"
    __table_args__ = (CheckConstraint(f"rythme IN {RYTHMES}", name="rythme"),)
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"), primary_key=True)
    rythme: Mapped[str]
    maj_le: Mapped[datetime]


class Envoi(Base):
    """A morning dealt with for a person: a run that happens twice sends once."""

    __tablename__ = "recap_envoi"
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"), primary_key=True)
    jour: Mapped[date] = mapped_column(primary_key=True)
    envoye: Mapped[bool]
    """False: there was nothing to say."""
    cree_le: Mapped[datetime]
