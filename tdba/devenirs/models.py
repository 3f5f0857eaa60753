"""What became of a youth 30, 90 and 180 days after a rupture or an entry without a contract, and the counts of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, SCOPEE, Base, Court, Grand, OrganismeId
from tdba.devenirs.etats import ETATS, JALONS
from tdba.ruptures.models import cle_dossier


class Devenir(Base):
    """The state of one file at one milestone: what a person answered, else what the data said then."""

    __tablename__ = "devenir"
    __table_args__ = (
        cle_dossier(),
        CheckConstraint(f"jalon IN {JALONS}", name="jalon"),
        CheckConstraint(f"etat IN {ETATS}", name="etat"),
        CheckConstraint("source IN ('DONNEES', 'REPONSE')", name="source"),
        PERSONNELLE,
    )
    dossier_id: Mapped[Grand] = mapped_column(primary_key=True)
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    jalon: Mapped[Court] = mapped_column(primary_key=True)
    etat: Mapped[str]
    source: Mapped[str]
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    maj_le: Mapped[datetime]


class Bilan(Base):
    """How many files of an organisme, opened in a school year, were in each state at each milestone. Names nobody."""

    __tablename__ = "bilan_devenir"
    __table_args__ = SCOPEE
    organisme_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), primary_key=True)
    annee_scolaire: Mapped[str] = mapped_column(primary_key=True)
    genre: Mapped[str] = mapped_column(primary_key=True)
    jalon: Mapped[Court] = mapped_column(primary_key=True)
    etat: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    calcule_le: Mapped[datetime]
