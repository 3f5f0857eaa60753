"""Reading the list of effectifs: always a constant number of SELECTs, whatever the number of rows.

Rows are Core columns, not entities. Every statement starts from `scope.select_for` with the right to names; agents of
the State therefore get their statuses only, here and again in PostgreSQL (decision 22).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    null,
    or_,
    select,
    tuple_,
)

from tdba import scope
from tdba.db import db, table_de
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif, Periode
from tdba.effectifs.queries_filtres import conditions_de, rang_du_jour
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
    statut: int | None
    depuis: date | None
    telephone: str | None
    courriel: str | None
    motif: int | None
    organisme: str


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


class _Curseur(NamedTuple):
    id: int
    cle: Any
    vers_l_avant: bool


def page(filtres: Filtres, criteres: Criteres | None, jour: date) -> Page:
    """Read one page. A cursor whose row is gone, or no longer reached, gives the first page and says so."""
    demande = filtres.apres or filtres.avant
    curseur = _curseur(filtres, jour) if demande else None
    conditions = conditions_de(filtres, criteres, jour)
    lignes = _lignes(filtres, conditions, curseur, jour)
    autres = len(lignes) > TAILLE
    if curseur is not None and not curseur.vers_l_avant:
        lignes = lignes[:TAILLE][::-1]
        precedents, suivants = autres, True
    else:
        lignes = lignes[:TAILLE]
        precedents, suivants = curseur is not None, autres
    total, precedant = _compter(filtres, conditions, curseur, jour)
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


def sites() -> list[tuple[int, str]]:
    """The organismes of the reach, by name; none when there is only one to choose from."""
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF).organismes
    if portee is None or len(portee) < 2:
        return []
    requete = select(Organisme.id, Organisme.nom, Organisme.commune).where(
        scope.parmi(table_de(Organisme).c.id, portee)
    )
    lignes = db.session.execute(requete.order_by(Organisme.nom, Organisme.id))
    return [(cle, f"{nom} ({commune})" if commune else nom) for cle, nom, commune in lignes]


def _cle_de_tri(filtres: Filtres, jour: date) -> ColumnElement[Any]:
    cles: dict[str, Any] = {
        "nom": Effectif.recherche,
        "statut": Effectif.bornes[rang_du_jour(jour)],
        "entree": Effectif.date_entree,
        "formation": Effectif.formation,
    }
    return cles[filtres.tri]  # type: ignore[no-any-return]


def _curseur(filtres: Filtres, jour: date) -> _Curseur | None:
    requete = scope.select_for(
        Effectif, Droit.VOIR_NOMINATIF, Effectif.id, _cle_de_tri(filtres, jour).label("cle")
    ).where(Effectif.id == (filtres.apres or filtres.avant))
    ligne = db.session.execute(requete).one_or_none()
    return None if ligne is None else _Curseur(ligne.id, ligne.cle, filtres.apres is not None)


def _lignes(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: _Curseur | None, jour: date
) -> list[Ligne]:
    """The rows of a page and one more, which tells that there is a page after; reversed when reading backwards."""
    rang, cle = rang_du_jour(jour), _cle_de_tri(filtres, jour)
    colonnes = [
        *(getattr(Effectif, nom) for nom in Ligne._fields[:8]),
        Effectif.statuts[rang].label("statut"),
        Effectif.bornes[rang].label("depuis"),
        *_coordonnees(),
        rang.label("rang"),
        cle.label("cle"),
    ]
    croissant = (filtres.sens == "asc") == (curseur is None or curseur.vers_l_avant)
    interne = scope.select_for(Effectif, Droit.VOIR_NOMINATIF, *colonnes).where(*conditions)
    if curseur is not None:
        interne = interne.where(_au_dela(cle, curseur, filtres.sens, vers_l_avant=curseur.vers_l_avant))
    a_l_endroit = curseur is None or curseur.vers_l_avant
    interne = _ordonner(interne, cle, Effectif.id, croissant=croissant, vides_a_la_fin=a_l_endroit)
    lot = interne.limit(TAILLE + 1).subquery()
    # Names of sites and motifs are read for the rows of the page only.
    requete = select(*(lot.c[nom] for nom in Ligne._fields[:12]), _motif(lot), Organisme.nom).select_from(lot)
    requete = requete.join(Organisme, Organisme.id == lot.c.organisme_id)
    requete = _ordonner(requete, lot.c.cle, lot.c.id, croissant=croissant, vides_a_la_fin=a_l_endroit)
    return [Ligne(*ligne) for ligne in db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF))]


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


def _ordonner(
    requete: Select[Any], cle: Any, cle_primaire: Any, *, croissant: bool, vides_a_la_fin: bool
) -> Select[Any]:
    """A total order: empty values last (first when reading backwards), the id as tie-break."""
    trie = cle.asc() if croissant else cle.desc()
    trie = trie.nulls_last() if vides_a_la_fin else trie.nulls_first()
    if cle is Effectif.recherche:  # never empty: the plain order is the one of the index
        trie = cle.asc() if croissant else cle.desc()
    return requete.order_by(trie, cle_primaire.asc() if croissant else cle_primaire.desc())


def _au_dela(cle: Any, curseur: _Curseur, sens: str, *, vers_l_avant: bool) -> ColumnElement[bool]:
    """The rows after the cursor in the order of the list (before it when not `vers_l_avant`), itself excluded."""
    monte = (sens == "asc") == vers_l_avant
    compare = Effectif.id > curseur.id if monte else Effectif.id < curseur.id
    if curseur.cle is None:
        meme = and_(cle.is_(None), compare)
        return meme if vers_l_avant else or_(cle.isnot(None), meme)
    couple, repere = tuple_(cle, Effectif.id), tuple_(curseur.cle, curseur.id)
    suite = couple > repere if monte else couple < repere
    return or_(suite, cle.is_(None)) if vers_l_avant and cle is not Effectif.recherche else suite


def _compter(
    filtres: Filtres, conditions: Sequence[ColumnElement[bool]], curseur: _Curseur | None, jour: date
) -> tuple[int | None, int | None]:
    """The total, and how many rows precede the page (the cursor's own included when it goes forward)."""
    avant: ColumnElement[bool] = false()
    if curseur is not None:
        cle = _cle_de_tri(filtres, jour)
        avant = _au_dela(cle, curseur, filtres.sens, vers_l_avant=False)
    requete = scope.select_for(Effectif, Droit.VOIR_NOMINATIF, avant.label("avant")).where(*conditions)
    lot = requete.limit(COMPTE_EXACT + 1).subquery()
    compte = select(func.count(), func.count().filter(lot.c.avant)).select_from(lot)
    total, precedant = db.session.execute(scope.autorisee(compte, Droit.VOIR_NOMINATIF)).one()
    if total > COMPTE_EXACT:
        return None, 0 if curseur is None else None
    if curseur is None:
        return total, 0
    return total, precedant + 1 if curseur.vers_l_avant else precedant
