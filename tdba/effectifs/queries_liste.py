"""Reading the list of effectifs: always a constant number of SELECTs, whatever the number of rows.

Rows are Core columns, not entities. Every statement starts from `scope.select_for` with the right to names; agents of
the State therefore get their statuses only, here and again in PostgreSQL (decision 22).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Subquery, case, false, func, null, select, true, tuple_

from tdba import scope
from tdba.db import db
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif, Periode
from tdba.effectifs.queries_filtres import conditions_de, rang_du_jour
from tdba.effectifs.queries_ordre import Curseur, au_dela, cle_de_tri, ordonner, repere_de, selectionner
from tdba.effectifs.recherche import Criteres
from tdba.organismes.models import Organisme
from tdba.scope import Droit

TAILLE: Final = 50
"""Rows of a page."""
COMPTE_EXACT: Final = 10_000
"""Beyond, a total is not counted (decision 35)."""
FORMATIONS_MAX: Final = 200


class Ligne(NamedTuple):
    """One row of the list."""

    id: int
    organisme_id: int
    nom: str
    prenom: str
    date_naissance: date
    formation: str | None
    date_entree: date | None
    corrige: bool
    niveau: int | None
    annee_scolaire: str
    date_fin: date | None
    source: str
    id_erp: str
    ine: str | None
    transmis_le: datetime | None
    plus_transmis_depuis: date | None
    statut: int | None
    depuis: date | None
    telephone: str | None
    courriel: str | None
    motif: int | None
    organisme: str


_COLONNES: Final = Ligne._fields[: Ligne._fields.index("statut")]
"""Those that are columns of `effectif`."""
_DU_LOT: Final = Ligne._fields[: Ligne._fields.index("motif")]


class Page(NamedTuple):
    """One page of the list. `total` None: more than COMPTE_EXACT, and the position is then not known either."""

    lignes: list[Ligne]
    total: int | None
    avant_elle: int | None
    """How many rows precede the page."""
    precedents: bool
    suivants: bool
    curseur_perdu: bool


class Facettes(NamedTuple):
    """What the reach holds, to fill the filters."""

    formations: list[tuple[str, str]]
    annees: list[str]


def page(filtres: Filtres, criteres: Criteres | None, jour: date) -> Page:
    """Read one page. A cursor whose row is gone, or no longer reached, gives the first page and says so."""
    demande = filtres.apres or filtres.avant
    curseur = _curseur(filtres, jour)
    lignes, total, precedant = _lire(filtres, conditions_de(filtres, criteres, jour), curseur, jour)
    autres = len(lignes) > TAILLE
    if curseur is not None and not curseur.vers_l_avant:
        lignes = lignes[:TAILLE][::-1]
        precedents, suivants = autres, True
    else:
        lignes = lignes[:TAILLE]
        precedents, suivants = curseur is not None, autres
    if precedant is not None and curseur is not None and not curseur.vers_l_avant:
        precedant -= len(lignes)
    return Page(lignes, total, precedant, precedents, suivants, bool(demande) and curseur is None)


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


def _lire(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: Curseur | None, jour: date
) -> tuple[list[Ligne], int | None, int | None]:
    """The rows of a page, and one more that tells whether a page follows, with the two counts: one statement.

    Reversed when reading backwards. Counts stand even when no row does.
    """
    lot = _lot(filtres, conditions, curseur, jour)
    compte = _compte(filtres, conditions, curseur, jour)
    # Names of sites and motifs are read for the rows of the page only.
    requete = select(
        *(lot.c[nom] for nom in _DU_LOT), _motif(lot), Organisme.nom, compte.c.total, compte.c.avant
    )
    requete = requete.select_from(compte).outerjoin(lot, true())
    requete = requete.outerjoin(Organisme, Organisme.id == lot.c.organisme_id)
    requete = ordonner(requete, lot.c.cle, lot.c.id, **_sens(filtres, curseur))
    lues = db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF)).all()
    lignes = [Ligne(*ligne[:-2]) for ligne in lues if ligne.id is not None]
    total: int = lues[0].total
    avant: int = lues[0].avant
    if total > COMPTE_EXACT:
        return lignes, None, 0 if curseur is None else None
    # The cursor's own row precedes the page that follows it.
    return lignes, total, avant + 1 if curseur is not None and curseur.vers_l_avant else avant


def _sens(filtres: Filtres, curseur: Curseur | None) -> dict[str, bool]:
    a_l_endroit = curseur is None or curseur.vers_l_avant
    return {"croissant": (filtres.sens == "asc") == a_l_endroit, "vides_a_la_fin": a_l_endroit}


def _lot(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: Curseur | None, jour: date
) -> Subquery:
    rang, cle = rang_du_jour(jour), cle_de_tri(filtres, jour)
    colonnes = [
        *(getattr(Effectif, nom) for nom in _COLONNES),
        Effectif.statuts[rang].label("statut"),
        Effectif.bornes[rang].label("depuis"),
        *_coordonnees(),
        rang.label("rang"),
        cle.label("cle"),
    ]
    interne = selectionner(filtres, *colonnes).where(*conditions)
    if curseur is not None:
        interne = interne.where(au_dela(cle, curseur, filtres.sens, vers_l_avant=curseur.vers_l_avant))
    interne = ordonner(interne, cle, Effectif.id, **_sens(filtres, curseur))
    return interne.limit(TAILLE + 1).subquery("lot")


def _coordonnees() -> list[ColumnElement[Any]]:
    """Phone and e-mail, within reach of their own right only."""
    permises = scope.predicat(Effectif, Droit.VOIR_COORDONNEES)
    return [
        case((permises, getattr(Effectif, nom)), else_=null()).label(nom) for nom in ("telephone", "courriel")
    ]


def _motif(lot: Any) -> ColumnElement[Any]:
    return (
        select(Periode.motif)
        .where(Periode.effectif_id == lot.c.id, Periode.rang == lot.c.rang - 1)
        .scalar_subquery()
        .label("motif")
    )


def _compte(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: Curseur | None, jour: date
) -> Subquery:
    """The total, and how many rows precede the cursor's; counted to COMPTE_EXACT and one more."""
    avant: ColumnElement[bool] = false()
    if curseur is not None:
        avant = au_dela(cle_de_tri(filtres, jour), curseur, filtres.sens, vers_l_avant=False)
    requete = selectionner(filtres, avant.label("avant")).where(*conditions)
    comptees = requete.limit(COMPTE_EXACT + 1).subquery("comptees")
    return (
        select(func.count().label("total"), func.count().filter(comptees.c.avant).label("avant"))
        .select_from(comptees)
        .subquery("compte")
    )
