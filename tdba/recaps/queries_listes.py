"""The list behind a line of the digest: the very files that it counts, over the three kinds, in the order of worklists."""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import CTE, func, null, select

from tdba import scope
from tdba.db import db
from tdba.recaps import mots
from tdba.recaps.contenu import conditions
from tdba.ruptures import selection
from tdba.ruptures.models import Dossier
from tdba.ruptures.queries_ligne import Ligne, afficher, ligne_de
from tdba.ruptures.regles import semaine_de
from tdba.scope import Droit

TAILLE: Final = 25
"""Rows of a page."""


class Lot(NamedTuple):
    """A page of the list."""

    lignes: list[Ligne]
    premiere: int
    """Rank of the first row, from 1; 0 when the list is empty."""
    total: int
    perdue: bool = False
    """The row that the page started from is no longer there: this is the first page, and it must be said."""

    @property
    def suivants(self) -> int | None:
        """The row after which the next page starts."""
        reste = self.lignes and self.premiere + len(self.lignes) <= self.total
        return self.lignes[-1].effectif_id if reste else None


def page(code: str, personne_id: int, jour: date, depuis: date, apres: int | None = None) -> Lot:
    """One page of the list of that line. A position whose row has left the list gives the first page."""
    ouverts = selection.tous_ouverts(jour)
    # Only the list of whom to call says why: elsewhere the row says its place.
    raison = selection.raison_d_appel(ouverts, semaine_de(jour)) if code == mots.A_APPELER else null()
    rangs = (
        select(
            ouverts,
            raison.label("raison"),
            func.row_number().over(order_by=selection.ordre(ouverts)).label("rang"),
            func.count().over().label("total"),
        )
        .select_from(ouverts)
        .outerjoin(Dossier, Dossier.id == ouverts.c.dossier_id)
        .where(conditions(ouverts, personne_id, jour, depuis)[code])
        .cte("rangs")
    )
    lot = _lire(rangs, jour, apres)
    return lot if lot.lignes or apres is None else _lire(rangs, jour, None)._replace(perdue=True)


def _lire(rangs: CTE, jour: date, apres: int | None) -> Lot:
    requete = (
        afficher(rangs, rangs.c.rang, rangs.c.total, rangs.c.raison).order_by(rangs.c.rang).limit(TAILLE)
    )
    if apres is not None:
        repere = select(rangs.c.rang).where(rangs.c.effectif_id == apres).scalar_subquery()
        requete = requete.where(rangs.c.rang > repere)
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    lignes = [ligne_de(reste, jour, raison) for _, _, raison, *reste in lues]
    return Lot(lignes, lues[0][0] if lues else 0, lues[0][1] if lues else 0)
