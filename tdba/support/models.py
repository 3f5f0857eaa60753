"""Requests to support, their messages, and the records opened under them (decision 24)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand


class Demande(Base):
    """A support case. Opened by a person from a page (reference, never a name), or by support for a caller."""

    __tablename__ = "demande"
    __table_args__ = (
        CheckConstraint("etat IN ('OUVERTE', 'REPONDUE', 'CLOSE')", name="etat"),
        Index("ix_demande_etat", "etat", "cree_le"),
        Index("ix_demande_personne_id", "personne_id"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    """Access key: who asked, or the support person who opened it for a caller."""
    habilitation_id: Mapped[int | None] = mapped_column(ForeignKey("habilitation.id"))
    organisme_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    effectif_id: Mapped[Grand | None]
    objet: Mapped[str]
    page: Mapped[str | None]
    """Path of the page it was written from, without its query string."""
    etat: Mapped[str] = mapped_column(server_default=text("'OUVERTE'"))
    cree_le: Mapped[datetime]
    maj_le: Mapped[datetime]
    cle_formulaire: Mapped[str | None] = mapped_column(unique=True)
    appelant_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    """Who called about it, once the code of their own session was heard."""
    appelant_verifie_le: Mapped[datetime | None]


class DemandeMessage(Base):
    __tablename__ = "demande_message"
    __table_args__ = (Index("ix_demande_message_demande_id", "demande_id"), PERSONNELLE)
    id: Mapped[Cle]
    demande_id: Mapped[int] = mapped_column(ForeignKey("demande.id", ondelete="CASCADE"))
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    """Author of the message."""
    demandeur_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    """Access key copied from the case: who may read it besides support."""
    texte: Mapped[str]
    cree_le: Mapped[datetime]


class OuvertureFiche(Base):
    """A record unmasked under a case: the reason is asked once per case and record."""

    __tablename__ = "ouverture_fiche"
    __table_args__ = (PrimaryKeyConstraint("demande_id", "effectif_id"),)
    demande_id: Mapped[int] = mapped_column(ForeignKey("demande.id", ondelete="CASCADE"))
    effectif_id: Mapped[Grand]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    motif: Mapped[str]
    cree_le: Mapped[datetime]


class RemiseFacteurs(Base):
    """The second factors of somebody who lost them all, taken away by two people of support (decision 27)."""

    __tablename__ = "remise_facteurs"
    __table_args__ = (
        CheckConstraint("etat IN ('A_CONFIRMER', 'FAITE', 'ECARTEE')", name="etat"),
        CheckConstraint(
            "(etat = 'A_CONFIRMER') = (decidee_le IS NULL) AND (decidee_le IS NULL) = (decidee_par_id IS NULL)",
            name="decision",
        ),
        CheckConstraint("etat <> 'FAITE' OR decidee_par_id <> demandee_par_id", name="deux_personnes"),
        CheckConstraint(
            "personne_id <> demandee_par_id AND (etat <> 'FAITE' OR personne_id <> decidee_par_id)",
            name="pas_soi",
        ),
        Index("ix_remise_facteurs_demande_id", "demande_id"),
        Index(
            "uq_remise_facteurs_en_cours",
            "personne_id",
            unique=True,
            postgresql_where=text("etat = 'A_CONFIRMER'"),
        ),
    )
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    """Who lost them."""
    demande_id: Mapped[int] = mapped_column(ForeignKey("demande.id"))
    motif: Mapped[str]
    """Code of `motifs.MOTIFS_DE_REMISE`."""
    etat: Mapped[str] = mapped_column(server_default=text("'A_CONFIRMER'"))
    demandee_le: Mapped[datetime]
    demandee_par_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    decidee_le: Mapped[datetime | None]
    decidee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))


class Passage(Base):
    """A time when support looked at somebody's screens, read-only ("voir comme"). Their organisation reads it."""

    __tablename__ = "passage"
    __table_args__ = (
        CheckConstraint("fin >= debut", name="ordre"),
        Index("ix_passage_demande_id", "demande_id"),
        Index("ix_passage_organisation_id", "organisation_id", "id"),
    )
    id: Mapped[Cle]
    demande_id: Mapped[int] = mapped_column(ForeignKey("demande.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    """Whose screens."""
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    """Who looked, of support."""
    motif: Mapped[str]
    debut: Mapped[datetime]
    fin: Mapped[datetime]
    """30 minutes later at most; brought forward when it is stopped, or when the case closes."""
