"""Who receives a digest, how often, and which mornings were dealt with."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.courriels import REFUSABLES
from tdba.db import db, table_de
from tdba.recaps import rythme
from tdba.recaps.models import Envoi, Reglage

GENRE: Final = "recap"
"""The kind of these mails, among those that may be turned off."""
TYPE: Final = "ORGANISME_FORMATION"
"""Who follows young people: the staff of a CFA. Networks, State and support receive no digest (decision 26)."""
PAGE: Final = 200

assert GENRE in REFUSABLES  # noqa: S101 - a digest that could not be turned off must not boot


class Attendu(NamedTuple):
    """Somebody who may receive a digest."""

    personne_id: int
    courriel: str
    rythme: str
    dernier: datetime | None
    """When a morning was last dealt with."""


def attendus(jour: date, apres: int, limite: int) -> list[Attendu]:
    """People of CFA who did not turn digests off, by id after `apres`; those of `jour` dealt with already left out."""
    dernier = select(func.max(Envoi.cree_le)).where(Envoi.personne_id == Personne.id).scalar_subquery()
    fait = select(Envoi.jour).where(Envoi.personne_id == Personne.id, Envoi.jour == jour).exists()
    choisi = func.coalesce(Reglage.rythme, rythme.DEFAUT)
    requete = (
        select(Personne.id, Personne.courriel, choisi, dernier)
        .outerjoin(Reglage, Reglage.personne_id == Personne.id)
        .where(Personne.id > apres, Personne.etat == "ACTIVE", ~Personne.courriels_refuses.contains([GENRE]))
        .where(choisi != rythme.JAMAIS, _habilitations(jour, Personne.id).exists(), ~fait)
        .order_by(Personne.id)
        .limit(limite)
    )
    return [Attendu(*ligne) for ligne in db.session.execute(requete)]


def habilitations(personne_id: int, jour: date) -> list[int]:
    """The habilitations under which this person works in a CFA on `jour`, the oldest first."""
    requete = _habilitations(jour, personne_id).order_by(Habilitation.debut, Habilitation.id)
    return list(db.session.execute(requete).scalars())


def _habilitations(jour: date, personne: Any) -> Select[int]:
    return (
        select(Habilitation.id)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Habilitation.personne_id == personne, Organisation.type == TYPE, _en_cours(jour))
    )


def _en_cours(jour: date) -> ColumnElement[bool]:
    return and_(Habilitation.debut <= jour, or_(Habilitation.fin.is_(None), Habilitation.fin > jour))


def rythme_de(personne_id: int) -> str:
    """How often this person wants a digest; turned off from a mail, never."""
    requete = (
        select(Reglage.rythme, Personne.courriels_refuses.contains([GENRE]))
        .select_from(Personne)
        .outerjoin(Reglage, Reglage.personne_id == Personne.id)
        .where(Personne.id == personne_id)
    )
    choisi, refuse = db.session.execute(requete).one()
    return rythme.JAMAIS if refuse else choisi or rythme.DEFAUT


def choisir(personne_id: int, choix: str, maintenant: datetime) -> None:
    ligne = {"personne_id": personne_id, "rythme": choix, "maj_le": maintenant}
    ordre = insert(table_de(Reglage)).values(ligne)
    db.session.execute(ordre.on_conflict_do_update(index_elements=["personne_id"], set_=ligne))


def retenir(personne_id: int, jour: date, maintenant: datetime) -> bool:
    """Take the morning of one person; False when another run has it: the digest leaves once."""
    ligne = {"personne_id": personne_id, "jour": jour, "envoye": False, "cree_le": maintenant}
    ordre = insert(table_de(Envoi)).values(ligne).on_conflict_do_nothing().returning(Envoi.personne_id)
    return db.session.execute(ordre).first() is not None


def marquer_envoye(personne_id: int, jour: date) -> None:
    db.session.execute(
        update(Envoi).where(Envoi.personne_id == personne_id, Envoi.jour == jour).values(envoye=True)
    )


def oublier(avant: date) -> None:
    """Mornings so old that no digest looks back at them."""
    db.session.execute(delete(Envoi).where(Envoi.jour < avant))


def lots(jour: date) -> Iterator[Sequence[Attendu]]:
    """Everybody concerned, by batches, whatever is committed between two of them."""
    apres = 0
    while lot := attendus(jour, apres, PAGE):
        yield lot
        apres = lot[-1].personne_id
