"""Acceptance of the confidentiality commitment, dated, by version (identity-security.md §1.10)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from tdba import journal
from tdba.db import db
from tdba.habilitations import engagement
from tdba.habilitations.models import Engagement


def acceptee_le(personne_id: int) -> datetime | None:
    """When the person accepted the version in force; None: not yet."""
    requete = select(Engagement.accepte_le).where(
        Engagement.personne_id == personne_id, Engagement.version == engagement.VERSION
    )
    return db.session.execute(requete).scalar_one_or_none()


def accepter(personne_id: int, maintenant: datetime) -> None:
    """Record the acceptance of the version in force. A second click changes nothing."""
    ajout = (
        insert(Engagement)
        .values(personne_id=personne_id, version=engagement.VERSION, accepte_le=maintenant)
        .on_conflict_do_nothing()
        .returning(Engagement.personne_id)
    )
    if db.session.execute(ajout).scalar_one_or_none() is not None:
        journal.consigner("engagement.accepte", objet=("personne", personne_id), version=engagement.VERSION)
