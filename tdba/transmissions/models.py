"""What senders send: API keys, delegations, transmissions and their raw lines (decisions 12 to 16)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, SCOPEE, Base, Cle, Court, Grand, OrganismeId

ETATS_LIGNE = (
    "A_TRAITER",
    "REFUSEE",
    "CREEE",
    "MODIFIEE",
    "INCHANGEE",
    "RETENUE",
    "APERCU",
    "EN_ATTENTE",
    "ECARTEE",
)
"""Last three: read and shown but not to be applied yet; of an establishment nobody knows; set aside by decision."""

ETATS_RACONTES = ("CREEE", "MODIFIEE", "RETENUE")
"""Lines that the story of a record tells: those that did something to it."""

ETATS_TRANSMISSION = ("RECUE", "EN_COURS", "TRAITEE", "APERCU", "ABANDONNEE", "ANNULEE")
"""APERCU: a file that was read and that nobody has confirmed; ANNULEE: applied, then undone."""


class CleApi(Base):
    """A key of one organisme. Only its hash is kept; the prefix lets its owner recognise it (decision 12)."""

    __tablename__ = "cle_api"
    __table_args__ = (SCOPEE,)
    id: Mapped[Cle]
    organisme_id: Mapped[OrganismeId] = mapped_column(index=True)
    empreinte: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    prefixe: Mapped[str]
    libelle: Mapped[str]
    cree_le: Mapped[datetime]
    creee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    expire_le: Mapped[datetime | None]
    revoquee_le: Mapped[datetime | None]
    utilisee_le: Mapped[datetime | None]
    adresse: Mapped[str | None]
    preavis_le: Mapped[datetime | None]
    """When its organisme was last told that it will end (`echeances`)."""
    erp: Mapped[str | None]
    """The software that uses it, as its organisme or its pairing said."""


class Delegation(Base):
    """`organisme` lets `delegue` send for it, between two days."""

    __tablename__ = "delegation"
    __table_args__ = (
        PrimaryKeyConstraint("organisme_id", "delegue_id", "debut"),
        CheckConstraint("organisme_id <> delegue_id", name="distincts"),
        SCOPEE,
    )
    organisme_id: Mapped[OrganismeId]
    delegue_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), index=True)
    debut: Mapped[date]
    fin: Mapped[date | None]
    creee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    cree_le: Mapped[datetime | None]


class Transmission(Base):
    __tablename__ = "transmission"
    __table_args__ = (
        CheckConstraint(f"etat IN {ETATS_TRANSMISSION}", name="etat"),
        CheckConstraint("source IN ('ERP', 'FICHIER')", name="source"),
        Index("ix_transmission_transmetteur", "transmetteur_id", "recue_le"),
        Index("ix_transmission_recue_le", "recue_le"),
        Index(
            "ix_transmission_sans_effet",
            "recue_le",
            "id",
            postgresql_where=text("etat IN ('APERCU', 'ABANDONNEE', 'ANNULEE')"),
        ),
        Index("uq_transmission_idempotence", "transmetteur_id", "idempotence", unique=True),
        Index(
            "ix_transmission_envoi", "transmetteur_id", "envoi", postgresql_where=text("envoi IS NOT NULL")
        ),
        SCOPEE,
    )
    id: Mapped[Cle]
    uuid: Mapped[UUID] = mapped_column(unique=True)
    transmetteur_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"))
    cle_api_id: Mapped[int | None] = mapped_column(ForeignKey("cle_api.id"))
    source: Mapped[str]
    etat: Mapped[str] = mapped_column(server_default=text("'RECUE'"))
    recue_le: Mapped[datetime]
    traitee_le: Mapped[datetime | None]
    nb_lignes: Mapped[int]
    nb_refusees: Mapped[int] = mapped_column(server_default=text("0"))
    """Lines refused before the answer; the outcome of the others is counted in `reception`."""
    idempotence: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Hash of the sender's Idempotency-Key: the same key with the same body is answered, not stored again."""
    empreinte_corps: Mapped[bytes | None] = mapped_column(LargeBinary)
    complete: Mapped[bool] = mapped_column(server_default=text("false"))
    """It holds every record of the establishments and years it names: the others are no longer sent (decision 14)."""
    envoi: Mapped[str | None]
    """Name that the sender gives to a complete sending made of several calls; `partie` of `parties`, 1 first."""
    partie: Mapped[Court | None]
    parties: Mapped[Court | None]
    cloture: Mapped[dict[str, Any] | None]
    """What closing a complete sending did: records no longer sent, or why none was flagged (`api_envois`)."""
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    """Who gave the file, or typed the record."""


