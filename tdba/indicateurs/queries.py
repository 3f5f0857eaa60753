"""Reading figures: sums of the counting tables up to a day, within the reach of "consulter les chiffres".

No personal table is named here (decision 29).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    select,
    true,
    union_all,
)

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.annees import comptees
from tdba.indicateurs.models import Attente, Courbe, Mouvement
from tdba.indicateurs.tableau import RUPTURES, SANS_CONTRAT, Attentes, Cfa, Groupe, Statuts
from tdba.organismes.models import Departement, Organisme, Region
from tdba.ruptures import regles
from tdba.ruptures.queries_accueil import CHIFFRES
from tdba.ruptures.regles import ajouter_mois
from tdba.scope import Droit

MOIS_DE_SILENCE: Final = 3
"""A CFA not received for so many months no longer transmits (domain.md §6.4)."""

FIABLES: Final = and_(Organisme.fiable, Organisme.ferme.is_(False))
"""Those that count outside their own family (decision 29)."""


@dataclass(frozen=True, slots=True)
class Comparaison:
    """The same organismes on another day, and how many of them had someone then."""

    jour: date
    statuts: Statuts
    cfa: int


def cfas(jour: date, *, chez_soi: bool, territoire: str = "") -> list[Cfa]:
    """The organismes within reach, or those of one territory; in one's own family all count."""
    o = Organisme
    du_territoire = {"R": o.region_code, "D": o.departement_code}
    limite = du_territoire[territoire[0]] == territoire[1:] if territoire else true()
    requete = (
        select(o.id, o.nom, o.departement_code, Departement.nom, o.region_code, Region.nom)
        .add_columns(true() if chez_soi else FIABLES, _transmet(jour), o.derniere_reception_le)
        .outerjoin(Departement, Departement.code == o.departement_code)
        .outerjoin(Region, Region.code == o.region_code)
        .where(scope.portee_sur(o.id, Droit.VOIR_INDICATEURS), limite)
    )
    return [Cfa(*ligne) for ligne in db.session.execute(requete)]


def statuts(
    jour: date, ids: Collection[int], *, niveau: int | None = None
) -> dict[int, list[tuple[int, Statuts]]]:
    """For each organisme that has some, its counts by status on `jour`, level by level."""
    c = _comptes(jour, niveau, ids)
    requete = select(c.c.organisme_id, c.c.niveau, *_sommes(c)).group_by(c.c.organisme_id, c.c.niveau)
    lus: dict[int, list[tuple[int, Statuts]]] = {}
    for organisme_id, niveau_lu, *comptes in _executer(requete):
        lus.setdefault(organisme_id, []).append((niveau_lu, Statuts(*comptes)))
    return lus


def attentes(jour: date, ids: Collection[int]) -> dict[int, Attentes]:
    """Who waits for a contract on `jour` in these organismes, by how long they have waited (decisions 30 and 31)."""
    a = Attente
    requete = _attentes(jour, a.organisme_id, *_segments(jour)).group_by(a.organisme_id)
    lues = db.session.execute(requete.where(_parmi(a.organisme_id, ids)))
    return {organisme_id: _decoupe(valeurs) for organisme_id, *valeurs in lues}


def comparaison(jour: date, ids: Collection[int] | None, *, niveau: int | None = None) -> Comparaison:
    """The totals on `jour` of these organismes (None: of all that count); no CFA when nothing is known of that day."""
    c = _comptes(jour, niveau, ids)
    par_cfa = (
        select(c.c.organisme_id, *_sommes(c))
        .group_by(c.c.organisme_id)
        .having(func.sum(c.c.n) > 0)
        .subquery()
    )
    requete = select(func.count(), *_totaux(par_cfa.c, CHIFFRES)).select_from(par_cfa)
    if ids is None:
        requete = requete.join(Organisme, Organisme.id == par_cfa.c.organisme_id).where(FIABLES)
    cfa, *comptes = _executer(requete)[0]
    return Comparaison(jour, Statuts(*comptes), cfa)


def par_region(jour: date, *, niveau: int | None = None) -> list[Groupe]:
    """The organismes that count, region by region. Three statements that bring back one row by region.

    For the reach of the nation: thousands of CFA are summed by PostgreSQL, not by this process.
    """
    a, c, segments = Attente, _comptes(jour, niveau), _segments(jour)
    par_cfa = select(c.c.organisme_id, *_sommes(c)).group_by(c.c.organisme_id)
    comptes = _regrouper(par_cfa, list(CHIFFRES))
    attendues: dict[str | None, list[int]] = {}
    if niveau is None:
        lignes = _attentes(jour, a.organisme_id, *segments).group_by(a.organisme_id)
        attendues = _regrouper(lignes, [segment.name for segment in segments])
    return [
        Groupe(*region, Statuts(*comptes.get(region[0], ())), _decoupe(attendues.get(region[0], _RIEN)))
        for region in _regions(jour)
    ]


def _regions(jour: date) -> list[tuple[str | None, str | None, int, int]]:
    """Code and name of each region, how many of its organismes count, and how many transmit."""
    o = Organisme
    requete = (
        select(o.region_code, Region.nom, func.count(), func.count().filter(_transmet(jour)))
        .outerjoin(Region, Region.code == o.region_code)
        .where(scope.portee_sur(o.id, Droit.VOIR_INDICATEURS), FIABLES)
        .group_by(o.region_code, Region.nom)
        .order_by(o.region_code.nulls_last())
    )
    return [(code, nom, cfa, transmettent) for code, nom, cfa, transmettent in db.session.execute(requete)]


