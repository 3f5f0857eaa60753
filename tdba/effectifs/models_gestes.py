"""What people do with records besides correcting a field: views, bulk actions, taking away, moving to another site."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, OrganismeId, Textes
from tdba.effectifs.models import cle_effectif

VUE_MAX = 60
ETATS_ACTION = ("A_CONFIRMER", "EN_COURS", "FAITE", "ANNULATION", "ANNULEE")


class Vue(Base):
    """A state of the list that somebody keeps: filters of an address, columns, never a search (decision 35)."""

    __tablename__ = "vue"
    __table_args__ = (
        CheckConstraint(f"length(nom) BETWEEN 1 AND {VUE_MAX}", name="nom"),
        Index("ix_vue_personne_id", "personne_id"),
        Index(
            "ix_vue_organisation_id", "organisation_id", postgresql_where=text("organisation_id IS NOT NULL")
        ),
    )
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Shared with that organisation; None: for oneself."""
    nom: Mapped[str]
    parametres: Mapped[str] = mapped_column(server_default=text("''"))
    """Query string of the list, without a search nor a cursor."""
    colonnes: Mapped[Textes] = mapped_column(server_default=text("'{}'"))
    cree_le: Mapped[datetime]


class ReglageListe(Base):
    """The columns that somebody chose for their list."""

    __tablename__ = "reglage_liste"
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"), primary_key=True)
    colonnes: Mapped[Textes]
    maj_le: Mapped[datetime]


class ActionGroupee(Base):
    """One gesture on several records, confirmed with their count, that can be undone."""

    __tablename__ = "action_groupee"
    __table_args__ = (
        CheckConstraint(f"etat IN {ETATS_ACTION}", name="etat"),
        Index("ix_action_groupee_personne_id", "personne_id", "id"),
    )
    id: Mapped[Cle]
    uuid: Mapped[UUID] = mapped_column(unique=True)
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    nature: Mapped[str]
    parametres: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Field and value, or site and date: codes, dates and ids, never the name of a person."""
    motif: Mapped[str]
    commentaire: Mapped[str | None]
    etat: Mapped[str] = mapped_column(server_default=text("'A_CONFIRMER'"))
    nombre: Mapped[int]
    faits: Mapped[int] = mapped_column(server_default=text("0"))
    cree_le: Mapped[datetime]
    fin_le: Mapped[datetime | None]
    annulee_le: Mapped[datetime | None]


class ActionGroupeeFiche(Base):
    """One record of a bulk action: what became of it, and what undoing needs."""

    __tablename__ = "action_groupee_fiche"
    __table_args__ = (
        PrimaryKeyConstraint("action_id", "effectif_id"),
        cle_effectif(),
        Index("ix_action_groupee_fiche_effectif_id", "effectif_id"),
        CheckConstraint("issue IN ('FAITE', 'SANS_EFFET', 'REFUSEE', 'ANNULEE', 'LAISSEE')", name="issue"),
        PERSONNELLE,
    )
    action_id: Mapped[int] = mapped_column(ForeignKey("action_groupee.id", ondelete="CASCADE"))
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    issue: Mapped[str | None]
    """None: not done yet."""
    refus: Mapped[str | None]
    """Code of the rule that refused it."""
    trace_id: Mapped[Grand | None]
    """The correction, the withdrawal or the transfer that this record was given."""


class Retrait(Base):
    """A record put in the bin, with its reason; restored, or left there thirty days (decision 19)."""

    __tablename__ = "retrait"
    __table_args__ = (
        cle_effectif(),
        Index(
            "uq_retrait_en_cours",
            "effectif_id",
            unique=True,
            postgresql_where=text("restaure_le IS NULL"),
        ),
        Index("ix_retrait_organisme_id", "organisme_id", "id"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    motif: Mapped[str]
    commentaire: Mapped[str | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    demande_id: Mapped[Grand | None]
    cree_le: Mapped[datetime]
    restaure_le: Mapped[datetime | None]
    restaure_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))


class Transfert(Base):
    """A record moved to another establishment of the family: the former one's ERP may go on sending it."""

    __tablename__ = "transfert"
    __table_args__ = (
        cle_effectif(),
        ForeignKeyConstraint(["ancien_organisme_id"], ["organisme.id"]),
        Index("ix_transfert_effectif_id", "effectif_id"),
        Index(
            "uq_transfert_en_cours",
            "ancien_organisme_id",
            "annee_scolaire",
            "id_erp",
            unique=True,
            postgresql_where=text("annule_le IS NULL"),
        ),
        Index(
            "ix_transfert_a_joindre",
            "organisme_id",
            postgresql_where=text("annule_le IS NULL AND joint_le IS NULL"),
        ),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    """Where the record is now."""
    ancien_organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    id_erp: Mapped[str]
    a_compter_du: Mapped[date]
    """Day from which the youth is at the new establishment."""
    motif: Mapped[str]
    commentaire: Mapped[str | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    demande_id: Mapped[Grand | None]
    ancien_responsable_id: Mapped[int | None]
    """What undoing puts back."""
    cree_le: Mapped[datetime]
    joint_le: Mapped[datetime | None]
    """When a source first sent the record for its new establishment: nothing is left to report in the ERP."""
    annule_le: Mapped[datetime | None]
