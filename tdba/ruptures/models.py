"""Files of young people whose contract was broken, or who have none, and the steps taken with them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Court, Grand, OrganismeId, Textes
from tdba.effectifs.models import cle_effectif
from tdba.ruptures.natures import NATURES, RESULTATS

GENRES = ("RUPTURE", "FIN_DE_CONTRAT", "SANS_CONTRAT")
CAUSES_CLOTURE = (
    "NOUVEAU_CONTRAT",
    "EXCLUSION",
    "FIN_DE_FORMATION",
    "RUPTURE_ANNULEE",
    "PARTI",
    "SANS_OBJET",
)
NOTE_MAX = 500
NOMBRE_MAX = 500


def cle_dossier() -> ForeignKeyConstraint:
    """Composite key to `dossier`: the access key travels with it (decision 40)."""
    return ForeignKeyConstraint(
        ["dossier_id", "organisme_id"],
        ["dossier.id", "dossier.organisme_id"],
        onupdate="CASCADE",
        ondelete="CASCADE",
    )


class Dossier(Base):
    """One file. It is open on a day D when `ouvert_du <= D` and (`clos_du` is None or D < `clos_du`) (decision 31)."""

    __tablename__ = "dossier"
    __table_args__ = (
        cle_effectif(),
        UniqueConstraint("id", "organisme_id"),
        UniqueConstraint("effectif_id", "genre", "contrat_debut", postgresql_nulls_not_distinct=True),
        CheckConstraint(f"genre IN {GENRES}", name="genre"),
        CheckConstraint(f"cause_cloture IN {CAUSES_CLOTURE}", name="cause_cloture"),
        CheckConstraint("(genre = 'SANS_CONTRAT') = (contrat_debut IS NULL)", name="contrat"),
        CheckConstraint("presence IN ('OUI', 'NON')", name="presence"),
        Index("ix_dossier_organisme_id", "organisme_id", "ouvert_du"),
        Index("ix_dossier_referent_id", "referent_id", postgresql_where=text("referent_id IS NOT NULL")),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    genre: Mapped[str]
    contrat_debut: Mapped[date | None]
    """Start of the broken or ended contract: what tells one rupture of a youth from the next."""
    ouvert_du: Mapped[date]
    """Day of the rupture, day after the term, or day of the entry without a contract. May be in the future."""
    clos_du: Mapped[date | None]
    cause_cloture: Mapped[str | None]
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    derniere_demarche_le: Mapped[datetime | None]
    prochaine_le: Mapped[date | None]
    """Day of the next step promised; copied here so that lists sort on it."""
    cree_le: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    """Raised by what people change on the file itself: what optimistic locking compares (decision 18)."""
    parti_le: Mapped[date | None]
    """Day since which the youth is known to have left for another CFA: it closes the file (cause PARTI)."""
    depart_ecarte_le: Mapped[datetime | None]
    """When a person said that the youth had not left: only records received later may say so again."""
    presence: Mapped[str | None]
    """Last answer to "toujours au CFA ?" (decision 9)."""
    presence_le: Mapped[datetime | None]
    presence_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    confirmee_le: Mapped[datetime | None]
    """When a person confirmed what closed the file by itself (a new contract)."""
    confirmee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))


class Demarche(Base):
    """One step taken with a youth: a call, a message, an appointment."""

    __tablename__ = "demarche"
    __table_args__ = (
        cle_dossier(),
        CheckConstraint(f"nature IN {tuple(NATURES)}", name="nature"),
        CheckConstraint(f"resultat IN {tuple(RESULTATS)}", name="resultat"),
        CheckConstraint(f"length(note) <= {NOTE_MAX}", name="note"),
        CheckConstraint(f"nombre BETWEEN 1 AND {NOMBRE_MAX}", name="nombre"),
        Index("ix_demarche_dossier_id", "dossier_id"),
        Index("ix_demarche_note_jusqu_au", "note_jusqu_au", postgresql_where=text("note IS NOT NULL")),
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
    note_jusqu_au: Mapped[date | None]
    """Last day on which the note is kept; the purge of the night erases it after."""
    nombre: Mapped[Court | None]
    """How many offers, applications or answers this step counts; None: one."""
    retiree_le: Mapped[datetime | None]
    """When its author took it back: it is shown nowhere and counts for nothing."""
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cle_formulaire: Mapped[str | None] = mapped_column(unique=True)
    """Random value of the form that created it: a double click is one step."""


class Circonstance(Base):
    """What stands in the way of a youth, in a closed list, and what they wish. One row a file."""

    __tablename__ = "circonstance"
    __table_args__ = (cle_dossier(), PERSONNELLE)
    dossier_id: Mapped[Grand] = mapped_column(primary_key=True)
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    obstacles: Mapped[Textes] = mapped_column(server_default=text("'{}'"))
    accord_sante_le: Mapped[date | None]
    """Day on which the youth agreed that health be noted as an obstacle (decision 16); never without SANTE."""
    souhait: Mapped[str | None]
    transmis_ailleurs_a: Mapped[str | None]
    """Another service already passed the case on: to whom."""
    transmis_ailleurs_le: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    maj_le: Mapped[datetime]


class Formalite(Base):
    """One line of the checklist that the law asks for, and the day it was done; None: ticked, then unticked."""

    __tablename__ = "formalite"
    __table_args__ = (cle_dossier(), PERSONNELLE)
    dossier_id: Mapped[Grand] = mapped_column(primary_key=True)
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    code: Mapped[str] = mapped_column(primary_key=True)
    faite_le: Mapped[date | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    maj_le: Mapped[datetime]


class Opposition(Base):
    """An objection to being followed: the files of the record freeze while it stands."""

    __tablename__ = "opposition"
    __table_args__ = (
        cle_effectif(),
        Index(
            "uq_opposition_en_cours", "effectif_id", unique=True, postgresql_where=text("levee_le IS NULL")
        ),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    recue_le: Mapped[date]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cree_le: Mapped[datetime]
    levee_le: Mapped[datetime | None]
    levee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
