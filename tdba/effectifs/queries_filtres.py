"""The filters and the search of the list as SQL conditions on `effectif`. The reach is added by `scope.select_for`."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Date, SmallInteger, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from tdba import horloge, scope
from tdba.effectifs import ajouts, annees
from tdba.effectifs.filtres import A_VENIR, CHOIX, COMPTEES, SANS_STATUT, TOUTES, Filtres, naissances
from tdba.effectifs.models import Contrat, Correction, Effectif, Periode
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
    seul = seul_site(filtres)
    if seul is not None:
        conditions.append(Effectif.organisme_id == seul)
    if filtres.niveau is not None:
        conditions.append(Effectif.niveau == filtres.niveau)
    if filtres.statuts:
        conditions.append(or_(*(_a_le_statut(choix, jour) for choix in filtres.statuts)))
    if filtres.age:
        conditions += _de_l_age(filtres.age, jour)
    conditions += _du_cfa(filtres, jour)
    conditions += [ajouts.FILTRES[nom].condition(valeur) for nom, valeur in filtres.ajoutes]
    return conditions + (correspond(criteres) if criteres is not None else [])


def _de_l_age(tranche: str, jour: date) -> list[ColumnElement[bool]]:
    apres, jusqu_au = naissances(tranche, jour)
    plus_jeunes = [] if apres is None else [Effectif.date_naissance > apres]
    return [*plus_jeunes, Effectif.date_naissance <= jusqu_au]


def _du_cfa(filtres: Filtres, jour: date) -> list[ColumnElement[bool]]:
    """Filters that `filtres.lire` leaves aside for who does not correct: territories may not read what they read."""
    conditions: list[ColumnElement[bool]] = []
    if filtres.employeur:
        signe = select(Contrat.id).where(
            Contrat.effectif_id == Effectif.id,
            Contrat.organisme_id == Effectif.organisme_id,
            Contrat.employeur_siret == filtres.employeur,
        )
        conditions.append(signe.exists())
    if filtres.source:
        conditions.append(Effectif.source == filtres.source)
    if filtres.corrigee:
        conditions.append(Effectif.corrige.is_(filtres.corrigee == "oui"))
    if filtres.conflit:
        en_conflit = select(Correction.id).where(
            Correction.effectif_id == Effectif.id, Correction.etat == "CONFLIT"
        )
        conditions.append(en_conflit.exists())
    return [*conditions, _recu(filtres.fraicheur, jour)] if filtres.fraicheur else conditions


_JOURS_DE_FRAICHEUR: Final = {"7j": 7, "30j": 30, "ancienne": 30}


def _recu(fraicheur: str, jour: date) -> ColumnElement[bool]:
    if fraicheur == "absente":
        return Effectif.plus_transmis_depuis.is_not(None)
    depuis = jour - timedelta(days=_JOURS_DE_FRAICHEUR[fraicheur])
    minuit = datetime.combine(depuis, time(), horloge.PARIS)
    return Effectif.transmis_le < minuit if fraicheur == "ancienne" else Effectif.transmis_le >= minuit


def un_seul_site(filtres: Filtres) -> bool:
    """The list is that of one organisme."""
    return seul_site(filtres) is not None


def seul_site(filtres: Filtres) -> int | None:
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


def correspond(criteres: Criteres) -> list[ColumnElement[bool]]:
    """The rows that a search keeps: those it found near, when nothing else was; else those that match it."""
    if criteres.proches is not None:
        return [Effectif.id == any_(bindparam(None, list(criteres.proches), type_=ARRAY(BigInteger)))]
    if criteres.impossible is not None or criteres.vide:
        return [Effectif.id.is_(None)]
    tous = and_(
        *(_contient(terme) for terme in criteres.termes),
        *(Effectif.date_naissance == jour for jour in criteres.naissances),
    )
    return [or_(tous, Effectif.id_erp == criteres.entier) if " " in criteres.entier else tous]


def _contient(terme: Terme) -> ColumnElement[bool]:
    nom = and_(*(Effectif.recherche.like(motif_like(mot), escape="\\") for mot in terme.mots))
    return or_(nom, *numero(terme))


def numero(terme: Terme) -> list[ColumnElement[bool]]:
    """The word as the ERP's number, or as the end of an INE."""
    numeros: list[ColumnElement[bool]] = [Effectif.id_erp == terme.brut]
    if terme.ine is not None:
        numeros.append(Effectif.ine.like(motif_fin(terme.ine), escape="\\"))
    return numeros
