"""Reading one file: its row, its steps, how to reach the youth; within reach of CORRIGER."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Effectif, Periode
from tdba.effectifs.statuts import Motif, Statut
from tdba.organismes.models import Organisme
from tdba.ruptures import selection
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.queries_ligne import Ligne, colonnes, ligne_de
from tdba.ruptures.regles import FIN_DE_CONTRAT, SANS_CONTRAT
from tdba.scope import Droit, Introuvable

# Built once: an alias costs milliseconds.
_ECRIT: Final = aliased(Dossier)


def ligne_dossier(dossier_id: int, jour: date) -> Ligne:
    """The row of one file, open or not. Raises Introuvable."""
    requete = (
        select(*colonnes(Dossier.genre, Dossier.ouvert_du))
        .select_from(Dossier)
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(scope.predicat(Dossier, Droit.CORRIGER), scope.predicat(Effectif, Droit.CORRIGER))
        .where(Dossier.id == dossier_id, scope.suivi(Effectif))
    )
    return _seule_ligne(requete, jour)


def ligne_sans_contrat(effectif_id: int, jour: date) -> Ligne:
    """The row of a youth who is, or has been, without a contract since the entry. Raises Introuvable."""
    inscrit = func.coalesce(Effectif.statuts[1] == int(Statut.INSCRIT), False)
    requete = (
        select(*colonnes(literal(SANS_CONTRAT), _depuis()))
        .select_from(Effectif)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Dossier, selection.DOSSIER_SANS_CONTRAT)
        .where(scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Effectif), Effectif.id == effectif_id)
        .where(or_(Dossier.id.is_not(None), inscrit))
    )
    return _seule_ligne(requete, jour)


def ligne_fin_de_contrat(effectif_id: int, jour: date) -> Ligne:
    """The row of a youth whose last contract reached its term without a next one, file written or not.

    Raises Introuvable for who never was in that case up to `jour`.
    """
    depuis = (
        select(func.max(Periode.du))
        .where(Periode.effectif_id == Effectif.id, Periode.organisme_id == Effectif.organisme_id)
        .where(Periode.motif == int(Motif.FIN_DE_CONTRAT), Periode.du <= selection.jour_de(jour))
        .correlate(Effectif)
        .scalar_subquery()
    )
    ecrit = (
        select(_ECRIT.id)
        .where(_ECRIT.effectif_id == Effectif.id, _ECRIT.genre == FIN_DE_CONTRAT)
        .where(_ECRIT.ouvert_du <= selection.jour_de(jour))
        .order_by(_ECRIT.ouvert_du.desc())
        .limit(1)
        .correlate(Effectif)
        .scalar_subquery()
    )
    requete = (
        select(*colonnes(literal(FIN_DE_CONTRAT), func.coalesce(Dossier.ouvert_du, depuis)))
        .select_from(Effectif)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Dossier, Dossier.id == ecrit)
        .where(scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Effectif), Effectif.id == effectif_id)
        .where(or_(Dossier.id.is_not(None), depuis.is_not(None)))
    )
    return _seule_ligne(requete, jour)


def _depuis() -> ColumnElement[date]:
    """Opening of the file, even when it is not written yet."""
    return func.coalesce(Dossier.ouvert_du, Effectif.bornes[1])


_DE_LA_FICHE: Final = (
    select(*colonnes(func.coalesce(Dossier.genre, SANS_CONTRAT), _depuis()))
    .select_from(Effectif)
    .join(Organisme, Organisme.id == Effectif.organisme_id)
    .outerjoin(
        Dossier,
        and_(
            Dossier.effectif_id == Effectif.id,
            or_(Dossier.clos_du.is_(None), Dossier.clos_du > Dossier.ouvert_du),
        ),
    )
)


def ligne_de_la_fiche(effectif_id: int, jour: date) -> Ligne | None:
    """The file of an effectif that matters on `jour`: the open one, else the next to open, else the last closed.

    A youth without a contract, or whose contract reached its term, has one even before it is written; a file that was
    never open on any day is none.
    """
    aujourd_hui = selection.jour_de(jour)
    clos = and_(Dossier.clos_du.is_not(None), Dossier.clos_du <= aujourd_hui)
    terme = selection.est_fin_de_contrat(jour)
    requete = (
        scope.limiter(_DE_LA_FICHE, Effectif, Droit.CORRIGER)
        .add_columns(terme, selection.debut_fin_de_contrat(jour))
        .where(Effectif.id == effectif_id, scope.suivi(Effectif))
        .where(or_(Dossier.id.is_not(None), selection.est_sans_contrat(jour), terme))
        .order_by(clos, (Dossier.ouvert_du > aujourd_hui), Dossier.ouvert_du.desc())
        .limit(1)
    )
    lue = db.session.execute(requete).one_or_none()
    if lue is None:
        return None
    *valeurs, a_terme, depuis = lue
    rang_genre, rang_depuis = Ligne._fields.index("genre"), Ligne._fields.index("depuis")
    if valeurs[Ligne._fields.index("dossier_id")] is None and a_terme:
        valeurs[rang_genre], valeurs[rang_depuis] = FIN_DE_CONTRAT, depuis
    return ligne_de(valeurs, jour)


def _seule_ligne(requete: Select[Any], jour: date) -> Ligne:
    lue = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one_or_none()
    if lue is None:
        raise Introuvable
    return ligne_de(lue, jour)


class DemarcheLue(NamedTuple):
    """One step of a file, with who noted it."""

    id: int
    personne_id: int
    nature: str
    resultat: str | None
    le: datetime
    prochaine_le: date | None
    nombre: int | None
    note: str | None
    note_jusqu_au: date | None
    prenom: str
    nom: str


def demarches(dossier_id: int | None) -> list[DemarcheLue]:
    """The last hundred steps of a file, the latest first. A network reads facts, and no note but its own."""
    if dossier_id is None:
        return []
    requete = (
        scope.select_for(
            Demarche,
            Droit.CORRIGER,
            Demarche.id,
            Demarche.personne_id,
            Demarche.nature,
            Demarche.resultat,
            Demarche.le,
            Demarche.prochaine_le,
            Demarche.nombre,
            case((_note_lisible(), Demarche.note)),
            Demarche.note_jusqu_au,
            Personne.prenom,
            Personne.nom,
        )
        .join(Personne, Personne.id == Demarche.personne_id)
        .where(Demarche.dossier_id == dossier_id, Demarche.retiree_le.is_(None), scope.suivi(Demarche))
        .order_by(Demarche.id.desc())
        .limit(100)
    )
    return [DemarcheLue(*ligne) for ligne in db.session.execute(requete)]


def _note_lisible() -> ColumnElement[bool]:
    acteur = scope.courant()
    return true() if acteur.suivi is None else Demarche.personne_id == acteur.personne_id


class Coordonnees(NamedTuple):
    telephone: str | None
    courriel: str | None
    courriel_responsable_1: str | None
    courriel_responsable_2: str | None


def coordonnees(effectif_id: int) -> Coordonnees | None:
    """How to reach a youth; None for who may not see it (VOIR_COORDONNEES)."""
    requete = scope.select_for(
        Effectif,
        Droit.VOIR_COORDONNEES,
        Effectif.telephone,
        Effectif.courriel,
        Effectif.courriel_responsable_1,
        Effectif.courriel_responsable_2,
    ).where(Effectif.id == effectif_id)
    lues = db.session.execute(requete).one_or_none()
    return Coordonnees(*lues) if lues else None
