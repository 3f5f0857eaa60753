"""People, the organisations they act for, their habilitations, and their sessions (decisions 20, 25, 27)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import Base, Cle, Textes

TYPES = (
    "ORGANISME_FORMATION",
    "TETE_DE_RESEAU",
    "DREETS",
    "DDETS",
    "ACADEMIE",
    "DRAAF",
    "DRAFPIC",
    "CONSEIL_REGIONAL",
    "CARIF_OREF_REGIONAL",
    "CARIF_OREF_NATIONAL",
    "OPERATEUR_PUBLIC_NATIONAL",
    "MISSION_LOCALE",
    "ARML",
    "FRANCE_TRAVAIL",
    "SUPPORT",
    "CONFORMITE",
    "AUDIT",
)

REGLES = (
    "ETABLISSEMENTS",
    "SIREN",
    "RESEAU",
    "RESEAU_REGION",
    "REGION",
    "DEPARTEMENT",
    "ACADEMIE",
    "NATION",
    "AUCUNE",
)


class Personne(Base):
    """A person known by (issuer, sub). E-mail, SIRET and provider are attributes, never keys to an account."""

    __tablename__ = "personne"
    __table_args__ = (
        UniqueConstraint("emetteur", "sub"),
        CheckConstraint("etat IN ('ACTIVE', 'EN_ATTENTE', 'SUSPENDUE', 'ENDORMIE', 'FERMEE')", name="etat"),
    )
    id: Mapped[Cle]
    emetteur: Mapped[str]
    sub: Mapped[str]
    courriel: Mapped[str]
    nom: Mapped[str]
    prenom: Mapped[str]
    telephone: Mapped[str | None]
    siret: Mapped[str | None]
    idp_id: Mapped[str | None]
    """Which identity provider vouched, behind the federation, at the last login that said it."""
    fonction: Mapped[str | None]
    etat: Mapped[str] = mapped_column(server_default=text("'ACTIVE'"))
    cree_le: Mapped[datetime]
    vue_le: Mapped[datetime | None]
    courriels_refuses: Mapped[Textes] = mapped_column(server_default=text("'{}'"))
    """Kinds of mails that this person does not want, among `courriels.REFUSABLES`."""


class Organisation(Base):
    """The body a person acts for. Its reach is a rule, resolved to organismes at each request (decision 20)."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(f"type IN {TYPES}", name="type"),
        CheckConstraint(f"regle IN {REGLES}", name="regle"),
        CheckConstraint("(regle = 'SIREN') = (siren IS NOT NULL)", name="siren"),
        CheckConstraint("(regle IN ('RESEAU', 'RESEAU_REGION')) = (reseau_code IS NOT NULL)", name="reseau"),
        CheckConstraint("(regle IN ('REGION', 'RESEAU_REGION')) = (region_code IS NOT NULL)", name="region"),
        CheckConstraint("(regle = 'DEPARTEMENT') = (departement_code IS NOT NULL)", name="departement"),
        CheckConstraint("(regle = 'ACADEMIE') = (academie_code IS NOT NULL)", name="academie"),
    )
    id: Mapped[Cle]
    type: Mapped[str]
    nom: Mapped[str]
    regle: Mapped[str]
    siren: Mapped[str | None]
    reseau_code: Mapped[str | None] = mapped_column(ForeignKey("reseau.code"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departement.code"))
    academie_code: Mapped[str | None] = mapped_column(ForeignKey("academie.code"))
    partage_suivi_depuis: Mapped[date | None]
    """Day from which this CFA shares its follow-up with its network (decision 26); None: not shared."""


class OrganisationOrganisme(Base):
    """The establishments of an organisation whose rule is ETABLISSEMENTS."""

    __tablename__ = "organisation_organisme"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    organisme_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), primary_key=True)


class Habilitation(Base):
    """Person × organisation × role, dated, with who granted it and why.

    `validee_par_id` is the second person of decision 25: until it is set, names outside one's own
    organisation and support rights stay closed; figures do not wait.
    """

    __tablename__ = "habilitation"
    __table_args__ = (
        CheckConstraint("role IN ('administrateur', 'membre')", name="role"),
        CheckConstraint("fin IS NULL OR fin > debut", name="ordre"),
        CheckConstraint("validee_par_id IS NULL OR validee_par_id <> accordee_par_id", name="deux_personnes"),
        Index("ix_habilitation_personne_id", "personne_id"),
        Index("ix_habilitation_organisation_id", "organisation_id"),
    )
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    debut: Mapped[date]
    fin: Mapped[date | None]
    accordee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    motif: Mapped[str]
    validee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    validee_le: Mapped[datetime | None]
    cree_le: Mapped[datetime]


