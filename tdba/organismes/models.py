"""Organismes de formation, their relations and networks, and the territories and certifications they refer to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import Base, Cle, CleOrganisme, Court, Grand

NATURES = ("responsable", "formateur", "responsable_formateur", "lieu_formation", "inconnue")


class Region(Base):
    __tablename__ = "region"
    code: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]


class Academie(Base):
    __tablename__ = "academie"
    code: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]


class Departement(Base):
    __tablename__ = "departement"
    code: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    academie_code: Mapped[str | None] = mapped_column(ForeignKey("academie.code"))


class Commune(Base):
    __tablename__ = "commune"
    __table_args__ = (
        Index("ix_commune_codes_postaux", "codes_postaux", postgresql_using="gin"),
        Index("ix_commune_anciens_codes", "anciens_codes", postgresql_using="gin"),
    )
    code_insee: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    departement_code: Mapped[str] = mapped_column(ForeignKey("departement.code"), index=True)
    codes_postaux: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    anciens_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """INSEE codes of the communes that it absorbed: software still sends them."""
    population: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """Centre of the commune, in degrees (WGS 84); None: not known."""


class Organisme(Base):
    """A CFA, known by the couple (UAI, SIRET); the UAI may be missing (domain.md §2.5)."""

    __tablename__ = "organisme"
    __table_args__ = (
        UniqueConstraint("uai", "siret", postgresql_nulls_not_distinct=True),
        CheckConstraint(f"nature IN {NATURES}", name="nature"),
        Index(
            "ix_organisme_recherche",
            "recherche",
            postgresql_using="gin",
            postgresql_ops={"recherche": "gin_trgm_ops"},
        ),
        Index("ix_organisme_siret", "siret"),
        Index("ix_organisme_siren", "siren"),
        Index("ix_organisme_region_code", "region_code"),
        Index("ix_organisme_departement_code", "departement_code"),
        Index("ix_organisme_academie_code", "academie_code"),
    )
    id: Mapped[CleOrganisme]
    uai: Mapped[str | None]
    siret: Mapped[str]
    siren: Mapped[str] = mapped_column(Text, Computed("left(siret, 9)", persisted=True))
    nom: Mapped[str]
    enseigne: Mapped[str | None]
    raison_sociale: Mapped[str | None]
    recherche: Mapped[str] = mapped_column(server_default=text("''"))
    """Name without accents, in capitals, with UAI and SIRET: what the search box looks in."""
    nature: Mapped[str] = mapped_column(server_default=text("'inconnue'"))
    adresse: Mapped[str | None]
    commune: Mapped[str | None]
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("commune.code_insee"))
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departement.code"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    academie_code: Mapped[str | None] = mapped_column(ForeignKey("academie.code"))
    fiable: Mapped[bool] = mapped_column(server_default=text("true"))
    """Known to the référentiel and open: only these count outside their own family (decision 29)."""
    ferme: Mapped[bool] = mapped_column(server_default=text("false"))
    courriel_referentiel: Mapped[str | None]
    premiere_reception_le: Mapped[datetime | None]
    derniere_reception_le: Mapped[datetime | None]


class RelationOrganisme(Base):
    """Responsable → formateur. `partielle`: numbers, never names (domain.md §1 "Responsabilité partielle")."""

    __tablename__ = "relation_organisme"
    __table_args__ = (CheckConstraint("responsable_id <> formateur_id", name="distincts"),)
    responsable_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), primary_key=True)
    formateur_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), primary_key=True, index=True)
    partielle: Mapped[bool] = mapped_column(server_default=text("false"))


class Reseau(Base):
    __tablename__ = "reseau"
    code: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    responsable: Mapped[bool] = mapped_column(server_default=text("false"))
    """True: the head of the network acts like a responsable, names included (domain.md §5.2)."""


class ReseauOrganisme(Base):
    """Dated membership; `fin` excluded, None = still a member."""

    __tablename__ = "reseau_organisme"
    __table_args__ = (
        UniqueConstraint("reseau_code", "organisme_id", "debut"),
        CheckConstraint("fin IS NULL OR fin > debut", name="ordre"),
    )
    id: Mapped[Cle]
    reseau_code: Mapped[str] = mapped_column(ForeignKey("reseau.code"))
    organisme_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), index=True)
    debut: Mapped[date]
    fin: Mapped[date | None]


class Certification(Base):
    """One couple (RNCP, CFD); either may be missing, never both."""

    __tablename__ = "certification"
    __table_args__ = (
        UniqueConstraint("rncp", "cfd", postgresql_nulls_not_distinct=True),
        CheckConstraint("rncp IS NOT NULL OR cfd IS NOT NULL", name="un_code"),
        CheckConstraint("niveau BETWEEN 3 AND 8", name="niveau"),
        Index("ix_certification_cfd", "cfd"),
    )
    id: Mapped[Cle]
    rncp: Mapped[str | None]
    cfd: Mapped[str | None]
    intitule: Mapped[str]
    niveau: Mapped[Court | None]
    """European level, 3 (CAP) to 8 (doctorat)."""
    diplome: Mapped[str | None]
    ouverture: Mapped[date | None]
    """First day on which a session may start under this couple; None: not known, hence not checked."""
    echeance: Mapped[date | None]
    """Last such day."""
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class CodeCertification(Base):
    """Validity of one code by itself, `RNCP34670` or a CFD, and the codes that came before and after it."""

    __tablename__ = "code_certification"
    code: Mapped[str] = mapped_column(primary_key=True)
    ouverture: Mapped[date | None]
    fermeture: Mapped[date | None]
    continuite: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Every code it descends from or became (domain.md §4.5); it may name itself."""


