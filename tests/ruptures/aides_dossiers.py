"""Contracts changed as a correction does, and the files read as they are stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tdba import abonnes, scope
from tdba.db import db
from tdba.effectifs import parcours
from tdba.effectifs.models import Contrat, Effectif
from tdba.ruptures.models import Dossier
from tdba.scope import Droit


def dossiers(effectif: Effectif) -> list[tuple[Any, ...]]:
    """Kind, opening, closing and cause of the files of a record, in the order they were written."""
    requete = scope.select_for(
        Dossier, Droit.CORRIGER, Dossier.genre, Dossier.ouvert_du, Dossier.clos_du, Dossier.cause_cloture
    )
    lignes = db.session.execute(requete.where(Dossier.effectif_id == effectif.id).order_by(Dossier.id))
    return [tuple(ligne) for ligne in lignes]


def dossier_de(effectif: Effectif, genre: str) -> Dossier:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(
        Dossier.effectif_id == effectif.id, Dossier.genre == genre
    )
    trouve: Dossier = db.session.execute(requete.execution_options(populate_existing=True)).scalar_one()
    return trouve


def contrats_de(effectif: Effectif) -> Sequence[Contrat]:
    requete = scope.select_for(Contrat, Droit.CORRIGER).where(Contrat.effectif_id == effectif.id)
    return db.session.execute(requete.order_by(Contrat.rang)).scalars().all()


def changer(session: Session, effectif: Effectif, *contrats: tuple[date, date | None, date | None]) -> None:
    """Put these contracts in the place of those of a record, and announce it as every change does."""
    abonnes.annoncer("avant_parcours", [effectif.id])
    for contrat in contrats_de(effectif):
        session.delete(contrat)
    session.flush()
    session.add_all(
        Contrat(
            effectif_id=effectif.id,
            organisme_id=effectif.organisme_id,
            annee_scolaire=effectif.annee_scolaire,
            rang=rang,
            debut=debut,
            fin=fin,
            rupture=rupture,
            debut_source=debut,
        )
        for rang, (debut, fin, rupture) in enumerate(contrats)
    )
    session.flush()
    parcours.recalculer([effectif.id])
    abonnes.annoncer("apres_parcours", [effectif.id])
