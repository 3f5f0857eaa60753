"""What the public service of offers answered around a commune, and posts that broken contracts left vacant."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, OrganismeId
from tdba.ruptures.models import cle_dossier

OFFRES = "OFFRES"
FORMATIONS = "FORMATIONS"
NATURES = (OFFRES, FORMATIONS)
ETATS_POSTE = ("PROPOSE", "DEPOSE", "POURVU", "RETIRE")


class RechercheAlentour(Base):
    """What was found around a commune for a certification: asked by a job, kept here. Names nobody."""

    __tablename__ = "recherche_alentour"
    __table_args__ = (
        UniqueConstraint("nature", "rncp", "code_insee"),
        CheckConstraint(f"nature IN {NATURES}", name="nature"),
    )
    id: Mapped[Cle]
    nature: Mapped[str]
    rncp: Mapped[str]
    code_insee: Mapped[str]
    demandee_le: Mapped[datetime]
    faite_le: Mapped[datetime | None]
    echec: Mapped[str | None]
    """Code of the last failure; None: none, or never asked yet."""
    resultats: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))


class Poste(Base):
    """The post that a broken contract left vacant, at its employer."""

    __tablename__ = "poste"
    __table_args__ = (
        cle_dossier(),
        UniqueConstraint("dossier_id", "organisme_id"),
        CheckConstraint(f"etat IN {ETATS_POSTE}", name="etat"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    dossier_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    employeur_siret: Mapped[str]
    etat: Mapped[str] = mapped_column(server_default=text("'PROPOSE'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cree_le: Mapped[datetime]
    maj_le: Mapped[datetime]
