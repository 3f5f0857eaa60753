"""Who is in a worklist on a day, and in which order: the statements that `queries` reads (decisions 10, 31).

Every select here is limited by the scope’s predicate, on `dossier` when it comes first, else on `effectif`; a network
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
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.effectifs.annees import comptees
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.ruptures.models import Dossier, Opposition
from tdba.ruptures.regles import (
    FIN_DE_CONTRAT,
    JOURS_AVANT_PREMIER_APPEL,
    MOIS_DE_MAINTIEN,
    PARTI,
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
_AUTRE: Final = aliased(Dossier)
_OPPOSE: Final = aliased(Effectif)
OPPOSES: Final = (
    select(_OPPOSE.organisme_id, _OPPOSE.id_erp)
    .join(
        Opposition,
        and_(_OPPOSE.id == Opposition.effectif_id, _OPPOSE.organisme_id == Opposition.organisme_id),
    )
    .where(Opposition.levee_le.is_(None))
)
"""Who objected, as `oppositions.GELE` says it of one record: read once, where a correlated EXISTS would be an anti-join
that misleads the planner into a quadratic plan."""
_SUIVANT: Final = aliased(Effectif)
_MEME_JEUNE: Final = select(_SUIVANT.id).where(
    _SUIVANT.organisme_id == Effectif.organisme_id,
    _SUIVANT.id_erp == Effectif.id_erp,
    _SUIVANT.corbeille_le.is_(None),
)


def jour_de(jour: date) -> ColumnElement[date]:
    """The day of reading, as a bound date."""
    return bindparam(None, jour, type_=Date)


def ouverts(genre: str, jour: date, site: int | None = None, *, geles: bool = False) -> Subquery:
    """The files of that kind open on `jour`, one row each, written or not, with what orders, filters and counts them.

    Those whose person objected to being followed are left out; with `geles`, they alone.
    """
    personne = tuple_(Effectif.organisme_id, Effectif.id_erp)
    lignes = _PAR_GENRE[genre](jour).where(personne.in_(OPPOSES) if geles else personne.not_in(OPPOSES))
    if site is not None:
        lignes = lignes.where((Dossier if genre == RUPTURE else Effectif).organisme_id == site)
    return lignes.subquery()


def tous_ouverts(jour: date, site: int | None = None, referent_id: int | None = None) -> Subquery:
    """The open files of the three kinds together; those that one person follows, when asked."""
    files = [select(ouverts(genre, jour, site)) for genre in _PAR_GENRE]
    lignes = union_all(*files).subquery()
    if referent_id is None:
        return lignes
    return select(lignes).where(lignes.c.referent_id == referent_id).subquery()


def _en_rupture(jour: date) -> Select[Any]:
    """Open files, but for a youth whom another contract, begun before the broken one, still keeps in APPRENTI.

    The reach limits the files only, which lead to their records by key: said of the records too, it makes the planner
    expect a single one, and read all those of the CFA for each file.
    """
    return (
        _colonnes(RUPTURE, Dossier.ouvert_du, jour)
        .select_from(Dossier)
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .where(scope.predicat(Dossier, Droit.CORRIGER), scope.suivi(Dossier))
        .where(Effectif.corbeille_le.is_(None), _annee_en_cours(jour))
        .where(Dossier.genre == RUPTURE, ouvert_le(Dossier, jour))
        .where(Effectif.statuts[func.width_bucket(jour_de(jour), Effectif.bornes)] != int(Statut.APPRENTI))
    )


def _sans_contrat(jour: date) -> Select[Any]:
    parti = and_(Dossier.cause_cloture == PARTI, Dossier.clos_du <= jour_de(jour))
    return (
        _colonnes(SANS_CONTRAT, Effectif.bornes[1], jour)
        .select_from(Effectif)
        .outerjoin(Dossier, DOSSIER_SANS_CONTRAT)
        .where(scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Effectif))
        .where(_annee_en_cours(jour), est_sans_contrat(jour), func.coalesce(parti, False).is_(False))
    )


def _fin_de_contrat(jour: date) -> Select[Any]:
    ouvert = and_(
        Dossier.effectif_id == Effectif.id, Dossier.genre == FIN_DE_CONTRAT, ouvert_le(Dossier, jour)
    )
    return (
        _colonnes(FIN_DE_CONTRAT, func.coalesce(Dossier.ouvert_du, debut_fin_de_contrat(jour)), jour)
        .select_from(Effectif)
        .outerjoin(Dossier, ouvert)
        .where(scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Effectif))
        .where(_annee_en_cours(jour), est_fin_de_contrat(jour))
    )


_PAR_GENRE: Final = {RUPTURE: _en_rupture, FIN_DE_CONTRAT: _fin_de_contrat, SANS_CONTRAT: _sans_contrat}


def ouvert_le(dossier: Any, jour: date) -> ColumnElement[bool]:
    """The file is open on `jour` (decision 31)."""
    au = jour_de(jour)
    return and_(dossier.ouvert_du <= au, or_(dossier.clos_du.is_(None), dossier.clos_du > au))


def _rang_rupturant(jour: date) -> ColumnElement[int]:
    """The step of RUPTURANT: that of the day, or the one before when the delay moved it to ABANDON."""
    rang = func.width_bucket(jour_de(jour), Effectif.bornes)
    return case((Effectif.statuts[rang] == int(Statut.ABANDON), rang - 1), else_=rang)


def debut_fin_de_contrat(jour: date) -> ColumnElement[date]:
    """The first day without a contract, for those whom `est_fin_de_contrat` holds."""
    return cast(Effectif.bornes[_rang_rupturant(jour)], Date)


def est_fin_de_contrat(jour: date) -> ColumnElement[bool]:
    """Those in RUPTURANT, or whom the delay alone moved to ABANDON, whose last started contract was not broken.

    An open file of rupture tells that it was (decision 31). Whoever is known to have left is followed no more.
    """
    au = jour_de(jour)
    rang = func.width_bucket(au, Effectif.bornes)
    parti = and_(_AUTRE.cause_cloture == PARTI, _AUTRE.clos_du.between(debut_fin_de_contrat(jour), au))
    rompu = and_(_AUTRE.genre == RUPTURE, ouvert_le(_AUTRE, jour))
    ailleurs = exists().where(_AUTRE.effectif_id == Effectif.id, or_(rompu, parti))
    return and_(
        Effectif.statuts[rang].in_((int(Statut.RUPTURANT), int(Statut.ABANDON))),
        Effectif.statuts[_rang_rupturant(jour)] == int(Statut.RUPTURANT),
        or_(Effectif.date_exclusion.is_(None), Effectif.date_exclusion > au),
        _fin_de_formation() >= au,
        not_(ailleurs),
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
    colonnes: list[Any] = [
        Effectif.id.label("effectif_id"),
        Dossier.id.label("dossier_id"),
        Effectif.organisme_id.label("organisme_id"),
        literal(genre).label("genre"),
        depuis.label("depuis"),
        echeance.label("echeance"),
        (aujourd_hui - depuis).label("jours"),
        Dossier.prochaine_le.label("prochaine_le"),
        Dossier.referent_id.label("referent_id"),
        Effectif.formation.label("formation"),
        cast(echeance < aujourd_hui, Integer).label("passee"),
        func.abs(echeance - aujourd_hui).label("distance"),
        cast(Dossier.derniere_demarche_le.is_not(None), Integer).label("suivi"),
        cast(majeur, Integer).label("majeur"),
    ]
    return select(*colonnes)


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


def en_retard(lignes: Subquery, jour: date) -> ColumnElement[bool]:
    """The rows whose promised step is past its day."""
    return func.coalesce(lignes.c.prochaine_le < jour_de(jour), False)


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
