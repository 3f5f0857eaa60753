"""The account of what was received over some days: by day, by cause of refusal, and for whom.

Counts are read from `reception`, which names nobody: whoever sees the transmissions of an organisme reads them. Causes are
read from the refused lines: only those who may read these have them (decisions 22 and 26).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Date, Select, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from tdba import scope
from tdba.db import db
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable
from tdba.transmissions import causes as catalogue
from tdba.transmissions.models import Ligne, Reception, Silence, Transmission
from tdba.transmissions.periode import Compte, Periode
from tdba.transmissions.queries import FAUTIVE, SANS_EFFET, sauf

LIGNES_MAX: Final = 5000
"""Refused lines, the last ones, among which causes are counted."""
_EXEMPLES: Final = slice(1, catalogue.EXEMPLES)

JOUR: Final = cast(func.timezone("Europe/Paris", Reception.recue_le), Date)


@dataclass(frozen=True, slots=True)
class Site:
    """An organisme of the reach, and its silence, if any."""

    id: int
    nom: str
    silence_depuis: datetime | None
    habitude: int | None


def _effectives(
    droit: Droit, periode: Periode, organisme_id: int | None, *colonnes: Any
) -> Select[*tuple[Any, ...]]:
    """Receptions of a period within reach, but of files without effect."""
    requete: Select[*tuple[Any, ...]] = scope.select_for(Reception, droit, *colonnes).where(
        Reception.recue_le >= periode.debut,
        Reception.recue_le < periode.fin,
        sauf(SANS_EFFET, periode.debut),
    )
    return requete if organisme_id is None else requete.where(Reception.organisme_id == organisme_id)


def par_jour(periode: Periode, organisme_id: int | None = None) -> list[Compte]:
    """The days when something was received, the last one first."""
    requete = _effectives(
        Droit.VOIR_TRANSMISSIONS,
        periode,
        organisme_id,
        JOUR.label("jour"),
        func.count(Reception.transmission_id.distinct()),
        func.sum(Reception.nb_lignes),
        func.sum(Reception.nb_creees),
        func.sum(Reception.nb_modifiees),
        func.sum(Reception.nb_inchangees),
        func.sum(Reception.nb_refusees),
        func.sum(Reception.nb_retenues),
    )
    lues = db.session.execute(requete.group_by("jour").order_by(JOUR.desc()))
    return [Compte(*ligne) for ligne in lues]


def causes(periode: Periode, organisme_id: int | None = None) -> list[catalogue.CauseComptee]:
    """Why lines were refused, the most frequent cause first, with the last transmission that each comes from.

    Over the last 5,000 refused lines. Lines refused with the very same errors are one row of the answer.
    """
    cote = func.coalesce(Ligne.organisme_id, Ligne.transmetteur_id)
    recues = _effectives(Droit.VOIR_NOMINATIF, periode, organisme_id, Reception.transmission_id)
    refusees = (
        select(Ligne.transmission_id, Ligne.rang, Ligne.erreurs)
        .where(
            Ligne.transmission_id.in_(recues.where(Reception.nb_refusees > 0)),
            FAUTIVE,
            scope.portee_sur(Ligne.organisme_id, Droit.VOIR_NOMINATIF)
            | scope.portee_sur(Ligne.transmetteur_id, Droit.VOIR_NOMINATIF),
            scope.portee_sur(cote, Droit.VOIR_NOMINATIF) if organisme_id is None else cote == organisme_id,
        )
        .order_by(Ligne.transmission_id.desc(), Ligne.rang)
        .limit(LIGNES_MAX)
        .subquery()
    )
    ordre = (refusees.c.transmission_id.desc(), refusees.c.rang)
    couple = array([refusees.c.transmission_id, refusees.c.rang])
    couples: Any = func.array_agg(aggregate_order_by(couple, *ordre), type_=ARRAY(BigInteger, dimensions=2))
    groupes = (
        select(
            refusees.c.erreurs,
            func.count().label("nombre"),
            couples[_EXEMPLES].label("couples"),
            func.max(refusees.c.transmission_id).label("derniere"),
        )
        .group_by(refusees.c.erreurs)
        .subquery()
    )
    requete = (
        select(groupes.c.erreurs, groupes.c.nombre, groupes.c.couples, Transmission.id, Transmission.uuid)
        .join(Transmission, Transmission.id == groupes.c.derniere)
        .order_by(groupes.c.derniere.desc(), groupes.c.nombre.desc())
    )
    lues = db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF))
    return catalogue.regrouper(
        catalogue.Groupe(erreurs, nombre, [rang for t, rang in couples if t == derniere], uuid)
        for erreurs, nombre, couples, derniere, uuid in lues
    )


def sites(organisme_id: int | None = None) -> Sequence[Site]:
    """The organismes of the reach by name, or the one asked for, each with its silence. Raises Introuvable for another.

    Who reaches every organisme asks for one: without it, none is listed. A silence is over as soon as something came.
    """
    portee = scope.courant().portee(Droit.VOIR_TRANSMISSIONS)
    if organisme_id is None and portee.organismes is None:
        return []
    revenu = (
        select(Reception.transmission_id)
        .where(Reception.organisme_id == Organisme.id, Reception.recue_le > Silence.depuis)
        .exists()
    )
    requete = select(Organisme.id, Organisme.nom, Silence.depuis, Silence.habitude_jours).outerjoin(
        Silence, (Silence.organisme_id == Organisme.id) & ~revenu
    )
    if portee.organismes is not None:
        requete = requete.where(scope.parmi(Organisme.__table__.c.id, portee.organismes))
    if organisme_id is not None:
        requete = requete.where(Organisme.id == organisme_id)
    requete = scope.autorisee(requete.order_by(Organisme.nom, Organisme.id), Droit.VOIR_TRANSMISSIONS)
    trouves = [Site(*ligne) for ligne in db.session.execute(requete)]
    if organisme_id is not None and not trouves:
        raise Introuvable
    return trouves
