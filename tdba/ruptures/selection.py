"""Who is in a worklist on a day, and in which order: the statements that `queries` reads (decisions 10, 31).

Every select here is limited by the scope's predicate on `effectif`, and on `dossier` when it comes first; a network
reads the follow-up of the CFA that share it, and no other (decision 26). The day is always a parameter.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.effectifs.annees import comptees
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.ruptures.models import Dossier
from tdba.ruptures.regles import (
    JOURS_AVANT_PREMIER_APPEL,
    MOIS_DE_MAINTIEN,
    RUPTURE,
    SANS_CONTRAT,
    RaisonDAppel,
    Segment,
    Semaine,
    ne_au_plus_tard,
)
from tdba.scope import Droit

DOSSIER_SANS_CONTRAT: Final = and_(Dossier.effectif_id == Effectif.id, Dossier.genre == SANS_CONTRAT)

# Built once: an alias of a wide table costs milliseconds.
_SUIVANT: Final = aliased(Effectif)
_MEME_JEUNE: Final = select(_SUIVANT.id).where(
    _SUIVANT.organisme_id == Effectif.organisme_id,
    _SUIVANT.id_erp == Effectif.id_erp,
    _SUIVANT.corbeille_le.is_(None),
)


def jour_de(jour: date) -> ColumnElement[date]:
    """The day of reading, as a bound date."""
    return bindparam(None, jour, type_=Date)


def ouverts(genre: str, jour: date, site: int | None = None) -> Subquery:
    """The files of that kind open on `jour`, one row each, with what orders and counts them."""
    lignes = _en_rupture(jour) if genre == RUPTURE else _sans_contrat(jour)
    if site is not None:
        lignes = lignes.where(Effectif.organisme_id == site)
    return lignes.subquery()


def _en_rupture(jour: date) -> Select[Any]:
    """Open files, but for a youth whom another contract, begun before the broken one, still keeps in APPRENTI."""
    aujourd_hui = jour_de(jour)
    return (
        _colonnes(RUPTURE, Dossier.ouvert_du, jour)
        .select_from(Dossier)
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .where(scope.predicat(Dossier, Droit.CORRIGER), scope.predicat(Effectif, Droit.CORRIGER))
        .where(scope.suivi(Effectif))
        .where(Dossier.genre == RUPTURE, Dossier.ouvert_du <= aujourd_hui)
        .where(or_(Dossier.clos_du.is_(None), Dossier.clos_du > aujourd_hui), _annee_en_cours(jour))
        .where(Effectif.statuts[func.width_bucket(aujourd_hui, Effectif.bornes)] != int(Statut.APPRENTI))
    )


def _sans_contrat(jour: date) -> Select[Any]:
    return (
        _colonnes(SANS_CONTRAT, Effectif.bornes[1], jour)
        .select_from(Effectif)
        .outerjoin(Dossier, DOSSIER_SANS_CONTRAT)
        .where(scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Effectif))
        .where(_annee_en_cours(jour), est_sans_contrat(jour))
    )


def est_sans_contrat(jour: date) -> ColumnElement[bool]:
    """Those in INSCRIT, and those whom the delay alone moved from INSCRIT to ABANDON, until the formation ends.

    INSCRIT is always the first step: whoever had a contract never comes back to it.
    """
    aujourd_hui = jour_de(jour)
    rang = func.width_bucket(aujourd_hui, Effectif.bornes)
    non_exclu = or_(Effectif.date_exclusion.is_(None), Effectif.date_exclusion > aujourd_hui)
    par_delai = and_(rang == 2, Effectif.statuts[2] == int(Statut.ABANDON), non_exclu)
    return and_(
        Effectif.statuts[1] == int(Statut.INSCRIT),
        or_(rang == 1, par_delai),
        _fin_de_formation() >= aujourd_hui,
    )


def _colonnes(genre: str, depuis: SQLColumnExpression[date], jour: date) -> Select[Any]:
    aujourd_hui = jour_de(jour)
    echeance = cast(depuis + func.make_interval(0, MOIS_DE_MAINTIEN[genre]), Date)
    majeur = Effectif.date_naissance <= jour_de(ne_au_plus_tard(jour, 18))
    return select(
        Effectif.id.label("effectif_id"),
        Dossier.id.label("dossier_id"),
        literal(genre).label("genre"),
        depuis.label("depuis"),
        echeance.label("echeance"),
        (aujourd_hui - depuis).label("jours"),
        Dossier.prochaine_le.label("prochaine_le"),
        cast(echeance < aujourd_hui, Integer).label("passee"),
        func.abs(echeance - aujourd_hui).label("distance"),
        cast(Dossier.derniere_demarche_le.is_not(None), Integer).label("suivi"),
        cast(majeur, Integer).label("majeur"),
    )


def _fin_de_formation() -> ColumnElement[date]:
    """Last day of the formation; that of its school year when it is missing (domain.md §3.5)."""
    annees = Effectif.annee_scolaire
    seconde = cast(func.right(annees, 4), Integer)
    mois = case((func.left(annees, 4) == func.right(annees, 4), 12), else_=7)
    return func.coalesce(Effectif.date_fin, func.make_date(seconde, mois, 31))


def _annee_en_cours(jour: date) -> ColumnElement[bool]:
    """Records of this year; of a former one only while the ERP has not sent the same youth for this one.

    Without the second part every open file would vanish on 1 August; without the third, many would show twice.
    """
    annees = comptees(jour)
    remplace = _MEME_JEUNE.where(_SUIVANT.annee_scolaire.in_(annees)).exists()
    ancien = and_(Effectif.annee_scolaire < min(annees), not_(remplace))
    return or_(Effectif.annee_scolaire.in_(annees), ancien)


def ordre(lignes: Subquery) -> list[ColumnElement[Any]]:
    """Nearest deadline still to come, then no step yet, then days, then minors; deadlines already passed come last."""
    c = lignes.c
    return [c.passee, c.distance, c.suivi, c.jours.desc(), c.majeur, c.effectif_id]


def dans_le_segment(lignes: Subquery, segment: Segment) -> ColumnElement[bool]:
    """The rows of that segment."""
    premier, dernier = segment.value
    return lignes.c.jours >= premier if dernier is None else lignes.c.jours.between(premier, dernier)


def echeance_proche(lignes: Subquery, semaine: Semaine) -> ColumnElement[bool]:
    """The rows whose deadline comes before the horizon."""
    return and_(lignes.c.passee == 0, lignes.c.echeance < jour_de(semaine.horizon))


def raison_d_appel(lignes: Subquery, semaine: Semaine) -> ColumnElement[str | None]:
    """Why to call this youth this week (`RaisonDAppel`), NULL when nothing asks for it."""
    c = lignes.c
    rien_avant = or_(c.prochaine_le.is_(None), c.prochaine_le > c.echeance)
    seuil = case(JOURS_AVANT_PREMIER_APPEL, value=c.genre)
    jamais = and_(c.prochaine_le.is_(None), c.suivi == 0, c.jours >= seuil)
    return case(
        (c.passee == 1, None),
        (c.prochaine_le <= jour_de(semaine.dernier_jour), RaisonDAppel.DEMARCHE_PREVUE.value),
        (and_(echeance_proche(lignes, semaine), rien_avant), RaisonDAppel.ECHEANCE_PROCHE.value),
        (jamais, RaisonDAppel.PREMIER_CONTACT.value),
    )