class HabilitationSite(Base):
    """Limits a member to some sites; no row = the whole reach of the organisation."""

    __tablename__ = "habilitation_site"
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"), primary_key=True)
    organisme_id: Mapped[int] = mapped_column(ForeignKey("organisme.id"), primary_key=True)


class SessionWeb(Base):
    """A browser session. Only the hash of its identifier is kept, so a stolen dump opens nothing."""

    __tablename__ = "session_web"
    __table_args__ = (
        Index("ix_session_web_expire_le", "expire_le"),
        Index("ix_session_web_personne_id", "personne_id"),
    )
    id: Mapped[Cle]
    empreinte: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int | None] = mapped_column(ForeignKey("habilitation.id"))
    cree_le: Mapped[datetime]
    vue_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    """Absolute end, whatever the activity (decision 27: 12 h at most)."""
    donnees: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    niveau: Mapped[str | None]
    """Level of authentication that the provider certified (`acr`); None: it did not say, the lowest is assumed."""
    facteur_le: Mapped[datetime | None]
    """When a second factor of ours was last shown in this session."""


class Facteur(Base):
    """A second factor of a person: an authenticator application (TOTP) or a passkey."""

    __tablename__ = "facteur"
    __table_args__ = (
        CheckConstraint("genre IN ('TOTP', 'CLE_ACCES')", name="genre"),
        CheckConstraint("(genre = 'CLE_ACCES') = (cle_id IS NOT NULL)", name="cle"),
        Index("ix_facteur_personne_id", "personne_id"),
    )
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    genre: Mapped[str]
    nom: Mapped[str]
    """What the person calls it."""
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    """TOTP: the shared secret, encrypted under a key of the configuration. Passkey: its public key."""
    cle_id: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Identifier of a passkey."""
    compteur: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """TOTP: last time step accepted, so that a code serves once. Passkey: its own signature counter."""
    cree_le: Mapped[datetime]
    utilise_le: Mapped[datetime | None]


class CodeSecours(Base):
    """A recovery code, shown once; only its hash is kept, and it serves once."""

    __tablename__ = "code_secours"
    __table_args__ = (Index("ix_code_secours_personne_id", "personne_id"),)
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    empreinte: Mapped[bytes] = mapped_column(LargeBinary)
    cree_le: Mapped[datetime]
    utilise_le: Mapped[datetime | None]


class LectureJour(Base):
    """How many names a person was shown in a day: what their next readings are measured against."""

    __tablename__ = "lecture_jour"
    __table_args__ = (CheckConstraint("hors_de_chez_soi BETWEEN 0 AND nombre", name="nombre"),)
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"), primary_key=True)
    jour: Mapped[date] = mapped_column(primary_key=True)
    nombre: Mapped[int]
    """Names shown, and those asked for in vain during a pause."""
    hors_de_chez_soi: Mapped[int]
    """Those shown outside one's own CFA, counted in `nombre` too."""
    alerte_le: Mapped[datetime | None]
    """When it was found unusual: said once a day."""


class PauseLecture(Base):
    """Names are closed to a person who read far more of them than usual, until support lifts it."""

    __tablename__ = "pause_lecture"
    __table_args__ = (
        CheckConstraint(
            "(levee_le IS NULL) = (levee_par_id IS NULL) AND (levee_le IS NULL) = (raison IS NULL)",
            name="levee",
        ),
        CheckConstraint("levee_par_id <> personne_id", name="deux_personnes"),
        Index("ix_pause_lecture_personne_id", "personne_id"),
        Index(
            "uq_pause_lecture_en_cours", "personne_id", unique=True, postgresql_where=text("levee_le IS NULL")
        ),
    )
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    depuis: Mapped[datetime]
    nombre: Mapped[int]
    """Names asked for that day, the page that was withheld included."""
    habitude: Mapped[int]
    """Their usual number in a day, then."""
    levee_le: Mapped[datetime | None]
    levee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    raison: Mapped[str | None]
    """Code of why it was lifted (`habitudes.RAISONS`)."""
