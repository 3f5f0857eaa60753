"""The lines that a comparison looks at: what the ERP announced, and what was received and made no record."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from tdba import scope
from tdba.db import db
from tdba.rapprochements import annonces
from tdba.rapprochements.comparaison import Raison, Recue
from tdba.rapprochements.populations import APPRENTIS
from tdba.scope import Droit
from tdba.transmissions import lignes
from tdba.transmissions.models import Ligne, Reception, Transmission

FENETRE: Final = timedelta(days=30)
"""Without a complete transmission: the last line of each record over this time."""
GARDEES: Final = timedelta(days=90)
"""How long lines are kept (decision 16)."""
DELAI: Final = timedelta(days=1)
"""Calls of one complete sending come within a day (decision 14)."""
LIGNES_MAX: Final = 25_000
RECUES_MAX: Final = 20_000

ACCEPTEES: Final = ("CREEE", "MODIFIEE", "INCHANGEE")
SANS_FICHE: Final = {
    "REFUSEE": Raison.REFUSEE,
    "A_TRAITER": Raison.EN_ATTENTE,
    "EN_ATTENTE": Raison.INCONNU,
}
"""States of the lines that made no record."""
JAMAIS_ENVOYEES: Final = ("APERCU", "ECARTEE")


class Envoi(NamedTuple):
    """What stands for the list of the ERP. `complet`: it said that it held every record."""

    complet: bool
    transmissions: Sequence[int]
    le: datetime | None


class LigneAnnoncee(NamedTuple):
    """A line of that list."""

    id: int
    rang: int
    id_erp: str | None
    annee: str | None
    acceptee: bool
    effectif_id: int | None


class LigneLue(NamedTuple):
    """What a row says of a line."""

    id: int
    transmission_id: int
    transmission: UUID
    recue_le: datetime
    rang: int
    erreurs: Sequence[dict[str, Any]]


def envoi(organisme_id: int, maintenant: datetime) -> Envoi:
    """The last complete transmission of the establishment, with its parts; else all those of the last 30 days."""
    derniere = db.session.execute(
        _receptions(organisme_id, maintenant - GARDEES, Transmission)
        .where(Transmission.complete, Transmission.etat == "TRAITEE")
        .order_by(Reception.recue_le.desc(), Transmission.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if derniere is None:
        lues = _receptions(organisme_id, maintenant - FENETRE, Transmission.id, Reception.recue_le)
        toutes = db.session.execute(lues.order_by(Transmission.id)).all()
        return Envoi(False, [id_ for id_, _ in toutes], max((le for _, le in toutes), default=None))
    # What came since completes it: an ERP that sends everything on Sunday sends the rest of the week as it goes.
    depuis = _receptions(organisme_id, derniere.recue_le - DELAI, Transmission.id).where(
        or_(Transmission.id >= derniere.id, _meme_envoi(derniere))
    )
    return Envoi(
        True, list(db.session.execute(depuis.order_by(Transmission.id)).scalars()), derniere.recue_le
    )


def _meme_envoi(derniere: Transmission) -> ColumnElement[bool]:
    """The other parts of a complete sending made of several calls."""
    if derniere.envoi is None:
        return false()
    return and_(
        Transmission.envoi == derniere.envoi,
        Transmission.parties == derniere.parties,
        Transmission.transmetteur_id == derniere.transmetteur_id,
    )


def annoncees(organisme_id: int, envoi_: Envoi) -> list[LigneAnnoncee]:
    """The lines of that list about the establishment, the last one of each record; none of nobody's is left out."""
    cle = func.coalesce(_id_erp(), func.concat("#", Ligne.id)).label("cle")
    dites = (
        _lignes(
            organisme_id, Ligne.id, Ligne.rang, _id_erp().label("id_erp"), Ligne.annee_scolaire.label("annee")
        )
        .add_columns(Ligne.etat.in_(ACCEPTEES).label("acceptee"), Ligne.effectif_id, cle)
        .where(Ligne.transmission_id.in_(envoi_.transmissions), Ligne.etat.not_in(JAMAIS_ENVOYEES))
        .subquery()
    )
    c = dites.c
    requete = (
        select(c.id, c.rang, c.id_erp, c.annee, c.acceptee, c.effectif_id)
        .ext(distinct_on(c.cle, c.annee))
        .order_by(c.cle, c.annee, c.id.desc())
        .limit(LIGNES_MAX + 1)
    )
    requete = scope.autorisee(requete, Droit.CORRIGER)
    lues = [LigneAnnoncee(*ligne) for ligne in db.session.execute(requete)]
    return sorted(lues, key=lambda ligne: ligne.id)