class Reception(Base):
    """What one transmission brought to one organisme, counted. Lines of nobody are counted with their sender."""

    __tablename__ = "reception"
    __table_args__ = (
        PrimaryKeyConstraint("transmission_id", "organisme_id"),
        Index("ix_reception_organisme_id", "organisme_id", "recue_le"),
        SCOPEE,
    )
    transmission_id: Mapped[int] = mapped_column(ForeignKey("transmission.id", ondelete="CASCADE"))
    organisme_id: Mapped[OrganismeId]
    recue_le: Mapped[datetime]
    nb_lignes: Mapped[int]
    nb_refusees: Mapped[int]
    nb_creees: Mapped[int] = mapped_column(server_default=text("0"))
    nb_modifiees: Mapped[int] = mapped_column(server_default=text("0"))
    nb_inchangees: Mapped[int] = mapped_column(server_default=text("0"))
    nb_retenues: Mapped[int] = mapped_column(server_default=text("0"))
    traitee_le: Mapped[datetime | None]


class Ligne(Base):
    """A raw line, as received less what may not be kept (decision 16).

    Two access keys, one policy on each (decision 15): who sent it, and whom it is about once found.
    """

    __tablename__ = "ligne"
    __table_args__ = (
        UniqueConstraint("transmission_id", "rang"),
        CheckConstraint(f"etat IN {ETATS_LIGNE}", name="etat"),
        Index(
            "ix_ligne_quarantaine_id", "quarantaine_id", postgresql_where=text("quarantaine_id IS NOT NULL")
        ),
        Index("ix_ligne_a_traiter", "organisme_id", "id", postgresql_where=text("etat = 'A_TRAITER'")),
        # The story of a record: lines that changed nothing, most of them, are not in it.
        Index(
            "ix_ligne_effectif_id",
            "effectif_id",
            "id",
            postgresql_where=text("etat IN ('CREEE', 'MODIFIEE', 'RETENUE')"),
        ),
        Index("ix_ligne_fautive", "transmission_id", "rang", postgresql_where=text("erreurs <> '[]'")),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    transmission_id: Mapped[int] = mapped_column(ForeignKey("transmission.id", ondelete="CASCADE"))
    rang: Mapped[int]
    """Position in what was sent, 1 first: the number that an ERP's user can find."""
    transmetteur_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"))
    organisme_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    responsable_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    annee_scolaire: Mapped[str | None]
    id_erp: Mapped[str | None]
    empreinte: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Fingerprint of its values under the rules that read it: what recognises an unchanged line without reading it."""
    contenu: Mapped[Any] = mapped_column(JSONB)
    erreurs: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    etat: Mapped[str] = mapped_column(server_default=text("'A_TRAITER'"))
    effectif_id: Mapped[Grand | None]
    traitee_le: Mapped[datetime | None]
    verdict: Mapped[str | None]
    """What applying it would do, while it is only shown: CREEE, MODIFIEE, INCHANGEE, RETENUE."""
    ecarts: Mapped[dict[str, Any] | None]
    """Field → [value held, value received], while it is only shown."""
    quarantaine_id: Mapped[Grand | None]


class Quarantaine(Base):
    """A couple (UAI, SIRET) that nobody knows, named by one sender: its lines wait for a decision, which is kept."""

    __tablename__ = "quarantaine"
    __table_args__ = (
        CheckConstraint("etat IN ('ATTEND', 'RESOLUE', 'ECARTEE')", name="etat"),
        CheckConstraint("(etat = 'RESOLUE') = (organisme_id IS NOT NULL)", name="decision"),
        UniqueConstraint("transmetteur_id", "uai", "siret"),
        SCOPEE,
    )
    id: Mapped[Cle]
    transmetteur_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"))
    uai: Mapped[str]
    siret: Mapped[str]
    etat: Mapped[str] = mapped_column(server_default=text("'ATTEND'"))
    organisme_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    """The organisme it turned out to be."""
    cree_le: Mapped[datetime]
    decidee_le: Mapped[datetime | None]
    decidee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    motif: Mapped[str | None]


class Appairage(Base):
    """An ERP asking for a key, as a device does (RFC 8628): what it holds and what the person types are both hashed."""

    __tablename__ = "appairage"
    __table_args__ = (
        CheckConstraint("etat IN ('ATTEND', 'ACCORDE', 'REFUSE', 'REMIS')", name="etat"),
        Index("ix_appairage_expire_le", "expire_le"),
    )
    id: Mapped[Cle]
    empreinte_appareil: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    empreinte_code: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    erp: Mapped[str]
    uai: Mapped[str | None]
    siret: Mapped[str | None]
    etat: Mapped[str] = mapped_column(server_default=text("'ATTEND'"))
    cree_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    organisme_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    cle_id: Mapped[int | None] = mapped_column(ForeignKey("cle_api.id"))


class GuideErp(Base):
    """How to correct in one ERP: a page that support writes, no code needed."""

    __tablename__ = "guide_erp"
    code: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    texte: Mapped[str]
    maj_le: Mapped[datetime]
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))


class Silence(Base):
    """An organisme that sent nothing for longer than it usually does; the row goes when it sends again."""

    __tablename__ = "silence"
    __table_args__ = (SCOPEE,)
    organisme_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), primary_key=True)
    depuis: Mapped[datetime]
    habitude_jours: Mapped[int]
    signale_le: Mapped[datetime]
