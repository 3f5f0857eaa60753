"""Reading figures: sums of the counting tables up to a day, within the reach of "consulter les chiffres".

No personal table is named here (decision 29).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, select, true

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.statuts import Statut
from tdba.indicateurs.models import Mouvement, MouvementAttente
from tdba.indicateurs.tableau import AUCUN, RUPTURES, SANS_CONTRAT, Attentes, Cfa, Statuts
from tdba.organismes.models import Departement, Organisme, Region
from tdba.ruptures import regles
from tdba.ruptures.regles import ajouter_mois, annees_scolaires
from tdba.scope import Droit

MOIS_DE_SILENCE: Final = 3
"""A CFA not received for so many months no longer transmits (domain.md §6.4)."""

_COMPTES: Final[Mapping[str, tuple[Statut, ...]]] = {
    "apprentis": (Statut.APPRENTI, Statut.FIN_DE_FORMATION),
    "inscrits": (Statut.INSCRIT,),
    "rupturants": (Statut.RUPTURANT,),
    "sorties": (Statut.ABANDON,),
}


@dataclass(frozen=True, slots=True)
class StatutsLus:
    """Counts by organisme, and by level when they were asked for."""

    par_organisme: dict[int, Statuts]
    par_niveau: dict[int, Statuts]


@dataclass(frozen=True, slots=True)
class Comparaison:
    """The same organismes on another day, and how many of them had someone then."""

    jour: date
    statuts: Statuts
    cfa: int


def cfas(jour: date, *, chez_soi: bool) -> list[Cfa]:
    """The organismes within reach. In one's own family all count, elsewhere the reliable and open ones (decision 29)."""
    o = Organisme
    seuil, lendemain = _minuit(ajouter_mois(jour, -MOIS_DE_SILENCE)), _minuit(jour + timedelta(days=1))
    transmet = and_(o.premiere_reception_le < lendemain, o.derniere_reception_le >= seuil)
    compte: ColumnElement[bool] = true() if chez_soi else and_(o.fiable, o.ferme.is_(False))
    requete = (
        select(o.id, o.nom, o.departement_code, Departement.nom, o.region_code, Region.nom)
        .add_columns(compte, func.coalesce(transmet, False), o.derniere_reception_le)
        .outerjoin(Departement, Departement.code == o.departement_code)
        .outerjoin(Region, Region.code == o.region_code)
        .where(scope.portee_sur(o.id, Droit.VOIR_INDICATEURS))
    )
    return [Cfa(*ligne) for ligne in db.session.execute(requete)]


def statuts(
    jour: date, ids: Collection[int], *, niveau: int | None = None, par_niveau: bool = False
) -> StatutsLus:
    """Counts by status on `jour` of these organismes, each with its own sum."""
    cles = [Mouvement.organisme_id, Mouvement.niveau] if par_niveau else [Mouvement.organisme_id]
    requete = _mouvements(jour, ids, niveau, *cles, *_sommes()).group_by(*cles)
    lus = StatutsLus({}, {})
    for organisme_id, *reste in db.session.execute(requete):
        comptes = Statuts(*reste[-4:])
        lus.par_organisme[organisme_id] = lus.par_organisme.get(organisme_id, AUCUN) + comptes
        if par_niveau:
            lus.par_niveau[reste[0]] = lus.par_niveau.get(reste[0], AUCUN) + comptes
    return lus


def comparaison(jour: date, ids: Collection[int], *, niveau: int | None = None) -> Comparaison:
    """The totals of these organismes on `jour`; zero organisme when nothing is known of that day."""
    par_cfa = (
        _mouvements(jour, ids, niveau, Mouvement.organisme_id, *_sommes())
        .group_by(Mouvement.organisme_id)
        .having(func.sum(Mouvement.n) > 0)
        .subquery()
    )
    colonnes = [func.coalesce(func.sum(par_cfa.c[nom]), 0) for nom in _COMPTES]
    requete = scope.autorisee(select(func.count(), *colonnes).select_from(par_cfa), Droit.VOIR_INDICATEURS)
    cfa, *comptes = db.session.execute(requete).one()
    return Comparaison(jour, Statuts(*comptes), cfa)


def attentes(jour: date, ids: Collection[int]) -> dict[int, Attentes]:
    """Who waits for a contract on `jour` in these organismes, by how long they have waited (decisions 30 and 31)."""
    m = MouvementAttente
    segments = [_attente(regles.SANS_CONTRAT, *_entre(jour, s)) for s in SANS_CONTRAT]
    segments += [_attente(regles.RUPTURE, *_entre(jour, s)) for s in RUPTURES]
    segments.append(_attente(regles.SANS_CONTRAT, *_trois_mois(jour)))
    requete = (
        scope.select_for(m, Droit.VOIR_INDICATEURS, m.organisme_id, *segments)
        .where(_de(m.organisme_id, ids), m.annee_scolaire.in_(annees_scolaires(jour)), m.jour <= jour)
        .group_by(m.organisme_id)
    )
    n = len(SANS_CONTRAT)
    return {
        organisme_id: Attentes(tuple(valeurs[:n]), tuple(valeurs[n:-1]), valeurs[-1])
        for organisme_id, *valeurs in db.session.execute(requete)
    }


def _mouvements(jour: date, ids: Collection[int], niveau: int | None, *colonnes: Any) -> Select[Any]:
    m = Mouvement
    requete = scope.select_for(m, Droit.VOIR_INDICATEURS, *colonnes).where(
        _de(m.organisme_id, ids), m.annee_scolaire.in_(annees_scolaires(jour)), m.jour <= jour
    )
    return requete if niveau is None else requete.where(m.niveau == niveau)


def _sommes() -> list[ColumnElement[int]]:
    return [
        func.coalesce(func.sum(Mouvement.n).filter(Mouvement.statut.in_(codes)), 0).label(nom)
        for nom, codes in _COMPTES.items()
    ]


def _attente(genre: str, premier: date, dernier: date) -> ColumnElement[int]:
    """Those whose wait of that kind began between two days, both included."""
    m = MouvementAttente
    return func.coalesce(func.sum(m.n).filter(m.genre == genre, m.depuis.between(premier, dernier)), 0)


def _entre(jour: date, segment: regles.Segment) -> tuple[date, date]:
    """First and last day on which a wait of that segment began."""
    premier, dernier = segment.value
    return (date.min if dernier is None else jour - timedelta(days=dernier)), jour - timedelta(days=premier)


def _trois_mois(jour: date) -> tuple[date, date]:
    """Entries whose three months, from date to date, end after `jour` and within a month of it.

    From date to date, several entries share the last day of a short month: the bounds are looked for, not computed.
    """
    horizon = ajouter_mois(jour, 1)
    entrees = [jour - timedelta(days=n) for n in range(125)]
    dedans = [entree for entree in entrees if jour < regles.echeance_sans_contrat(entree) <= horizon]
    return min(dedans), max(dedans)


def _de(colonne: Any, ids: Collection[int]) -> ColumnElement[bool]:
    return scope.parmi(colonne, frozenset(ids))


def _minuit(jour: date) -> datetime:
    return datetime.combine(jour, time.min, horloge.PARIS)
