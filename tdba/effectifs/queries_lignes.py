"""Reading the rows of a page of the list, with its two counts, in one statement.

Two ways: by the index of names, which stops at the page, or by one pass over all that matches. Rows are Core columns,
not entities; every statement starts from the right to names.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import CTE, ColumnElement, Subquery, case, false, func, null, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from tdba import scope
from tdba.db import db
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif, Periode
from tdba.effectifs.queries_filtres import rang_du_jour, un_seul_site
from tdba.effectifs.queries_ordre import Curseur, au_dela, cle_de_tri, ordonner, selectionner
from tdba.organismes.models import Organisme
from tdba.scope import Droit

TAILLE: Final = 50
"""Rows of a page."""
COMPTE_EXACT: Final = 10_000
"""Beyond, a total is not counted (decision 35)."""
FORMATIONS_MAX: Final = 200
SITES_MAX: Final = 50
"""Beyond, the formations on offer are those of the list, not of the whole reach."""


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


class Lu(NamedTuple):
    """What one statement gives: rows, exact counts, and the formations of the list when they were asked for."""

    lignes: list[Ligne]
    total: int
    avant: int
    formations: list[tuple[str, str]] | None


def lire(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: Curseur | None, jour: date
) -> Lu:
    """The rows of a page, and one more that tells whether a page follows, with the two counts.

    Reversed when reading backwards. Counts stand even when no row does.
    """
    par_index = un_seul_site(filtres) and filtres.tri == "nom"
    return (_par_index if par_index else _en_une_passe)(filtres, conditions, curseur, jour)


def _par_index(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: Curseur | None, jour: date
) -> Lu:
    """For one site in the order of names: the index gives the page, which stops there."""
    lot = _lot(filtres, conditions, curseur, jour)
    compte = _compte(filtres, conditions, curseur, jour)
    # Names of sites and motifs are read for the rows of the page only.
    requete = select(
        *(lot.c[nom] for nom in _DU_LOT),
        _motif(lot.c.id, lot.c.rang),
        Organisme.nom,
        compte.c.total,
        compte.c.avant,
    )
    requete = requete.select_from(compte).outerjoin(lot, true())
    requete = requete.outerjoin(Organisme, Organisme.id == lot.c.organisme_id)
    requete = ordonner(requete, lot.c.cle, lot.c.id, **_sens(filtres, curseur))
    lues: Sequence[Any] = db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF)).all()
    total, avant = lues[0][-2:]
    return Lu([Ligne(*ligne[:-2]) for ligne in lues if ligne.id is not None], total, avant, None)


def _en_une_passe(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: Curseur | None, jour: date
) -> Lu:
    """Where no index gives the order: what matches is gone through once, for the page as for the counts.

    A region holds 200,000 records: each pass over them costs 100 ms.
    """
    vaste = _vaste()
    tous = _tous(filtres, conditions, curseur, jour, vaste=vaste)
    sens = _sens(filtres, curseur)
    dans_l_ordre = ordonner(select(tous.c.id, tous.c.cle).where(tous.c.apres), tous.c.cle, tous.c.id, **sens)
    choisis = dans_l_ordre.limit(TAILLE + 1).subquery("choisis")
    nombres = select(func.count().label("total"), func.count().filter(tous.c.avant).label("avant"))
    compte = nombres.select_from(tous).subquery("compte")
    rang = rang_du_jour(jour)
    requete = select(
        *(getattr(Effectif, nom) for nom in _COLONNES),
        Effectif.statuts[rang].label("statut"),
        Effectif.bornes[rang].label("depuis"),
        *_coordonnees(),
        _motif(Effectif.id, rang),
        Organisme.nom,
        compte.c.total,
        compte.c.avant,
        _formations(tous) if vaste else null(),
    )
    requete = requete.select_from(compte).outerjoin(choisis, true())
    requete = requete.outerjoin(Effectif, Effectif.id == choisis.c.id)
    requete = requete.outerjoin(Organisme, Organisme.id == Effectif.organisme_id)
    requete = ordonner(requete, choisis.c.cle, choisis.c.id, **sens)
    lues: Sequence[Any] = db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF)).all()
    total, passees, dites = lues[0][-3:]
    formations = [(code, titre) for code, titre in dites or ()] if vaste else None
    return Lu([Ligne(*ligne[:-3]) for ligne in lues if ligne[0] is not None], total, passees, formations)


def _tous(
    filtres: Filtres,
    conditions: Sequence[ColumnElement[bool]],
    curseur: Curseur | None,
    jour: date,
    *,
    vaste: bool,
) -> CTE:
    """What matches, narrow: ids, sort keys, on which side of the cursor; formations too when they fill a filter."""
    cle = cle_de_tri(filtres, jour)
    avant: ColumnElement[bool] = false()
    apres: ColumnElement[bool] = true()
    if curseur is not None:
        avant = au_dela(cle, curseur, filtres.sens, vers_l_avant=False)
        apres = au_dela(cle, curseur, filtres.sens, vers_l_avant=curseur.vers_l_avant)
    colonnes: list[Any] = [Effectif.id, cle.label("cle"), avant.label("avant"), apres.label("apres")]
    if vaste:
        colonnes += [
            func.coalesce(Effectif.rncp, Effectif.formation).label("formation"),
            Effectif.formation.label("titre"),
        ]
    return selectionner(filtres, *colonnes).where(*conditions).cte("tous")


def _vaste() -> bool:
    """A reach of which another pass is not made only to fill a filter."""
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF)
    return portee.statuts is not None or portee.organismes is None or len(portee.organismes) > SITES_MAX


def _formations(tous: Any) -> ColumnElement[Any]:
    """The most frequent formations of the list, by title: [[code, title], …]."""
    titre = func.coalesce(func.max(tous.c.titre), tous.c.formation).label("titre")
    frequentes = select(tous.c.formation, titre).where(tous.c.formation.is_not(None))
    frequentes = frequentes.group_by(tous.c.formation).order_by(func.count().desc(), tous.c.formation)
    lues = frequentes.limit(FORMATIONS_MAX).subquery("formations")
    paire = func.json_build_array(lues.c.formation, lues.c.titre)
    return select(func.json_agg(aggregate_order_by(paire, lues.c.titre, lues.c.formation))).scalar_subquery()


def _sens(filtres: Filtres, curseur: Curseur | None) -> dict[str, bool]:
    a_l_endroit = curseur is None or curseur.vers_l_avant
    return {"croissant": (filtres.sens == "asc") == a_l_endroit, "vides_a_la_fin": a_l_endroit}


def _lot(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: Curseur | None, jour: date
) -> Subquery:
    rang, cle = rang_du_jour(jour), cle_de_tri(filtres, jour)
    colonnes: list[Any] = [
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


def _motif(effectif_id: Any, rang: Any) -> ColumnElement[Any]:
    return (
        select(Periode.motif)
        .where(Periode.effectif_id == effectif_id, Periode.rang == rang - 1)
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