def _regrouper(par_organisme: Select[Any], noms: Collection[str]) -> dict[str | None, list[int]]:
    lignes = par_organisme.subquery()
    requete = (
        select(Organisme.region_code, *_totaux(lignes.c, noms))
        .select_from(lignes)
        .join(Organisme, Organisme.id == lignes.c.organisme_id)
        .where(FIABLES)
        .group_by(Organisme.region_code)
    )
    return {code: list(valeurs) for code, *valeurs in _executer(requete)}


def _totaux(colonnes: Any, noms: Collection[str]) -> list[ColumnElement[int]]:
    return [cast(func.coalesce(func.sum(colonnes[nom]), 0), Integer) for nom in noms]


def _comptes(jour: date, niveau: int | None, ids: Collection[int] | None = None) -> Subquery:
    """Rows (organisme_id, niveau, statut, n) whose sums are the counts on `jour`: curves, and what is not folded yet."""
    m, c = Mouvement, Courbe
    rang = func.width_bucket(bindparam(None, jour, type_=Date), c.jours)
    branches = [
        _restreindre(c, jour, niveau, ids, c.cumuls[rang].label("n")),
        _restreindre(m, jour, niveau, ids, m.n).where(m.jour <= jour),
    ]
    return union_all(*branches).subquery("comptes")


def _restreindre(
    modele: type[Courbe | Mouvement], jour: date, niveau: int | None, ids: Collection[int] | None, n: Any
) -> Select[Any]:
    requete = scope.select_for(
        modele, Droit.VOIR_INDICATEURS, modele.organisme_id, modele.niveau, modele.statut, n
    )
    requete = requete.where(modele.annee_scolaire.in_(comptees(jour)))
    if ids is not None:
        requete = requete.where(_parmi(modele.organisme_id, ids))
    return requete if niveau is None else requete.where(modele.niveau == niveau)


def _sommes(comptes: Subquery) -> list[Any]:
    return [
        func.coalesce(func.sum(comptes.c.n).filter(comptes.c.statut.in_(codes)), 0).label(nom)
        for nom, codes in CHIFFRES.items()
    ]


def _executer(requete: Any) -> Sequence[Any]:
    """Run a statement whose every branch came through `select_for`."""
    return db.session.execute(scope.autorisee(requete, Droit.VOIR_INDICATEURS)).all()


def _attentes(jour: date, *colonnes: Any) -> Select[Any]:
    a = Attente
    return scope.select_for(a, Droit.VOIR_INDICATEURS, *colonnes).where(
        a.annee_scolaire.in_(comptees(jour)), a.clos > jour, a.depuis <= jour
    )


def _segments(jour: date) -> list[Any]:
    """One sum for each segment, in the order that `_decoupe` reads."""
    fenetres = [(regles.SANS_CONTRAT, *_entre(jour, s)) for s in SANS_CONTRAT]
    fenetres += [(regles.RUPTURE, *_entre(jour, s)) for s in RUPTURES]
    fenetres.append((regles.SANS_CONTRAT, *trois_mois(jour)))
    a = Attente
    return [
        func.coalesce(func.sum(a.n).filter(a.genre == genre, a.depuis.between(premier, dernier)), 0).label(
            f"s{rang}"
        )
        for rang, (genre, premier, dernier) in enumerate(fenetres)
    ]


_RIEN: Final = [0] * (len(SANS_CONTRAT) + len(RUPTURES) + 1)


def _decoupe(valeurs: list[int]) -> Attentes:
    n = len(SANS_CONTRAT)
    return Attentes(tuple(valeurs[:n]), tuple(valeurs[n:-1]), valeurs[-1])


def _entre(jour: date, segment: regles.Segment) -> tuple[date, date]:
    """First and last day on which a wait of that segment began."""
    premier, dernier = segment.value
    return (date.min if dernier is None else jour - timedelta(days=dernier)), jour - timedelta(days=premier)


def trois_mois(jour: date) -> tuple[date, date]:
    """First and last entry whose three months, from date to date, end after `jour` and within a month of it."""
    horizon = ajouter_mois(jour, 1)
    # Entries of several days share the last day of a short month: looked for, rather than computed backwards.
    entrees = [jour - timedelta(days=n) for n in range(125)]
    dedans = [entree for entree in entrees if jour < regles.echeance_sans_contrat(entree) <= horizon]
    return min(dedans), max(dedans)


def _transmet(jour: date) -> ColumnElement[bool]:
    """Received by the evening of `jour`, and in the three months before it."""
    seuil, lendemain = _minuit(ajouter_mois(jour, -MOIS_DE_SILENCE)), _minuit(jour + timedelta(days=1))
    recu = and_(Organisme.premiere_reception_le < lendemain, Organisme.derniere_reception_le >= seuil)
    return func.coalesce(recu, False)


def _minuit(jour: date) -> datetime:
    return datetime.combine(jour, time.min, horloge.PARIS)


def _parmi(colonne: Any, ids: Collection[int]) -> ColumnElement[bool]:
    return scope.parmi(colonne, frozenset(ids))
