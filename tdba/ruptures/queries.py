"""Reading worklists. Every row comes from `selection`, within reach of CORRIGER."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import CTE, Subquery, func, select

from tdba import scope
from tdba.db import db
from tdba.ruptures import selection
from tdba.ruptures.queries_ligne import Ligne, afficher, ligne_de
from tdba.ruptures.regles import SEGMENTS, Segment
from tdba.scope import Droit

TAILLE: Final = 25
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Position:
    """Which page of a list: after or before a row, named by its effectif. Neither: the first page."""

    apres: int | None = None
    avant: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    lignes: list[Ligne]
    premiere: int
    """Rank of the first row in the whole list, from 1; 0 when the list is empty."""
    total: int
    perdue: bool = False
    """The row that the page started from is no longer there: this is the first page, and it must be said."""

    @property
    def derniere(self) -> int:
        return self.premiere + len(self.lignes) - 1 if self.lignes else 0

    @property
    def precedents(self) -> int | None:
        """The row before which the former page ends."""
        return self.lignes[0].effectif_id if self.premiere > 1 else None

    @property
    def suivants(self) -> int | None:
        """The row after which the next page starts."""
        return self.lignes[-1].effectif_id if self.lignes and self.derniere < self.total else None


@dataclass(frozen=True, slots=True)
class Comptes:
    """How many files are open, in all and by segment, and how many nobody has called yet."""

    total: int
    sans_contact: int
    segments: dict[Segment, int]


def compter(genre: str, jour: date, site: int | None = None) -> Comptes:
    """Count the open files of that kind; segments are counted whatever segment is looked at."""
    lignes = selection.ouverts(genre, jour, site)
    segments: list[Segment] = list(SEGMENTS[genre])
    colonnes = [func.count().filter(selection.dans_le_segment(lignes, segment)) for segment in segments]
    requete = select(func.count(), func.count().filter(lignes.c.suivi == 0), *colonnes).select_from(lignes)
    total, sans_contact, *nombres = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one()
    return Comptes(total, sans_contact, dict(zip(segments, nombres, strict=True)))


def page(
    genre: str, jour: date, *, site: int | None = None, segment: Segment | None = None, position: Position
) -> Page:
    """One page of a worklist, in its order. A position whose row has left the list gives the first page."""
    lignes = selection.ouverts(genre, jour, site)
    rangs = select(
        lignes,
        func.row_number().over(order_by=selection.ordre(lignes)).label("rang"),
        func.count().over().label("total"),
    )
    if segment is not None:
        rangs = rangs.where(selection.dans_le_segment(lignes, segment))
    trouvees = _lire_page(rangs.cte("rangs"), jour, position)
    if trouvees or position == Position():
        return _page(trouvees)
    return _page(_lire_page(rangs.cte("rangs"), jour, Position()), perdue=True)


def _lire_page(rangs: CTE, jour: date, position: Position) -> list[tuple[int, int, Ligne]]:
    """Rows of the page with their rank and the total."""
    requete = afficher(rangs, rangs.c.rang, rangs.c.total).limit(TAILLE)
    repere = position.apres if position.avant is None else position.avant
    if repere is not None:
        repere_rang = select(rangs.c.rang).where(rangs.c.effectif_id == repere).scalar_subquery()
        suite = rangs.c.rang > repere_rang if position.avant is None else rangs.c.rang < repere_rang
        requete = requete.where(suite)
    requete = requete.order_by(rangs.c.rang.desc() if position.avant is not None else rangs.c.rang)
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    return sorted(((rang, total, ligne_de(reste, jour)) for rang, total, *reste in lues), key=lambda x: x[0])


def _page(trouvees: Sequence[tuple[int, int, Ligne]], *, perdue: bool = False) -> Page:
    if not trouvees:
        return Page([], 0, 0, perdue)
    return Page([ligne for _, _, ligne in trouvees], trouvees[0][0], trouvees[0][1], perdue)


def a_appeler(lignes: Subquery, raison: Any, jour: date, limite: int) -> list[Ligne]:
    """The first rows of `lignes` that have a reason to be called, with it."""
    choisies = (
        select(lignes, raison.label("raison"))
        .where(raison.is_not(None))
        .order_by(*selection.ordre(lignes))
        .limit(limite)
        .subquery()
    )
    requete = afficher(choisies, choisies.c.raison).order_by(*selection.ordre(choisies))
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    return [ligne_de(reste, jour, raison) for raison, *reste in lues]