def contenus(organisme_id: int, ligne_ids: Collection[int]) -> dict[int, tuple[Any, str]]:
    """What these lines say, and the source whose rules read them."""
    if not ligne_ids:
        return {}
    requete = (
        _lignes(organisme_id, Ligne.id, Ligne.contenu, Transmission.source)
        .join(Transmission, Transmission.id == Ligne.transmission_id)
        .where(Ligne.id.in_(ligne_ids))
    )
    return {id_: (contenu, source) for id_, contenu, source in db.session.execute(requete)}


def sans_fiche(organisme_id: int, annees: Collection[str], maintenant: datetime) -> list[Recue]:
    """Lines of the last 90 days that are refused or that wait, the last ones first."""
    receptions = _receptions(organisme_id, maintenant - GARDEES, Transmission.id)
    requete = (
        _lignes(organisme_id, Ligne.id, Ligne.etat, Ligne.annee_scolaire, Ligne.contenu, Transmission.source)
        .join(Transmission, Transmission.id == Ligne.transmission_id)
        .where(
            Ligne.transmission_id.in_(receptions.scalar_subquery()),
            Ligne.etat.in_(SANS_FICHE),
        )
        .order_by(Ligne.id.desc())
        .limit(RECUES_MAX)
    )
    recues = []
    for id_, etat, annee, contenu, source in db.session.execute(requete):
        if annee is not None and annee not in annees:
            continue
        dite = annonces.qui(lignes.lire(contenu, source=source).valeurs).dit(0, APPRENTIS)
        recues.append(Recue(id_, dite.id_erp, dite.recherche, dite.naissance, SANS_FICHE[etat]))
    return recues


def lues(organisme_id: int, ligne_ids: Collection[int]) -> dict[int, LigneLue]:
    """Where these lines stand, and what was refused of them."""
    if not ligne_ids:
        return {}
    requete = (
        _lignes(organisme_id, Ligne.id, Ligne.transmission_id, Transmission.uuid, Transmission.recue_le)
        .add_columns(Ligne.rang, Ligne.erreurs)
        .join(Transmission, Transmission.id == Ligne.transmission_id)
        .where(Ligne.id.in_(ligne_ids))
    )
    return {ligne[0]: LigneLue(*ligne) for ligne in db.session.execute(requete)}


def _receptions(organisme_id: int, depuis: datetime, *colonnes: Any) -> Select[Any]:
    return (
        scope.select_for(Reception, Droit.CORRIGER, *colonnes)
        .join(Transmission, Transmission.id == Reception.transmission_id)
        .where(
            Reception.organisme_id == organisme_id,
            Reception.recue_le >= depuis,
            Transmission.etat.in_(("RECUE", "EN_COURS", "TRAITEE")),
        )
    )


def _lignes(organisme_id: int, *colonnes: Any) -> Select[Any]:
    """Lines about the establishment, or that it sent and that nobody could tell whose they are."""
    sienne: ColumnElement[bool] = and_(
        scope.portee_sur(Ligne.organisme_id, Droit.CORRIGER), Ligne.organisme_id == organisme_id
    )
    de_personne = and_(
        scope.portee_sur(Ligne.transmetteur_id, Droit.CORRIGER),
        Ligne.organisme_id.is_(None),
        Ligne.transmetteur_id == organisme_id,
    )
    return scope.autorisee(select(*colonnes).select_from(Ligne).where(sienne | de_personne), Droit.CORRIGER)


def _id_erp() -> ColumnElement[Any]:
    """A refused line may have an identifier that was not kept apart."""
    return func.coalesce(Ligne.id_erp, Ligne.contenu["id_erp_apprenant"].astext)
