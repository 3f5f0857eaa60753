"""Effectifs: one youth, in one formation, in one organisme, for one année scolaire; and all that hangs on it.

Columns of `effectif` and `contrat` are the *effective* values (decision 17): what lists, indexes and figures read.
What each source said is in `effectif_source`; what people corrected is in `correction`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tdba import horloge
from tdba.db import PERSONNELLE, Base, Cle, Court, Courts, Dates, Grand, OrganismeId, Textes

SOURCES = ("ERP", "FICHIER", "DECA")


def cle_effectif() -> ForeignKeyConstraint:
    """Composite key to `effectif`: foreign keys ignore row-level security, so the access key travels with it."""
    return ForeignKeyConstraint(
        ["effectif_id", "organisme_id"],
        ["effectif.id", "effectif.organisme_id"],
        onupdate="CASCADE",
        ondelete="CASCADE",
    )


class Effectif(Base):
    __tablename__ = "effectif"
    __table_args__ = (
        UniqueConstraint("organisme_id", "annee_scolaire", "id_erp"),
        UniqueConstraint("id", "organisme_id"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint("cardinality(bornes) = cardinality(statuts)", name="parcours"),
        CheckConstraint("sexe IN ('M', 'F')", name="sexe"),
        Index("ix_effectif_liste", "organisme_id", "recherche", "id"),
        Index(
            "ix_effectif_recherche",
            "recherche",
            postgresql_using="gin",
            postgresql_ops={"recherche": "gin_trgm_ops"},
        ),
        # What support searches by, across the country.
        Index("ix_effectif_ine", "ine", postgresql_where=text("ine IS NOT NULL")),
        Index("ix_effectif_id_erp", "id_erp"),
        Index("ix_effectif_date_naissance", "date_naissance"),
        Index(
            "ix_effectif_plus_transmis",
            "organisme_id",
            postgresql_where=text("plus_transmis_depuis IS NOT NULL"),
        ),
        # No index holds the parcours columns: a recomputation must stay a heap-only update.
        {**PERSONNELLE, "postgresql_with": {"fillfactor": "45"}},
    )
    id: Mapped[Cle]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    id_erp: Mapped[str]
    source: Mapped[str]
    responsable_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    transmetteur_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))

    nom: Mapped[str]
    prenom: Mapped[str]
    recherche: Mapped[str]
    """"NOM PRENOM" in capitals without accents, hyphens or apostrophes: sort key and search column."""
    sexe: Mapped[str | None]
    date_naissance: Mapped[date]
    ine: Mapped[str | None]
    courriel: Mapped[str | None]
    telephone: Mapped[str | None]
    courriel_responsable_1: Mapped[str | None]
    courriel_responsable_2: Mapped[str | None]
    adresse: Mapped[str | None]
    code_postal: Mapped[str | None]
    code_insee: Mapped[str | None]
    """Commune where they live: from the INSEE code sent, else from the postal code when it has one commune only."""
    departement: Mapped[str | None]
    """Département of that commune; of the postal code when the commune is not certain."""

    rncp: Mapped[str | None]
    cfd: Mapped[str | None]
    """Codes valid for the session, continued if need be (domain.md §4.5); `effectif_source` keeps those received."""
    formation: Mapped[str | None]
    """Title of the formation, from the certification when known, else as sent."""
    niveau: Mapped[Court | None]
    annee_formation: Mapped[Court | None]
    duree_mois: Mapped[Court | None]
    date_inscription: Mapped[date | None]
    date_entree: Mapped[date | None]
    date_fin: Mapped[date | None]
    date_exclusion: Mapped[date | None]
    cause_exclusion: Mapped[str | None]
    historique: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """Statuses declared by the ERP, as [value, "YYYY-MM-DD"] pairs, sorted (domain.md §4.6)."""

    bornes: Mapped[Dates] = mapped_column(server_default=text("'{}'"))
    statuts: Mapped[Courts] = mapped_column(server_default=text("'{}'"))
    """The status on a day is `statuts[width_bucket(day, bornes)]` (decision 10)."""
    empreinte_parcours: Mapped[Grand | None]
    """Fingerprint of the periods in force: tells "nothing changed" without reading them. None: never computed."""
    anomalies: Mapped[Textes] = mapped_column(server_default=text("'{}'"))

    version: Mapped[int] = mapped_column(server_default=text("1"))
    """Raised by every write: what optimistic locking compares (decision 18)."""
    corrige: Mapped[bool] = mapped_column(server_default=text("false"))
    cree_le: Mapped[datetime]
    maj_le: Mapped[datetime]
    transmis_le: Mapped[datetime | None]
    plus_transmis_depuis: Mapped[date | None]
    """Day of the first complete sending that no longer holds it (decision 14); None as soon as it is sent again."""
    corbeille_le: Mapped[datetime | None]


class EffectifSource(Base):
    """The last values received from one source, and the fingerprint that recognises an unchanged line."""

    __tablename__ = "effectif_source"
    __table_args__ = (
        PrimaryKeyConstraint("effectif_id", "source"),
        cle_effectif(),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        PERSONNELLE,
    )
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[int]
    source: Mapped[str]
    annee_scolaire: Mapped[str]
    valeurs: Mapped[dict[str, Any]]
    empreinte: Mapped[bytes] = mapped_column(LargeBinary)
    transmission_id: Mapped[Grand | None]
    recu_le: Mapped[datetime]


class Contrat(Base):
    __tablename__ = "contrat"
    __table_args__ = (
        cle_effectif(),
        UniqueConstraint("id", "organisme_id"),
        Index("ix_contrat_effectif_id", "effectif_id"),
        Index(
            "ix_contrat_employeur_siret",
            "employeur_siret",
            "organisme_id",
            postgresql_where=text("employeur_siret IS NOT NULL"),
        ),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    rang: Mapped[Court]
    """Position in what the source sent, 0 first; contracts added by hand come after."""
    debut: Mapped[date | None]
    fin: Mapped[date | None]
    rupture: Mapped[date | None]
    cause_rupture: Mapped[str | None]
    employeur_siret: Mapped[str | None]
    debut_source: Mapped[date | None]
    """Start date as the source sent it: how a contract is recognised across sends (decision 17)."""
    cause_legale: Mapped[str | None]
    """Code of `causes`: how the contract ended in law. No source says it, people do."""
    mediateur_le: Mapped[date | None]
    """Day on which the mediator was asked, when the apprentice resigns."""
    employeur_informe_le: Mapped[date | None]
    contestation: Mapped[str | None]
    """Code of why the CFA contests the rupture that a source declares; the rupture still counts."""


class Periode(Base):
    """One step of a parcours, `[du, au[`, future steps included. Narrow on purpose: 8 million rows."""

    __tablename__ = "periode"
    __table_args__ = (PrimaryKeyConstraint("effectif_id", "rang"), cle_effectif(), PERSONNELLE)
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[int]
    rang: Mapped[Court]
    statut: Mapped[Court]
    motif: Mapped[Court | None]
    raison: Mapped[Court]
    annee_scolaire: Mapped[str]
    du: Mapped[date]
    au: Mapped[date | None]
    reperes: Mapped[Dates]
    """The dates that the reason used, in the order its code documents."""


class Correction(Base):
    """One field corrected by a person. Rows are closed, never deleted: they are the history of the record."""

    __tablename__ = "correction"
    __table_args__ = (
        cle_effectif(),
        ForeignKeyConstraint(
            ["contrat_id", "organisme_id"],
            ["contrat.id", "contrat.organisme_id"],
            onupdate="CASCADE",
            # The story outlives the contract: a correction never disappears without a trace.
            ondelete="SET NULL (contrat_id)",
        ),
        CheckConstraint("etat IN ('ACTIVE', 'CONFLIT', 'REJOINTE', 'REMPLACEE', 'ANNULEE')", name="etat"),
        Index("ix_correction_effectif_id", "effectif_id"),
        Index("ix_correction_maj", "organisme_id", "maj_le", "id"),
        Index(
            "uq_correction_active",
            "effectif_id",
            "champ",
            text("coalesce(contrat_id, 0)"),
            unique=True,
            postgresql_where=text("etat IN ('ACTIVE', 'CONFLIT')"),
        ),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    contrat_id: Mapped[Grand | None]
    annee_scolaire: Mapped[str]
    champ: Mapped[str]
    valeur: Mapped[str | None]
    """The corrected value, as ISO text; None clears the field."""
    valeur_avant: Mapped[str | None]
    """The effective value that this correction replaced: what undoing puts back."""
    valeur_source: Mapped[str | None]
    """What the source said then: a re-send of it leaves the correction in force."""
    valeur_conflit: Mapped[str | None]
    """A third value that the source sends now (state CONFLIT)."""
    motif: Mapped[str]
    commentaire: Mapped[str | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    demande_id: Mapped[Grand | None]
    """The support case under which support corrected; None: the CFA itself."""
    etat: Mapped[str] = mapped_column(server_default=text("'ACTIVE'"))
    cree_le: Mapped[datetime]
    close_le: Mapped[datetime | None]
    maj_le: Mapped[datetime] = mapped_column(default=horloge.maintenant, onupdate=horloge.maintenant)
    """Last change of state: what an ERP that reads corrections goes on from."""
    reportee_le: Mapped[datetime | None]
    """When somebody ticked it as copied into the ERP; closed by itself when the ERP agrees (decision 6)."""
    reportee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))


class AvantImage(Base):
    """A record as it was before a file changed it, so that the import can be undone exactly (decision 17).

    Written and read by jobs alone; goes 72 hours after.
    """

    __tablename__ = "avant_image"
    __table_args__ = (
        PrimaryKeyConstraint("transmission_id", "effectif_id"),
        cle_effectif(),
        Index("ix_avant_image_effectif_id", "effectif_id"),
        PERSONNELLE,
    )
    transmission_id: Mapped[int] = mapped_column(ForeignKey("transmission.id", ondelete="CASCADE"))
    effectif_id: Mapped[Grand]
    organisme_id: Mapped[int]
    annee_scolaire: Mapped[str]
    version: Mapped[int]
    """Version of the record once the file was applied: another one means that something newer touched it."""
    image: Mapped[dict[str, Any] | None]
    """Its rows as they were; None: the file created it."""
