"""Reading worklists. Every row comes from `selection`, within reach of CORRIGER."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import CTE, Subquery, func, null, select

from tdba import scope
from tdba.db import db
from tdba.ruptures import selection
from tdba.ruptures.choix import AUTRE, MOI, PERSONNE, Choix, Lecteur, retenues, suivies_par
from tdba.ruptures.pages import Page
from tdba.ruptures.queries_ligne import Ligne, afficher, ligne_de
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SEGMENTS, Segment
from tdba.scope import Droit

TAILLE: Final = 25
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Position:
    """Which page of a list: after or before a row, named by its effectif. Neither: the first page."""

    apres: int | None = None
    avant: int | None = None


DEBUT: Final = Position()
TOUT: Final = Choix()
PERSONNE_EN_PARTICULIER: Final = Lecteur(None)


@dataclass(frozen=True, slots=True)
class Comptes:
    """How many files are open, by whom they are followed, and what the list offers to choose from."""

    total: int
    sans_contact: int
    miens: int
    sans_referent: int
    a_d_autres: int
    """Followed by somebody who is not of the team any more."""
    mineurs: int
    en_retard: int
    geles: int
    """Left out of the list: their person objected to being followed."""
    voisins: int | None
    """Open files of the other group of the same tab, if it has two."""
    formations: list[str]
    segments: dict[Segment, int]
    """Counted under the other filters, whatever segment is looked at."""


AUTRE_GROUPE: Final = {RUPTURE: FIN_DE_CONTRAT, FIN_DE_CONTRAT: RUPTURE}


def compter(
    genre: str, jour: date, choix: Choix = TOUT, lecteur: Lecteur = PERSONNE_EN_PARTICULIER
) -> Comptes:
    """Count the open files of that kind on the site looked at, in one statement."""
    lignes = selection.ouverts(genre, jour, choix.site)
    segments: list[Segment] = list(SEGMENTS[genre])
    sous_filtres = retenues(lignes, choix, lecteur, jour, segment=False)
    voisin = AUTRE_GROUPE.get(genre)
    requete = select(
        func.count(),
        func.count().filter(lignes.c.suivi == 0),
        *(func.count().filter(suivies_par(lignes, qui, lecteur)) for qui in (MOI, PERSONNE, AUTRE)),
        func.count().filter(lignes.c.majeur == 0),
        func.count().filter(selection.en_retard(lignes, jour)),
        _nombre(selection.ouverts(genre, jour, choix.site, geles=True)),
        _nombre(selection.ouverts(voisin, jour, choix.site)) if voisin else null(),
        func.array_agg(lignes.c.formation.distinct()).filter(lignes.c.formation.is_not(None)),
        *(func.count().filter(selection.dans_le_segment(lignes, s), sous_filtres) for s in segments),
    ).select_from(lignes)
    lus: Sequence[Any] = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one()
    nombres, (formations, *par_segment) = lus[:9], lus[9:]
    valeurs: list[Any] = [*nombres, sorted(formations or ()), dict(zip(segments, par_segment, strict=True))]
    return Comptes(*valeurs)


def _nombre(lignes: Subquery) -> Any:
    return select(func.count()).select_from(lignes).scalar_subquery()


def page(
    genre: str,
    jour: date,
    choix: Choix = TOUT,
    lecteur: Lecteur = PERSONNE_EN_PARTICULIER,
    *,
    position: Position = DEBUT,
    geles: bool = False,
) -> Page[Ligne]:
    """One page of a worklist, in its order. A position whose row has left the list gives the first page."""
    lignes = selection.ouverts(genre, jour, choix.site, geles=geles)
    rangs = select(
        lignes,
        func.row_number().over(order_by=selection.ordre(lignes)).label("rang"),
        func.count().over().label("total"),
    ).where(retenues(lignes, choix, lecteur, jour))
    trouvees = _lire_page(rangs.cte("rangs"), jour, position)
    if trouvees or position == DEBUT:
        return _page(trouvees)
    return _page(_lire_page(rangs.cte("rangs"), jour, DEBUT), perdue=True)


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


def _page(trouvees: Sequence[tuple[int, int, Ligne]], *, perdue: bool = False) -> Page[Ligne]:
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
