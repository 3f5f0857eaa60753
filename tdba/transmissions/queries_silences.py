"""Reading silences: who no longer sends, and the days of reception that habit is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Delete, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from tdba import scope
from tdba.db import db
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import Reception, Silence
from tdba.transmissions.queries import SANS_EFFET, sauf
from tdba.transmissions.queries_compte import JOUR

PAGE: Final = 50


class Habitude(NamedTuple):
    """The days when an organisme received something that was accepted, and the last time anything came."""

    organisme_id: int
    nom: str
    jours: Sequence[date]
    derniere: datetime


@dataclass(frozen=True, slots=True)
class Silencieux:
    """An organisme that no longer sends, as support sees it."""

    organisme_id: int
    nom: str
    uai: str | None
    siret: str
    depuis: datetime
    habitude: int


def _revenu() -> ColumnElement[bool]:
    """Something came since: the silence is over, whether or not the night has said so."""
    requete = select(Reception.transmission_id).where(
        Reception.organisme_id == Silence.organisme_id, Reception.recue_le > Silence.depuis
    )
    return requete.exists()


def habitudes(depuis: datetime, jours_min: int) -> list[Habitude]:
    """Open organismes not known to be silent that received something on `jours_min` days at least since then."""
    acceptees = Reception.nb_creees + Reception.nb_modifiees + Reception.nb_inchangees + Reception.nb_retenues
    jours: Any = func.array_agg(JOUR.distinct()).filter(acceptees > 0)
    requete = (
        scope.select_for(
            Reception,
            Droit.VOIR_TRANSMISSIONS,
            Reception.organisme_id,
            Organisme.nom,
            jours,
            func.max(Reception.recue_le),
        )
        .join(Organisme, Organisme.id == Reception.organisme_id)
        .outerjoin(Silence, Silence.organisme_id == Reception.organisme_id)
        .where(Reception.recue_le >= depuis, sauf(SANS_EFFET, depuis))
        .where(Organisme.ferme.is_(False), Silence.organisme_id.is_(None))
        .group_by(Reception.organisme_id, Organisme.nom)
        .having(func.count(JOUR.distinct()).filter(acceptees > 0) >= jours_min)
        .order_by(Reception.organisme_id)
    )
    return [Habitude(*ligne) for ligne in db.session.execute(requete)]


def clore_finis() -> list[int]:
    """Forget the silences that ended; returns whose."""
    requete: Delete = delete(Silence).where(_revenu())
    return list(
        db.session.execute(
            scope.pour_ecriture(
                requete.returning(Silence.organisme_id).execution_options(synchronize_session=False),
                Droit.CONFIGURER,
            )
        ).scalars()
    )


def ouvrir(organisme_id: int, *, depuis: datetime, habitude: int, le: datetime) -> bool:
    """Note a silence; False when it already was."""
    requete = (
        insert(Silence)
        .values(organisme_id=organisme_id, depuis=depuis, habitude_jours=habitude, signale_le=le)
        .on_conflict_do_nothing()
        .returning(Silence.organisme_id)
    )
    note = db.session.execute(scope.pour_ecriture(requete, Droit.CONFIGURER)).scalar_one_or_none()
    return note is not None


def silencieux(apres: int | None = None) -> tuple[list[Silencieux], bool]:
    """Those that no longer send, within reach, the longest silent first, and whether others follow.

    `apres` is the organisme of the last row of the page before; a row gone since gives the first page.
    """
    requete = (
        scope.select_for(
            Silence,
            Droit.VOIR_TRANSMISSIONS,
            Silence.organisme_id,
            Organisme.nom,
            Organisme.uai,
            Organisme.siret,
            Silence.depuis,
            Silence.habitude_jours,
        )
        .join(Organisme, Organisme.id == Silence.organisme_id)
        .where(~_revenu(), Organisme.ferme.is_(False))
        .order_by(Silence.depuis, Silence.organisme_id)
    )
    borne = _depuis(apres) if apres is not None else None
    if borne is not None:
        suivants = (Silence.depuis == borne) & (Silence.organisme_id > apres)
        requete = requete.where(or_(Silence.depuis > borne, suivants))
    lignes = [Silencieux(*ligne) for ligne in db.session.execute(requete.limit(PAGE + 1))]
    return lignes[:PAGE], len(lignes) > PAGE


def _depuis(organisme_id: int) -> datetime | None:
    requete = scope.select_for(Silence, Droit.VOIR_TRANSMISSIONS, Silence.depuis)
    depuis: datetime | None = db.session.execute(
        requete.where(Silence.organisme_id == organisme_id)
    ).scalar_one_or_none()
    return depuis
