"""Reading what was received, for those who sent it or whom it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db, table_de
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable
from tdba.transmissions.models import CleApi, Ligne, Reception, Silence, Transmission
from tdba.transmissions.periode import Periode

PAGE: Final = 50
_LITTERAUX: Final[Mapping[str, ColumnElement[str]]] = {
    etat: literal_column(f"'{etat}'") for etat in ("APERCU", "ABANDONNEE", "ANNULEE")
}
"""Written as the partial index has them."""
NON_CONFIRMEE: Final = Transmission.etat.in_([_LITTERAUX["APERCU"], _LITTERAUX["ABANDONNEE"]])
"""A file that nobody confirmed: nothing was received from it."""
SANS_EFFET: Final = Transmission.etat.in_(list(_LITTERAUX.values()))
"""A file that nobody confirmed, or that was undone."""
FAUTIVE: Final[ColumnElement[bool]] = Ligne.erreurs != literal_column("'[]'")
"""Lines with an error, whatever became of them since; written as the index has it."""


class Rang(NamedTuple):
    """Where a page of receptions ends."""

    transmission_id: int
    organisme_id: int


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
    etat: str = "TRAITEE"
    transmetteur_id: int = 0
    transmetteur: str = ""
    """Who sent it: the organisme itself, its responsable, or one it gave a delegation to."""
    erp: str | None = None
    """The software, as its key says."""
    prenom: str | None = None
    nom: str | None = None
    """Who gave the file."""

    @property
    def acceptees(self) -> int:
        return self.creees + self.modifiees + self.inchangees

    @property
    def en_attente(self) -> int:
        return max(0, self.lignes - self.acceptees - self.refusees - self.retenues)

    @property
    def annulee(self) -> bool:
        return self.etat == "ANNULEE"

    @property
    def deleguee(self) -> bool:
        return self.transmetteur_id not in (0, self.organisme_id)


@dataclass(frozen=True, slots=True)
class LigneRefusee:
    """A refused line: where it stands in what was sent, what identifies it in the ERP, and why."""

    id: int
    rang: int
    id_erp: str | None
    nom: str | None
    prenom: str | None
    erreurs: Sequence[dict[str, Any]]
    etat: str
    """REFUSEE; or EN_ATTENTE of an establishment to recognise, or ECARTEE since a later line replaced it."""


@dataclass(frozen=True, slots=True)
class CauseRefus:
    """How many lines of a transmission were refused for one reason."""

    champ: str
    message: str
    nombre: int


def _receptions(choix: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """What is shown of the receptions that `choix` gives: their keys are found first, by an index."""
    cles = choix.subquery()
    emetteur = aliased(Organisme)
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
            Transmission.etat,
            Transmission.transmetteur_id,
            emetteur.nom,
            CleApi.erp,
            Personne.prenom,
            Personne.nom,
        )
        .select_from(cles)
        .join(
            Reception,
            and_(
                Reception.transmission_id == cles.c.transmission_id,
                Reception.organisme_id == cles.c.organisme_id,
            ),
        )
        .join(Transmission, Transmission.id == Reception.transmission_id)
        .join(Organisme, Organisme.id == Reception.organisme_id)
        .join(emetteur, emetteur.id == Transmission.transmetteur_id)
        .outerjoin(CleApi, CleApi.id == Transmission.cle_api_id)
        .outerjoin(Personne, Personne.id == Transmission.personne_id)
        .where(scope.predicat(Reception, Droit.VOIR_TRANSMISSIONS))
    )
    return scope.autorisee(requete, Droit.VOIR_TRANSMISSIONS)


def sauf(etat: ColumnElement[bool], depuis: datetime | None = None) -> ColumnElement[bool]:
    """Receptions but of transmissions in this state. These are few: setting them aside costs less than joining all."""
    ecartees = select(Transmission.id).where(Transmission.id == Reception.transmission_id, etat)
    if depuis is not None:
        ecartees = ecartees.where(Transmission.recue_le >= depuis)
    return ~ecartees.exists()


def _cles() -> Select[*tuple[Any, ...]]:
    """The keys of the receptions within reach."""
    requete: Select[*tuple[Any, ...]] = scope.select_for(
        Reception, Droit.VOIR_TRANSMISSIONS, Reception.transmission_id, Reception.organisme_id
    )
    return requete


def dernieres(
    *,
    organisme_id: int | None = None,
    periode: Periode | None = None,
    apres: Rang | None = None,
    limite: int = PAGE,
) -> tuple[list[ReceptionVue], bool]:
    """The last receptions of the reach, newest first, and whether there are older ones.

    `apres` is the last reception of the page before.
    """
    national = organisme_id is None and scope.courant().portee(Droit.VOIR_TRANSMISSIONS).organismes is None
    choix = _toutes(periode) if national else _siennes(organisme_id, periode)
    if apres is not None:
        choix = choix.where(_suivent(apres, national=national))
    requete = _receptions(choix.limit(limite + 1)).order_by(*_ordre(national=False))
    lignes = [ReceptionVue(*ligne) for ligne in db.session.execute(requete)]
    return lignes[:limite], len(lignes) > limite


def _toutes(periode: Periode | None) -> Select[*tuple[Any, ...]]:
    """Of every organisme: walked from the last transmission down, whose day is indexed."""
    choix = _cles().join(Transmission, Transmission.id == Reception.transmission_id).where(~NON_CONFIRMEE)
    if periode is not None:
        choix = choix.where(Transmission.recue_le >= periode.debut, Transmission.recue_le < periode.fin)
    return choix.order_by(*_ordre(national=True))


def _siennes(organisme_id: int | None, periode: Periode | None) -> Select[*tuple[Any, ...]]:
    """Of some organismes: by organisme and day, which are indexed."""
    choix = _cles().where(sauf(NON_CONFIRMEE, periode.debut if periode else None))
    if organisme_id is not None:
        choix = choix.where(Reception.organisme_id == organisme_id)
    if periode is not None:
        choix = choix.where(Reception.recue_le >= periode.debut, Reception.recue_le < periode.fin)
    return choix.order_by(*_ordre(national=False))


def _ordre(*, national: bool) -> tuple[ColumnElement[Any], ...]:
    """A file is received when it is confirmed: the order of ids would not be that of days."""
    le = Transmission.recue_le if national else Reception.recue_le
    return le.desc(), Reception.transmission_id.desc(), Reception.organisme_id.asc()


def _suivent(apres: Rang, *, national: bool) -> ColumnElement[bool]:
    """A transmission to several organismes may be cut by the end of a page; one that is gone gives an empty page."""
    table: Any = aliased(Transmission if national else Reception)
    numero = table.id if national else table.transmission_id
    borne = select(table.recue_le, numero).where(numero == apres.transmission_id).limit(1)
    le = Transmission.recue_le if national else Reception.recue_le
    if not national:
        borne = borne.where(scope.parmi(table.organisme_id, frozenset({apres.organisme_id})))
    memes = and_(
        Reception.transmission_id == apres.transmission_id, Reception.organisme_id > apres.organisme_id
    )
    return or_(tuple_(le, Reception.transmission_id) < borne.scalar_subquery(), memes)


class Derniere(NamedTuple):
    """The last transmission of an organisme, and its silence since, if any."""

    organisme_id: int
    uuid: UUID
    lignes: int
    refusees: int
    recue_le: datetime
    habitude: int | None
    """How often it usually sends, when it no longer does."""


def derniere_de_chacun(organisme_ids: Sequence[int]) -> list[Derniere]:
    """The last transmission of each of these organismes that has one."""
    silencieux = and_(Silence.organisme_id == Reception.organisme_id, Silence.depuis >= Reception.recue_le)
    requete = (
        scope.select_for(
            Reception,
            Droit.VOIR_TRANSMISSIONS,
            Reception.organisme_id,
            Transmission.uuid,
            Reception.nb_lignes,
            Reception.nb_refusees,
            Reception.recue_le,
            Silence.habitude_jours,
        )
        .join(Transmission, Transmission.id == Reception.transmission_id)
        .outerjoin(Silence, silencieux)
        .where(~NON_CONFIRMEE)
        .where(scope.parmi(table_de(Reception).c.organisme_id, frozenset(organisme_ids)))
        .ext(distinct_on(Reception.organisme_id))
        .order_by(Reception.organisme_id, Reception.recue_le.desc(), Reception.transmission_id.desc())
    )
    return [Derniere(*ligne) for ligne in db.session.execute(requete)]


def detail(uuid: UUID) -> list[ReceptionVue]:
    """What this transmission brought to each organisme of the reach. Raises Introuvable when it brought nothing there."""
    requete = _receptions(_cles()).where(Transmission.uuid == uuid, ~NON_CONFIRMEE)
    requete = requete.order_by(Organisme.nom, Reception.organisme_id)
    lignes = [ReceptionVue(*ligne) for ligne in db.session.execute(requete)]
    if not lignes:
        raise Introuvable
    return lignes


def lignes_lisibles(transmission_id: int, *colonnes: Any) -> Select[*tuple[Any, ...]]:
    """Lines of a transmission that the reach may read by name: about one's organismes, or sent by them."""
    sienne = scope.portee_sur(Ligne.organisme_id, Droit.VOIR_NOMINATIF)
    envoyee = scope.portee_sur(Ligne.transmetteur_id, Droit.VOIR_NOMINATIF)
    requete = select(*colonnes).where(Ligne.transmission_id == transmission_id, sienne | envoyee)
    return scope.autorisee(requete, Droit.VOIR_NOMINATIF)


def causes(transmission_id: int) -> list[CauseRefus]:
    """The reasons of refusal, the most frequent first. Only for those who may read the lines."""
    erreurs = (
        lignes_lisibles(
            transmission_id, func.jsonb_array_elements(Ligne.erreurs, type_=JSONB).label("erreur")
        )
        .where(FAUTIVE)
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
