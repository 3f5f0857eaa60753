"""Reading the list of effectifs: always a constant number of SELECTs, whatever the number of rows.

Rows are Core columns, not entities. Every statement starts from `scope.select_for` with the right to names; agents of
the State therefore get their statuses only, here and again in PostgreSQL (decision 22).
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, tuple_

from tdba import scope
from tdba.db import db
from tdba.effectifs import queries_lignes
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_filtres import conditions_de
from tdba.effectifs.queries_lignes import COMPTE_EXACT, FORMATIONS_MAX, TAILLE, Ligne, Lu
from tdba.effectifs.queries_ordre import Curseur, repere_de
from tdba.effectifs.recherche import Criteres
from tdba.scope import Droit


class Page(NamedTuple):
    """One page of the list. `total` None: more than COMPTE_EXACT, and the position is then not known either."""

    lignes: list[Ligne]
    total: int | None
    avant_elle: int | None
    """How many rows precede the page."""
    precedents: bool
    suivants: bool
    curseur_perdu: bool
    formations: list[tuple[str, str]] | None = None
    """Those of the list itself, where the whole reach is too large to be gone through once more."""


class Facettes(NamedTuple):
    """What the reach holds, to fill the filters."""

    formations: list[tuple[str, str]]
    annees: list[str]


def page(filtres: Filtres, criteres: Criteres | None, jour: date) -> Page:
    """Read one page. A cursor whose row is gone, or no longer reached, gives the first page and says so."""
    demande = filtres.apres or filtres.avant
    curseur = _curseur(filtres, jour)
    conditions = conditions_de(filtres, criteres, jour)
    lu = queries_lignes.lire(filtres, conditions, curseur, jour)
    lignes, total, precedant = lu.lignes, *_comptes(lu, curseur)
    autres = len(lignes) > TAILLE
    if curseur is not None and not curseur.vers_l_avant:
        lignes = lignes[:TAILLE][::-1]
        precedents, suivants = autres, True
    else:
        lignes = lignes[:TAILLE]
        precedents, suivants = curseur is not None, autres
    if precedant is not None and curseur is not None and not curseur.vers_l_avant:
        precedant -= len(lignes)
    perdu = bool(demande) and curseur is None
    return Page(lignes, total, precedant, precedents, suivants, perdu, lu.formations)


def _comptes(lu: Lu, curseur: Curseur | None) -> tuple[int | None, int | None]:
    """The total and the position as pages say them: exact to COMPTE_EXACT (decision 35)."""
    if lu.total > COMPTE_EXACT:
        return None, 0 if curseur is None else None
    # The cursor's own row precedes the page that follows it.
    return lu.total, lu.avant + 1 if curseur is not None and curseur.vers_l_avant else lu.avant


def deux_premiers(filtres: Filtres, criteres: Criteres, jour: date) -> list[tuple[int, int]]:
    """(id, organisme) of the first two records found: enough to know whether there is exactly one."""
    requete = scope.select_for(Effectif, Droit.VOIR_NOMINATIF, Effectif.id, Effectif.organisme_id)
    requete = requete.where(*conditions_de(filtres, criteres, jour)).order_by(Effectif.recherche, Effectif.id)
    return [(cle, organisme) for cle, organisme in db.session.execute(requete.limit(2))]


def facettes() -> Facettes:
    """Formations and years of the reach, read in one pass; the most frequent formations first kept, then sorted."""
    cle = func.coalesce(Effectif.rncp, Effectif.formation)
    requete = scope.select_for(
        Effectif,
        Droit.VOIR_NOMINATIF,
        cle,
        Effectif.annee_scolaire,
        func.max(Effectif.formation),
        func.count(),
    ).group_by(func.grouping_sets(tuple_(cle), tuple_(Effectif.annee_scolaire)))
    formations, connues = [], []
    for formation, annee, titre, nombre in db.session.execute(requete):
        if annee is not None:
            connues.append(annee)
        elif formation is not None:
            formations.append((nombre, formation, titre or formation))
    gardees = sorted(formations, key=lambda f: (-f[0], f[1]))[:FORMATIONS_MAX]
    choix = sorted(((cle, titre) for _, cle, titre in gardees), key=lambda f: (f[1], f[0]))
    return Facettes(choix, sorted(connues, reverse=True))


def _curseur(filtres: Filtres, jour: date) -> Curseur | None:
    repere = filtres.apres or filtres.avant
    return (
        None if repere is None else repere_de(filtres, repere, jour, vers_l_avant=filtres.apres is not None)
    )