class CodeInconnu(Base):
    """A code that records carry and no import knows; `demande_le`: when the national API was last asked about it."""

    __tablename__ = "code_inconnu"
    code: Mapped[str] = mapped_column(primary_key=True)
    signale_le: Mapped[datetime]
    demande_le: Mapped[datetime | None]


class Rome(Base):
    """One job of the ROME nomenclature."""

    __tablename__ = "rome"
    code: Mapped[str] = mapped_column(primary_key=True)
    libelle: Mapped[str]


class CertificationRome(Base):
    """The jobs that a certification leads to."""

    __tablename__ = "certification_rome"
    rncp: Mapped[str] = mapped_column(primary_key=True)
    romes: Mapped[list[str]] = mapped_column(ARRAY(Text))


class VersionReferentiel(Base):
    """Number that changes with every write of certifications, or of communes (triggers of migration 0021)."""

    __tablename__ = "version_referentiel"
    nom: Mapped[str] = mapped_column(primary_key=True)
    numero: Mapped[Grand] = mapped_column(server_default=text("0"))
    appliquee: Mapped[Grand] = mapped_column(server_default=text("0"))
    """The number under which records were last completed."""


class Entreprise(Base):
    """An employer's establishment, as the national register of companies says it: asked by a job, kept here."""

    __tablename__ = "entreprise"
    siret: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str | None]
    naf: Mapped[str | None]
    """Activity of the establishment, four digits and a letter, without a dot."""
    code_insee: Mapped[str | None]
    """Commune of the establishment."""
    code_postal: Mapped[str | None]
    nature_juridique: Mapped[str | None]
    tranche_effectif: Mapped[str | None]
    """INSEE code of the bracket of headcount: the register does not say more."""
    fermee_le: Mapped[date | None]
    """None: in activity. 0001-01-01: closed, on a day that the register does not give."""
    inconnue: Mapped[bool] = mapped_column(server_default=text("false"))
    """The register answered that it does not know this number."""
    demandee_le: Mapped[datetime | None]
    """Last time somebody needed it; asked again when the answer is old."""
    maj_le: Mapped[datetime | None]
    """Last answer of the register; None: never answered yet."""
