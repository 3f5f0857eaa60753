"""Files of the same person elsewhere in the person's reach: same INE, or same name and birth date (issue 6, refusals).

Those of the years that are counted, as in the lists (decision 29): a rupture sent on two years is one file.
"""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, Text, and_, cast, func, null, or_, select, union_all
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.annees import comptees
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures import selection
from tdba.ruptures.models import Dossier
from tdba.scope import Droit

LIGNES_MAX: Final = 5

# Built once: an alias of a wide table costs milliseconds.
_MOI: Final = aliased(Effectif)
_MEME_PERSONNE: Final = or_(
    Effectif.ine == _MOI.ine,
    and_(Effectif.date_naissance == _MOI.date_naissance, Effectif.recherche == _MOI.recherche),
)
_REFERENT: Final = (
    select(func.concat_ws(" ", Personne.prenom, Personne.nom))
    .where(Personne.id == Dossier.referent_id)
    .scalar_subquery()
)


class Jumeau(NamedTuple):
    """Another open file of the same person. `dossier_id` is a page of this person's reach."""

    dossier_id: int
    genre: str
    site: str
    formation: str | None
    ouvert_du: date
    referent: str | None
    clos_du: date | None = None
    """Day since which it is closed, for a former file of the same record; None: it is open."""


def jumeaux(effectif_id: int, dossier_id: int | None, jour: date) -> list[Jumeau]:
    """The other files of the same person open on `jour`, within reach."""
    requete = _des_jumeaux(effectif_id, dossier_id, jour)
    return [Jumeau(*lue) for lue in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]


def lies(effectif_id: int, dossier_id: int | None, jour: date) -> list[Jumeau]:
    """The same files, then the former ones of this very record: what was done before its contract broke again."""
    requete = union_all(
        _des_jumeaux(effectif_id, dossier_id, jour), _precedents(effectif_id, dossier_id, jour)
    )
    return [Jumeau(*lue) for lue in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]


def _des_jumeaux(effectif_id: int, dossier_id: int | None, jour: date) -> Select[Any]:
    return (
        _ouverts(effectif_id, jour)
        .add_columns(Dossier.genre, Organisme.nom, Effectif.formation, Dossier.ouvert_du, _REFERENT)
        .add_columns(cast(null(), Date))
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(Dossier.id != (dossier_id or 0))
        .order_by(Dossier.ouvert_du.desc(), Dossier.id)
        .limit(LIGNES_MAX)
    )


def _precedents(effectif_id: int, dossier_id: int | None, jour: date) -> Select[Any]:
    formation = cast(null(), Text)
    return (
        select(Dossier.id, Dossier.genre, Organisme.nom, formation, Dossier.ouvert_du, _REFERENT)
        .add_columns(Dossier.clos_du)
        .join(Organisme, Organisme.id == Dossier.organisme_id)
        .where(scope.predicat(Dossier, Droit.CORRIGER), scope.suivi(Dossier))
        .where(Dossier.effectif_id == effectif_id, Dossier.id != (dossier_id or 0))
        .where(Dossier.clos_du > Dossier.ouvert_du, Dossier.clos_du <= selection.jour_de(jour))
        .order_by(Dossier.ouvert_du.desc(), Dossier.id)
        .limit(LIGNES_MAX)
    )


def ids_des_jumeaux(effectif_id: int, dossier_id: int, jour: date) -> list[int]:
    """The same files, by their id alone."""
    requete = _ouverts(effectif_id, jour).where(Dossier.id != dossier_id).order_by(Dossier.id)
    return list(db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalars())


def _ouverts(effectif_id: int, jour: date) -> Select[Any]:
    aujourd_hui = selection.jour_de(jour)
    return (
        select(Dossier.id)
        .select_from(_MOI)
        .join(Effectif, _MEME_PERSONNE)
        .join(Dossier, Dossier.effectif_id == Effectif.id)
        .where(_MOI.id == effectif_id, *_a_ma_portee())
        .where(Effectif.annee_scolaire.in_(comptees(jour)))
        .where(Dossier.ouvert_du <= aujourd_hui)
        .where(or_(Dossier.clos_du.is_(None), Dossier.clos_du > aujourd_hui))
    )


def _a_ma_portee() -> list[ColumnElement[bool]]:
    return [
        scope.predicat(Dossier, Droit.CORRIGER),
        scope.predicat(Effectif, Droit.CORRIGER),
        scope.suivi(Effectif),
        _moi_aussi(),
    ]


def _moi_aussi() -> ColumnElement[bool]:
    """The record that is looked from must be theirs too."""
    siens = scope.courant().portee(Droit.CORRIGER).organismes
    return _MOI.id.is_not(None) if siens is None else scope.parmi(_MOI.organisme_id.expression, siens)
