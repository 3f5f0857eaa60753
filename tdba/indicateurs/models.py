"""Counting tables (decision 29): signed steps, no person. Figures pages read these and nothing else.

Their organisme has no foreign key: rows come only from `effectif`, which has its own, and checking it again cost a
third of every insertion. Ids below zero are the sums that compaction wrote.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from tdba.db import SCOPEE, Base, Cle, Court


class Mouvement(Base):
    """`n` effectifs more (or less, when negative) have `statut` from `jour` on. A figure at D is a sum up to D."""

    __tablename__ = "mouvement"
    __table_args__ = (
        Index(
            "ix_mouvement_organisme",
            "organisme_id",
            "annee_scolaire",
            "jour",
            postgresql_include=["niveau", "statut", "n"],
        ),
        SCOPEE,
    )
    id: Mapped[Cle]
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    niveau: Mapped[Court]
    """European level of the formation, 0 when unknown."""
    statut: Mapped[Court]
    jour: Mapped[date]
    n: Mapped[int]


class MouvementAttente(Base):
    """`n` youths more (or less) wait for a contract from `jour` on, their wait having begun on `depuis`.

    Keeping `depuis` lets a figure at D be cut by how long they have waited (the segments of decision 31).
    """

    __tablename__ = "mouvement_attente"
    __table_args__ = (
        CheckConstraint("genre IN ('RUPTURE', 'SANS_CONTRAT')", name="genre"),
        Index(
            "ix_mouvement_attente_organisme",
            "organisme_id",
            "annee_scolaire",
            "jour",
            postgresql_include=["genre", "depuis", "n"],
        ),
        SCOPEE,
    )
    id: Mapped[Cle]
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    genre: Mapped[str]
    depuis: Mapped[date]
    jour: Mapped[date]
    n: Mapped[int]
