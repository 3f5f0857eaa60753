"""Withdrawing the links that nobody opened: by a person, by a new sending, by an objection (ADR 0024). Routes commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from tdba import journal, scope
from tdba.db import db
from tdba.liaisons.models import Liaison, Pli
from tdba.liaisons.queries import Sujet
from tdba.ruptures.models import Dossier
from tdba.scope import Droit, Introuvable

OPPOSITION: Final = "OPPOSITION"


def remplacer(sujet: Sujet, maintenant: datetime) -> int:
    """Withdraw the links of this file that nobody opened: one letter waits at a time. Returns how many."""
    requete = _en_attente(maintenant).where(Liaison.dossier_id == sujet.dossier_id)
    retirees = 0
    for liaison in db.session.execute(requete.with_for_update()).scalars():
        retirees += _retirer(liaison, sujet.effectif_id, maintenant, "REMPLACEE")
    return retirees


def revoquer(dossier_id: int, liaison_id: int, maintenant: datetime) -> bool:
    """Withdraw a link that nobody opened; False when it opens nothing any more already. Raises Introuvable.

    Withdrawing takes something back: a frozen file allows it.
    """
    dossier = scope.get_or_404(Dossier, dossier_id, Droit.CORRIGER)
    requete = scope.select_for(Liaison, Droit.CORRIGER).where(
        Liaison.id == liaison_id, Liaison.dossier_id == dossier_id, scope.suivi(Liaison)
    )
    liaison = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    if liaison is None:
        raise Introuvable
    return _retirer(liaison, dossier.effectif_id, maintenant, "PERSONNE")


def apres_opposition(effectif_ids: Sequence[int], maintenant: datetime) -> None:
    """Withdraw the links about somebody who has just objected, in the transaction of the objection.

    Files first, as whoever sends does: a sending under way is waited for, and its letter withdrawn with the others.
    """
    dossiers = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id.in_(effectif_ids))
    fiches = {
        dossier.id: dossier.effectif_id
        for dossier in db.session.execute(dossiers.order_by(Dossier.id).with_for_update()).scalars()
    }
    requete = _en_attente(maintenant).where(Liaison.dossier_id.in_(fiches))
    for liaison in db.session.execute(requete.with_for_update()).scalars():
        _retirer(liaison, fiches[liaison.dossier_id], maintenant, OPPOSITION)


def _en_attente(maintenant: datetime) -> Select[Any]:
    return scope.select_for(Liaison, Droit.CORRIGER).where(
        Liaison.ouverte_le.is_(None), Liaison.revoquee_le.is_(None), Liaison.expire_le > maintenant
    )


def _retirer(liaison: Liaison, effectif_id: int, maintenant: datetime, cause: str) -> bool:
    """Empty the letter if it was still sealed, whoever is opening it now coming before or after."""
    pli = db.session.execute(
        select(Pli).where(Pli.uuid == liaison.uuid).with_for_update()
    ).scalar_one_or_none()
    if pli is None or pli.contenu is None or maintenant >= pli.expire_le:
        return False
    pli.contenu = None
    liaison.revoquee_le = maintenant
    journal.consigner(
        "liaison.revoquee",
        organisme_id=liaison.organisme_id,
        objet=("effectif", effectif_id),
        dossier_id=liaison.dossier_id,
        liaison_id=liaison.id,
        cause=cause,
    )
    return True
