"""The filters and the search of the list as SQL conditions on `effectif`. The reach is added by `scope.select_for`."""

from datetime import date

from sqlalchemy import ColumnElement, Date, SmallInteger, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from tdba import scope
from tdba.effectifs import annees
from tdba.effectifs.filtres import A_VENIR, CHOIX, COMPTEES, SANS_STATUT, TOUTES, Filtres
from tdba.effectifs.models import Effectif, Periode
from tdba.effectifs.recherche import Criteres, Terme, motif_fin, motif_like
from tdba.scope import Droit


def rang_du_jour(jour: date) -> ColumnElement[int]:
    """Rank of the step of that day, 1 first; 0 before any (decision 10: the day is always a parameter)."""
    return func.width_bucket(bindparam(None, jour, type_=Date), Effectif.bornes)


def conditions_de(filtres: Filtres, criteres: Criteres | None, jour: date) -> list[ColumnElement[bool]]:
    """What a row must satisfy, the reach left aside: every filter, and the search."""
    conditions: list[ColumnElement[bool]] = []
    if filtres.annee != TOUTES:
        conditions.append(Effectif.annee_scolaire.in_(_annees(filtres.annee, jour)))
    if filtres.formation:
        conditions.append(func.coalesce(Effectif.rncp, Effectif.formation) == filtres.formation)
    seul = _seul_site(filtres)
    if seul is not None:
        conditions.append(Effectif.organisme_id == seul)
    if filtres.niveau is not None:
        conditions.append(Effectif.niveau == filtres.niveau)
    if filtres.statuts:
        conditions.append(or_(*(_a_le_statut(choix, jour) for choix in filtres.statuts)))
    return conditions + (_correspond(criteres) if criteres is not None else [])


def _seul_site(filtres: Filtres) -> int | None:
    """The one organisme of the list, when there is one.

    An equality lets PostgreSQL read the index of the list in its order and stop after a page (73 blocks against
    1,016 for a CFA of 1,000 records), which `= ANY` of the reach does not.
    """
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF).organismes
    if filtres.site is None and portee is not None and len(portee) == 1:
        return next(iter(portee))
    return filtres.site


def _a_le_statut(choix: str, jour: date) -> ColumnElement[bool]:
    if choix == SANS_STATUT:
        return func.cardinality(Effectif.bornes) == 0
    if choix == A_VENIR:
        return Effectif.bornes[1] > bindparam(None, jour, type_=Date)
    _, statut, motifs = CHOIX[choix]
    rang = rang_du_jour(jour)
    egal = Effectif.statuts[rang] == bindparam(None, int(statut or 0), type_=SmallInteger)
    if not motifs:
        return egal
    voulus = bindparam(None, [int(motif) for motif in motifs], type_=ARRAY(SmallInteger))
    periode = select(Periode.rang).where(
        Periode.effectif_id == Effectif.id, Periode.rang == rang - 1, Periode.motif == any_(voulus)
    )
    return and_(egal, periode.exists())


def _annees(choix: str, jour: date) -> tuple[str, ...]:
    if choix == COMPTEES:
        return annees.comptees(jour)
    return (choix,) if choix else annees.actives(jour)


def _correspond(criteres: Criteres) -> list[ColumnElement[bool]]:
    if criteres.impossible is not None or criteres.vide:
        return [Effectif.id.is_(None)]
    tous = and_(
        *(_contient(terme) for terme in criteres.termes),
        *(Effectif.date_naissance == jour for jour in criteres.naissances),
    )
    return [or_(tous, Effectif.id_erp == criteres.entier) if " " in criteres.entier else tous]


def _contient(terme: Terme) -> ColumnElement[bool]:
    nom = and_(*(Effectif.recherche.like(motif_like(mot), escape="\\") for mot in terme.mots))
    autres: list[ColumnElement[bool]] = [Effectif.id_erp == terme.brut]
    if terme.ine is not None:
        autres.append(Effectif.ine.like(motif_fin(terme.ine), escape="\\"))
    return or_(nom, *autres)
