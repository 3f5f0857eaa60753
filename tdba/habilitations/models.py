"""Requests for access, one-time links, invitations, yearly review, commitment. None of these rows opens anything:
only an `Habilitation` does, and `octrois` is the one door that writes it.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import Base, Cle, Grand

VOIES = ("LIEN", "CLE_API", "CAUTION", "DIRIGEANT", "ADMINISTRATEUR", "SUPPORT")


class DemandeAcces(Base):
    """What somebody without any habilitation asks for; one is open at a time."""

    __tablename__ = "demande_acces"
    __table_args__ = (
        CheckConstraint("etat IN ('EN_ATTENTE', 'ACCORDEE', 'REFUSEE', 'ANNULEE')", name="etat"),
        CheckConstraint(f"voie IN {VOIES}", name="voie"),
        Index("ix_demande_acces_personne_id", "personne_id"),
        Index("ix_demande_acces_organisation_id", "organisation_id"),
        Index("ix_demande_acces_organisme_id", "organisme_id"),
        Index(
            "uq_demande_acces_en_attente",
            "personne_id",
            unique=True,
            postgresql_where=text("etat = 'EN_ATTENTE'"),
        ),
    )
    id: Mapped[Cle]
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    type: Mapped[str]
    """Type of the organisation asked for (`comptes.models.TYPES`)."""
    organisme_id: Mapped[int | None] = mapped_column(ForeignKey("organisme.id"))
    """The establishment chosen, for a CFA."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The organisation, when it exists already."""
    regle: Mapped[str]
    """Reach asked for: `ETABLISSEMENTS` (this one alone) or `SIREN` (every establishment of the legal entity), for a CFA."""
    fonction: Mapped[str]
    etat: Mapped[str] = mapped_column(server_default=text("'EN_ATTENTE'"))
    voie: Mapped[str | None]
    """What let the person in."""
    raison: Mapped[str | None]
    """Why it was refused, in the words of who decided."""
    cree_le: Mapped[datetime]
    decidee_le: Mapped[datetime | None]
    decidee_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    habilitation_id: Mapped[int | None] = mapped_column(ForeignKey("habilitation.id"))


class LienAcces(Base):
    """A one-time link sent to the address that the référentiel holds for the CFA. Only its hash is kept."""

    __tablename__ = "lien_acces"
    __table_args__ = (Index("ix_lien_acces_demande_acces_id", "demande_acces_id"),)
    id: Mapped[Cle]
    empreinte: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    demande_acces_id: Mapped[Grand] = mapped_column(ForeignKey("demande_acces.id"))
    cree_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    utilise_le: Mapped[datetime | None]


class Invitation(Base):
    """Somebody asked by an administrator to join an organisation; accepted by that address only, within 96 hours."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("role IN ('administrateur', 'membre')", name="role"),
        Index("ix_invitation_organisation_id", "organisation_id"),
        Index(
            "uq_invitation_ouverte",
            "organisation_id",
            text("lower(courriel)"),
            unique=True,
            postgresql_where=text("acceptee_le IS NULL AND retiree_le IS NULL"),
        ),
    )
    id: Mapped[Cle]
    empreinte: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    courriel: Mapped[str]
    role: Mapped[str]
    sites: Mapped[list[int]] = mapped_column(ARRAY(INTEGER), server_default=text("'{}'"))
    """Establishments that the member is limited to; empty: the whole reach."""
    fin: Mapped[date | None]
    """First day without the right, for a dated delegation."""
    invitee_par_id: Mapped[int] = mapped_column(ForeignKey("personne.id"))
    envois: Mapped[int] = mapped_column(server_default=text("1"))
    cree_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    acceptee_le: Mapped[datetime | None]
    retiree_le: Mapped[datetime | None]
    habilitation_id: Mapped[int | None] = mapped_column(ForeignKey("habilitation.id"))


class Revue(Base):
    """The yearly question about one habilitation: keep or remove?"""

    __tablename__ = "revue"
    __table_args__ = (
        CheckConstraint("reponse IN ('GARDER', 'RETIRER', 'SANS_REPONSE')", name="reponse"),
        Index("ix_revue_organisation_id", "organisation_id"),
        Index("uq_revue_ouverte", "habilitation_id", unique=True, postgresql_where=text("reponse IS NULL")),
    )
    id: Mapped[Cle]
    habilitation_id: Mapped[int] = mapped_column(ForeignKey("habilitation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ouverte_le: Mapped[datetime]
    relances: Mapped[int] = mapped_column(server_default=text("0"))
    relancee_le: Mapped[datetime | None]
    reponse: Mapped[str | None]
    repondue_le: Mapped[datetime | None]
    repondue_par_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))


class Engagement(Base):
    """A version of the confidentiality commitment that a person accepted."""

    __tablename__ = "engagement"
    personne_id: Mapped[int] = mapped_column(ForeignKey("personne.id"), primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    accepte_le: Mapped[datetime]
