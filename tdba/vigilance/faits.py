"""What the rules of the watch list look at, read at once over a whole reach, on a day that is a parameter (decision 10).

Limited by the scope's predicate on `effectif` and by what the CFA shares (decision 26); those who objected are left out.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    not_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.effectifs.annees import comptees
from tdba.effectifs.models import Contrat, Effectif
from tdba.effectifs.statuts import Statut
from tdba.ruptures import oppositions
from tdba.scope import Droit
from tdba.vigilance import regles

TOUJOURS: Final = date.max


def jour_de(jour: date) -> ColumnElement[date]:
    """The day of reading, as a bound date."""
    return bindparam(None, jour, type_=Date)


def _dernier_jour(contrat: Any) -> ColumnElement[date]:
    """The last day of a contract; before its start, it never ran (domain.md §3.3, step 3)."""
    return case(
        (contrat.rupture.is_not(None), contrat.rupture - 1), else_=func.coalesce(contrat.fin, TOUJOURS)
    )


def faits(jour: date, site: int | None = None) -> CTE:
    """`regles.Faits` of everybody in INSCRIT or APPRENTI in the years that count, one row each; of one site, or all."""
    au = jour_de(jour)
    contrats = _contrats(au)
    employeurs = _employeurs(jour, site)
    lien = and_(
        employeurs.c.organisme_id == Effectif.organisme_id,
        employeurs.c.employeur_siret == contrats.c.employeur_siret,
    )
    requete = _lire(au, list(comptees(jour)), contrats, employeurs, lien)
    return requete.where(_dans_la_portee(site)).cte("faits")


def _dans_la_portee(site: int | None) -> ColumnElement[bool]:
    conditions = [scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Effectif)]
    if site is not None:
        conditions.append(Effectif.organisme_id == site)
    return and_(*conditions)


def _lire(
    au: ColumnElement[date], annees: Any, contrats: FromClause, employeurs: FromClause, lien: Any
) -> Select[Any]:
    statut = Effectif.statuts[func.width_bucket(au, Effectif.bornes)]
    c, e = contrats.c, employeurs.c
    return (
        select(
            Effectif.id.label("effectif_id"),
            Effectif.organisme_id.label("organisme_id"),
            statut.label("statut"),
            Effectif.bornes[1].label("entree"),
            func.least(_fin_de_formation(), Effectif.date_exclusion).label("fin_formation"),
            c.debut,
            c.terme,
            c.rupture.is_not(None).label("rompu"),
            func.coalesce(c.dernier > c.terme, False).label("suivi"),
            c.ruptures,
            c.employeur_siret,
            func.coalesce(e.ruptures, 0).label("employeur_ruptures"),
            func.coalesce(e.contrats, 0).label("employeur_contrats"),
            e.derniere.label("employeur_derniere"),
        )
        .select_from(Effectif)
        .outerjoin(contrats, statut == int(Statut.APPRENTI))
        .outerjoin(employeurs, lien)
        .where(not_(oppositions.GELE), Effectif.annee_scolaire.in_(annees))
        .where(statut.in_([int(Statut.INSCRIT), int(Statut.APPRENTI)]))
    )


def _contrats(au: ColumnElement[date]) -> FromClause:
    """The contracts of one record, folded; of two that start on the same day the later stays (domain.md §3.2)."""
    gardes = (
        select(Contrat.debut, Contrat.fin, Contrat.rupture, Contrat.employeur_siret)
        .where(Contrat.effectif_id == Effectif.id, Contrat.debut.is_not(None))
        .ext(distinct_on(Contrat.debut))
        .order_by(Contrat.debut, Contrat.rang.desc(), Contrat.id.desc())
        .correlate(Effectif)
        .lateral("gardes")
    )
    c = gardes.c
    dernier = _dernier_jour(c)
    court = and_(c.debut <= au, dernier >= au)

    def en_cours(colonne: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.array_agg(aggregate_order_by(colonne, c.debut.desc())).filter(court)[1]

    return (
        select(
            func.max(c.debut).filter(court).label("debut"),
            en_cours(c.fin).label("terme"),
            en_cours(c.rupture).label("rupture"),
            en_cours(c.employeur_siret).label("employeur_siret"),
            func.max(dernier).filter(dernier >= c.debut).label("dernier"),
            func.count().filter(c.rupture <= au, dernier >= c.debut).label("ruptures"),
        )
        .select_from(gardes)
        .lateral("contrats")
    )


def _employeurs(jour: date, site: int | None) -> CTE:
    """Employers with many ruptures in one establishment."""
    requete = _fragiles(Effectif, jour_de(jour), jour_de(regles.fenetre_employeur(jour)))
    requete = requete.where(_dans_la_portee(site), Contrat.employeur_siret.is_not(None))
    # Read once by name only: PostgreSQL would otherwise count every employer again for each record.
    return requete.cte("employeurs").prefix_with("MATERIALIZED")


def _fragiles(effectif: Any, au: ColumnElement[date], depuis: ColumnElement[date]) -> Select[Any]:
    """A contract that two years' records of `effectif` carry counts once; those that never ran do not."""
    dernier = _dernier_jour(Contrat)
    contrat = tuple_(effectif.id_erp, Contrat.debut)
    rompu = and_(Contrat.rupture <= au, Contrat.rupture > depuis)
    ruptures = func.count(contrat.distinct()).filter(rompu)
    contrats = func.count(contrat.distinct())
    return (
        select(
            effectif.organisme_id,
            Contrat.employeur_siret,
            ruptures.label("ruptures"),
            contrats.label("contrats"),
            func.max(Contrat.rupture).filter(rompu).label("derniere"),
        )
        .select_from(effectif)
        .join(Contrat, Contrat.effectif_id == effectif.id)
        .where(Contrat.debut <= au, dernier >= Contrat.debut, dernier >= depuis)
        .group_by(effectif.organisme_id, Contrat.employeur_siret)
        .having(ruptures >= regles.RUPTURES_EMPLOYEUR, ruptures * regles.PART_EMPLOYEUR >= contrats)
    )


