"""Counting tables (decision 29): signed steps and what compaction makes of them; no person. Figures pages read these only.

Their organisme has no foreign key: rows come only from `effectif`, which has its own, and checking it again cost a
third of every insertion.
"""

from datetime import date
from typing import Annotated, Final

from sqlalchemy import CheckConstraint, Index, Integer, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import SCOPEE, Base, Cle, Court, Dates

JAMAIS: Final = date.max
"""`clos` of a wait whose end is not known."""

Entiers = Annotated[list[int], mapped_column(ARRAY(Integer))]


class Mouvement(Base):
    """`n` effectifs more (or less, when negative) have `statut` from `jour` on: what changes append, until folded."""

    __tablename__ = "mouvement"
    __table_args__ = (Index("ix_mouvement_organisme_id", "organisme_id"), SCOPEE)
    id: Mapped[Cle]
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    niveau: Mapped[Court]
    """European level of the formation, 0 when unknown."""
    statut: Mapped[Court]
    jour: Mapped[date]
    n: Mapped[int]


class Courbe(Base):
    """What the folded movements of one key add up to: from `jours[i]` on, `cumuls[i]` effectifs.

    The count on a day is `cumuls[width_bucket(:jour, jours)]`, as a status is read from the parcours (decision 10).
    """

    __tablename__ = "courbe"
    __table_args__ = (PrimaryKeyConstraint("organisme_id", "annee_scolaire", "niveau", "statut"), SCOPEE)
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    niveau: Mapped[Court]
    statut: Mapped[Court]
    jours: Mapped[Dates]
    cumuls: Mapped[Entiers]


class Attente(Base):
    """`n` youths more (or less) wait for a contract from `depuis` until the day before `clos`.

    Keeping `depuis` lets a figure at D be cut by how long they have waited (the segments of decision 31). Ids below
    zero are the sums that compaction wrote.
    """

    __tablename__ = "attente"
    __table_args__ = (
        CheckConstraint("genre IN ('RUPTURE', 'SANS_CONTRAT')", name="genre"),
        Index(
            "ix_attente_organisme",
            "organisme_id",
            "annee_scolaire",
            "clos",
            postgresql_include=["genre", "depuis", "n"],
        ),
        SCOPEE,
    )
    id: Mapped[Cle]
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    genre: Mapped[str]
    depuis: Mapped[date]
    clos: Mapped[date]
    n: Mapped[int]
