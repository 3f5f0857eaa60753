"""Missions locales, and the files sent to one named person there.

`Liaison` says who sent what kind of data to whom, and the answer; `Pli` is the sealed letter itself, encrypted with
what its reader alone was given, so that opening it needs no right on any table about people (ADR 0024).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Court, Grand, OrganismeId, Textes
from tdba.ruptures.models import cle_dossier

REPONSES = ("RENDEZ_VOUS", "INJOIGNABLE", "AUTRE")


class MissionLocale(Base):
    """A mission locale of the imported list."""

    __tablename__ = "mission_locale"
    id: Mapped[Cle]
    siret: Mapped[str] = mapped_column(unique=True)
    nom: Mapped[str]
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("commune.code_insee"))
    """Commune of its seat."""
    courriel: Mapped[str | None]
    telephone: Mapped[str | None]
    adresse: Mapped[str | None]
    rdv_url: Mapped[str | None]
    """Public page where a young person books a first meeting."""
    maj_le: Mapped[datetime]


class MissionLocaleCommune(Base):
    """A commune that a mission locale serves."""

    __tablename__ = "mission_locale_commune"
    __table_args__ = (Index("ix_mission_locale_commune_code_insee", "code_insee"),)
    mission_locale_id: Mapped[Grand] = mapped_column(
        ForeignKey("mission_locale.id", ondelete="CASCADE"), primary_key=True
    )
    code_insee: Mapped[str] = mapped_column(primary_key=True)


class Liaison(Base):
    """One sending to one person. Holds no value about the youth: which kinds of data, when, and what was answered."""

    __tablename__ = "liaison"
    __table_args__ = (
        cle_dossier(),
        CheckConstraint(f"reponse IN {REPONSES}", name="reponse"),
        Index("ix_liaison_dossier_id", "dossier_id", "id"),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    uuid: Mapped[UUID] = mapped_column(unique=True)
    dossier_id: Mapped[Grand]
    organisme_id: Mapped[OrganismeId]
    annee_scolaire: Mapped[str]
    mission_locale_id: Mapped[int | None] = mapped_column(ForeignKey("mission_locale.id"))
    contact: Mapped[str | None]
    """Name of the adviser it was sent to; erased with the file."""
    courriel: Mapped[str | None]
    donnees: Mapped[Textes]
    """Codes of the kinds of data that the référent ticked."""
    cree_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    ouverte_le: Mapped[datetime | None]
    reponse: Mapped[str | None]
    repondu_le: Mapped[datetime | None]
    revoquee_le: Mapped[datetime | None]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    cle_formulaire: Mapped[str | None] = mapped_column(unique=True)


class Pli(Base):
    """A sealed letter, found by the hash of its link's token, opened once with a code, empty once opened or expired."""

    __tablename__ = "pli"
    __table_args__ = (
        CheckConstraint(f"reponse IN {REPONSES}", name="reponse"),
        CheckConstraint("octet_length(contenu) <= 16384", name="contenu"),
        Index("ix_pli_expire_le", "expire_le"),
    )
    uuid: Mapped[UUID] = mapped_column(primary_key=True)
    jeton_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    contenu: Mapped[bytes | None] = mapped_column(LargeBinary)
    essais: Mapped[Court] = mapped_column(server_default=text("0"))
    expire_le: Mapped[datetime]
    ouvert_le: Mapped[datetime | None]
    reponse_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Hash of what the opened page carries to answer once."""
    reponse: Mapped[str | None]
    repondu_le: Mapped[datetime | None]