def _fin_de_formation() -> ColumnElement[date]:
    """Last day of the formation; that of its school year when it is missing (domain.md §3.5)."""
    annees = Effectif.annee_scolaire
    seconde = cast(func.right(annees, 4), Integer)
    mois = case((func.left(annees, 4) == func.right(annees, 4), 12), else_=7)
    return func.coalesce(Effectif.date_fin, func.make_date(seconde, mois, 31))


# One record alone, built once: its sheet asks for it, and building costs more than reading.
_AU: Final = bindparam("jour", type_=Date)
_COLLEGUE: Final = aliased(Effectif)
CONTRATS: Final = _contrats(_AU)
_EMPLOYEUR: Final = (
    _fragiles(_COLLEGUE, _AU, bindparam("depuis", type_=Date))
    .where(Contrat.organisme_id == Effectif.organisme_id, _COLLEGUE.corbeille_le.is_(None))
    .where(Contrat.employeur_siret == CONTRATS.c.employeur_siret)
    .correlate(Effectif, CONTRATS)
    .lateral("employeur")
)
D_UNE_PERSONNE: Final = _lire(_AU, bindparam("annees", expanding=True), CONTRATS, _EMPLOYEUR, true()).where(
    Effectif.id == bindparam("effectif_id")
)
"""The facts of one record, to be limited by the scope; the colleagues of its employer are of its own establishment."""


def valeurs(effectif_id: int, jour: date) -> dict[str, Any]:
    """What `D_UNE_PERSONNE` is asked with."""
    return {
        "effectif_id": effectif_id,
        "jour": jour,
        "depuis": regles.fenetre_employeur(jour),
        "annees": list(comptees(jour)),
    }
