"""Files of young people whose contract was broken, or who have none, and the steps taken with them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, OrganismeId
from tdba.effectifs.models import cle_effectif

GENRES = ("RUPTURE", "SANS_CONTRAT")
CAUSES_CLOTURE = ("NOUVEAU_CONTRAT", "EXCLUSION", "FIN_DE_FORMATION", "RUPTURE_ANNULEE")
NATURES_DEMARCHE = ("APPEL", "MESSAGE", "ENTRETIEN", "EMPLOYEUR_TROUVE", "ORIENTATION", "AUTRE")
NOTE_MAX = 500
RESULTATS = ("JOINT", "SANS_REPONSE", "RENDEZ_VOUS")


class Dossier(Base):
    """One file. It is open on a day D when `ouvert_du <= D` and (`clos_du` is None or D < `clos_du`) (decision 31)."""

    __tablename__ = "dossier"
    __table_args__ = (
        cle_effectif(),
        UniqueConstraint("id", "organisme_id"),
        UniqueConstraint("effectif_id", "genre", "contrat_debut", postgresql_nulls_not_distinct=True),
        CheckConstraint(f"genre IN {GENRES}", name="genre"),
        CheckConstraint(f"cause_cloture IN {CAUSES_CLOTURE}", name="cause_cloture"),
        CheckConstraint("(genre = 'RUPTURE') = (contrat_debut IS NOT NULL)", name="contrat"),
        Index("ix_dossier_organisme_id", "organisme_id", "ouvert_du"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    genre: Mapped[str]
    contrat_debut: Mapped[date | None]
    """Start of the broken contract: what tells one rupture of a youth from the next."""
    ouvert_du: Mapped[date]
    """Day of the rupture, or of the entry without a contract. May be in the future."""
    clos_du: Mapped[date | None]
    cause_cloture: Mapped[str | None]
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    derniere_demarche_le: Mapped[datetime | None]
    prochaine_le: Mapped[date | None]
    """Day of the next step promised; copied here so that lists sort on it."""
    cree_le: Mapped[datetime]


class Demarche(Base):
    """One step taken with a youth: a call, a message, an appointment."""

    __tablename__ = "demarche"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "organisme_id"],
            ["dossier.id", "dossier.organisme_id"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        CheckConstraint(f"nature IN {NATURES_DEMARCHE}", name="nature"),
        CheckConstraint(f"resultat IN {RESULTATS}", name="resultat"),
        CheckConstraint(f"length(note) <= {NOTE_MAX}", name="note"),
        Index("ix_demarche_dossier_id", "dossier_id"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    dossier_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    nature: Mapped[str]
    resultat: Mapped[str | None]
    le: Mapped[datetime]
    prochaine_le: Mapped[date | None]
    note: Mapped[str | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cle_formulaire: Mapped[str | None] = mapped_column(unique=True)
    """Random value of the form that created it: a double click is one step."""
