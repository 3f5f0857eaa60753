"""Files of the same person elsewhere in the person's reach: same INE, or same name and birth date (issue 6, refusals)."""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
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


def jumeaux(effectif_id: int, dossier_id: int | None, jour: date) -> list[Jumeau]:
    """The other files of the same person open on `jour`, within reach."""
    requete = (
        _ouverts(effectif_id, jour)
        .add_columns(Dossier.genre, Organisme.nom, Effectif.formation, Dossier.ouvert_du, _REFERENT)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(Dossier.id != (dossier_id or 0))
        .order_by(Dossier.ouvert_du.desc(), Dossier.id)
        .limit(LIGNES_MAX)
    )
    return [Jumeau(*lue) for lue in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]


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
