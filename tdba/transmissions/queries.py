"""Reading what was received, for those who sent it or whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on

from tdba import scope
from tdba.db import db, table_de
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable
from tdba.transmissions.models import Ligne, Reception, Transmission

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ReceptionVue:
    """What one transmission brought to one organisme."""

    transmission_id: int
    uuid: UUID
    organisme_id: int
    organisme: str
    source: str
    recue_le: datetime
    traitee_le: datetime | None
    lignes: int
    refusees: int
    creees: int
    modifiees: int
    inchangees: int
    retenues: int

    @property
    def acceptees(self) -> int:
        return self.creees + self.modifiees + self.inchangees


@dataclass(frozen=True, slots=True)
class LigneRefusee:
    """A refused line: where it stands in what was sent, what identifies it in the ERP, and why."""

    id: int
    rang: int
    id_erp: str | None
    nom: str | None
    prenom: str | None
    erreurs: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CauseRefus:
    """How many lines of a transmission were refused for one reason."""

    champ: str
    message: str
    nombre: int


def _receptions() -> Select[*tuple[Any, ...]]:
    requete: Select[*tuple[Any, ...]] = (
        select(
            Transmission.id,
            Transmission.uuid,
            Reception.organisme_id,
            Organisme.nom,
            Transmission.source,
            Reception.recue_le,
            Reception.traitee_le,
            Reception.nb_lignes,
            Reception.nb_refusees,
            Reception.nb_creees,
            Reception.nb_modifiees,
            Reception.nb_inchangees,
            Reception.nb_retenues,
        )
        .select_from(Reception)
        .join(Transmission, Transmission.id == Reception.transmission_id)
        .join(Organisme, Organisme.id == Reception.organisme_id)
        .where(scope.predicat(Reception, Droit.VOIR_TRANSMISSIONS))
    )
    return scope.autorisee(requete, Droit.VOIR_TRANSMISSIONS)


def dernieres(
    *, organisme_id: int | None = None, avant: int | None = None, limite: int = PAGE
) -> tuple[list[ReceptionVue], bool]:
    """The last receptions of the reach, newest first, and whether there are older ones.

    `avant` is the id of the last transmission of the page before.
    """
    requete = _receptions().order_by(Reception.transmission_id.desc(), Reception.organisme_id)
    if organisme_id is not None:
        requete = requete.where(Reception.organisme_id == organisme_id)
    if avant is not None:
        requete = requete.where(Reception.transmission_id < avant)
    lignes = [ReceptionVue(*ligne) for ligne in db.session.execute(requete.limit(limite + 1))]
    return lignes[:limite], len(lignes) > limite


def derniere_de_chacun(organisme_ids: Sequence[int]) -> list[tuple[int, UUID, int, int]]:
    """For each organisme that has one: its id, its last transmission, how many lines, how many refused."""
    requete = (
        scope.select_for(
            Reception,
            Droit.VOIR_TRANSMISSIONS,
            Reception.organisme_id,
            Transmission.uuid,
            Reception.nb_lignes,
            Reception.nb_refusees,
        )
        .join(Transmission, Transmission.id == Reception.transmission_id)
        .where(scope.parmi(table_de(Reception).c.organisme_id, frozenset(organisme_ids)))
        .ext(distinct_on(Reception.organisme_id))
        .order_by(Reception.organisme_id, Reception.recue_le.desc(), Reception.transmission_id.desc())
    )
    return [(cle, uuid, lignes, refusees) for cle, uuid, lignes, refusees in db.session.execute(requete)]


def detail(uuid: UUID) -> list[ReceptionVue]:
    """What this transmission brought to each organisme of the reach. Raises Introuvable when it brought nothing there."""
    requete = _receptions().where(Transmission.uuid == uuid).order_by(Organisme.nom, Reception.organisme_id)
    lignes = [ReceptionVue(*ligne) for ligne in db.session.execute(requete)]
    if not lignes:
        raise Introuvable
    return lignes


def _lignes(transmission_id: int, *colonnes: Any) -> Select[*tuple[Any, ...]]:
    """Lines of a transmission that the reach may read by name: about one's organismes, or sent by them."""
    sienne = scope.portee_sur(Ligne.organisme_id, Droit.VOIR_NOMINATIF)
    envoyee = scope.portee_sur(Ligne.transmetteur_id, Droit.VOIR_NOMINATIF)
    requete = select(*colonnes).where(Ligne.transmission_id == transmission_id, sienne | envoyee)
    return scope.autorisee(requete, Droit.VOIR_NOMINATIF)


def causes(transmission_id: int) -> list[CauseRefus]:
    """The reasons of refusal, the most frequent first. Only for those who may read the lines."""
    erreurs = (
        _lignes(transmission_id, func.jsonb_array_elements(Ligne.erreurs, type_=JSONB).label("erreur"))
        .where(Ligne.etat == "REFUSEE")
        .subquery()
    )
    raisons = select(
        func.coalesce(erreurs.c.erreur["path"][0].astext, "").label("champ"),
        erreurs.c.erreur["message"].astext.label("message"),
    ).subquery()
    requete = (
        select(raisons.c.champ, raisons.c.message, func.count().label("nombre"))
        .group_by(raisons.c.champ, raisons.c.message)
        .order_by(func.count().desc(), raisons.c.champ, raisons.c.message)
    )
    requete = scope.autorisee(requete, Droit.VOIR_NOMINATIF)
    return [CauseRefus(*ligne) for ligne in db.session.execute(requete)]


def refusees(transmission_id: int, *, apres: int = 0) -> tuple[list[LigneRefusee], bool]:
    """A page of refused lines in the order sent, after rank `apres`, and whether others follow."""
    requete = (
        _lignes(
            transmission_id,
            Ligne.id,
            Ligne.rang,
            Ligne.contenu["id_erp_apprenant"].astext,
            Ligne.contenu["nom_apprenant"].astext,
            Ligne.contenu["prenom_apprenant"].astext,
            Ligne.erreurs,
        )
        .where(Ligne.etat == "REFUSEE", Ligne.rang > apres)
        .order_by(Ligne.rang)
        .limit(PAGE + 1)
    )
    lignes = [LigneRefusee(*ligne) for ligne in db.session.execute(requete)]
    return lignes[:PAGE], len(lignes) > PAGE
