"""Lists that leave as files: asked with a purpose, made by a job, kept 24 hours for one person (decision 41)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import PERSONNELLE, Base, Cle, Grand, Textes

FORMATS = ("XLSX", "CSV", "ODS")
ETATS_EXPORT = ("DEMANDE", "EN_COURS", "PRET", "ECHOUE", "EXPIRE")


class Export(Base):
    """One file asked for: what, why, for whom. Its row stays, as a trace, when the file is gone."""

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(f"format IN {FORMATS}", name="format"),
        CheckConstraint(f"etat IN {ETATS_EXPORT}", name="etat"),
        Index("ix_export_personne_id", "personne_id", "id"),
        Index("ix_export_expire_le", "expire_le", postgresql_where=text("etat = 'PRET'")),
        PERSONNELLE,
    )
    id: Mapped[Cle]
    """Number of the export, printed on its watermark."""
    uuid: Mapped[UUID] = mapped_column(unique=True)
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    liste: Mapped[str]
    """Which list: its code in the catalogue of exports."""
    format: Mapped[str]
    finalite: Mapped[str]
    precision_finalite: Mapped[str | None]
    colonnes: Mapped[Textes]
    criteres: Mapped[str] = mapped_column(server_default=text("''"))
    """Query string of the list, without a search."""
    recherche: Mapped[str | None]
    """What was searched, if anything: erased as soon as the file is made."""
    etat: Mapped[str] = mapped_column(server_default=text("'DEMANDE'"))
    fait: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int] = mapped_column(server_default=text("0"))
    taille: Mapped[Grand] = mapped_column(server_default=text("0"))
    refus: Mapped[str | None]
    cree_le: Mapped[datetime]
    pret_le: Mapped[datetime | None]
    expire_le: Mapped[datetime]
    telechargements: Mapped[int] = mapped_column(server_default=text("0"))
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class ExportBloc(Base):
    """One megabyte of an export."""

    __tablename__ = "export_bloc"
    __table_args__ = (
        PrimaryKeyConstraint("export_id", "rang"),
        CheckConstraint("octet_length(contenu) <= 1048576", name="taille"),
        PERSONNELLE,
    )
    export_id: Mapped[int] = mapped_column(ForeignKey("export.id", ondelete="CASCADE"))
    personne_id: Mapped[Grand]
    rang: Mapped[int]
    contenu: Mapped[bytes] = mapped_column(LargeBinary)
