"""Readings of a person's own second factors and recovery codes. Every one names the person: nobody reads another's."""

from sqlalchemy import func, select

from tdba.comptes.models import CodeSecours, Facteur
from tdba.db import db
from tdba.scope import Introuvable


def facteurs_de(personne_id: int, *, genre: str | None = None, verrou: bool = False) -> list[Facteur]:
    """A person's factors, the oldest first; of one kind with `genre`."""
    requete = select(Facteur).where(Facteur.personne_id == personne_id).order_by(Facteur.cree_le, Facteur.id)
    if genre is not None:
        requete = requete.where(Facteur.genre == genre)
    if verrou:
        requete = requete.with_for_update()
    return list(db.session.execute(requete).scalars())


def un_facteur(personne_id: int, facteur_id: int) -> Facteur:
    """One's own factor, locked. Raises Introuvable for anybody else's."""
    requete = select(Facteur).where(Facteur.personne_id == personne_id, Facteur.id == facteur_id)
    facteur = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    if facteur is None:
        raise Introuvable
    return facteur


def cle_de(personne_id: int, cle_id: bytes) -> Facteur | None:
    """One's own passkey of that identifier, locked."""
    requete = select(Facteur).where(Facteur.personne_id == personne_id, Facteur.cle_id == cle_id)
    return db.session.execute(requete.with_for_update()).scalar_one_or_none()


def cle_connue(cle_id: bytes) -> bool:
    """Somebody, whoever it is, has already recorded that passkey."""
    return bool(
        db.session.execute(select(select(Facteur).where(Facteur.cle_id == cle_id).exists())).scalar_one()
    )


def a_un_facteur(personne_id: int) -> bool:
    requete = select(select(Facteur).where(Facteur.personne_id == personne_id).exists())
    return bool(db.session.execute(requete).scalar_one())


def code_de_secours(personne_id: int, empreinte: bytes) -> CodeSecours | None:
    """One's own unused recovery code of that digest, locked: it serves once, also when sent twice at once."""
    requete = select(CodeSecours).where(
        CodeSecours.personne_id == personne_id,
        CodeSecours.empreinte == empreinte,
        CodeSecours.utilise_le.is_(None),
    )
    return db.session.execute(requete.with_for_update()).scalar_one_or_none()


def codes_restants(personne_id: int) -> int:
    requete = select(func.count()).where(
        CodeSecours.personne_id == personne_id, CodeSecours.utilise_le.is_(None)
    )
    return int(db.session.execute(requete).scalar_one())
