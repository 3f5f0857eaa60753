"""What a key may read again of what its organisme sent by API: the transmissions, their counts, their refused lines.

A transmission belongs to who sent it: for any other key it does not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from tdba import scope
from tdba.db import db
from tdba.scope import Droit, Introuvable
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Ligne, Reception, Transmission
from tdba.transmissions.queries import FAUTIVE

PAGE: Final = 100
"""Refused lines of one answer."""
LIMITE: Final = 50
LIMITE_MAX: Final = 200
RANG_MAX: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TransmissionVue:
    """One transmission and what became of its lines, over every organisme it names."""

    id: int
    uuid: UUID
    etat: str
    recue_le: datetime
    traitee_le: datetime | None
    complete: bool
    envoi: str | None
    partie: int | None
    parties: int | None
    cloture: dict[str, Any] | None
    envoyees: int
    refusees: int
    creees: int
    modifiees: int
    inchangees: int
    retenues: int

    @property
    def acceptees(self) -> int:
        return self.creees + self.modifiees + self.inchangees

    @property
    def en_attente(self) -> int:
        """Lines neither applied, held nor refused yet."""
        return max(0, self.envoyees - self.refusees - self.acceptees - self.retenues)


@dataclass(frozen=True, slots=True)
class LigneEnErreur:
    """A refused line: its rank in what was sent, its identifier in the ERP, and why."""

    rang: int
    id_erp: Any
    erreurs: Sequence[dict[str, Any]]


def dernieres(
    emetteur: Emetteur, *, avant: UUID | None, limite: int = LIMITE
) -> tuple[list[TransmissionVue], bool]:
    """The last transmissions of the sender, newest first, and whether there are older ones.

    `avant` is the last transmission of the page before. Raises Introuvable when it is not the sender's.
    """
    requete = _transmissions(emetteur).order_by(Transmission.id.desc()).limit(limite + 1)
    if avant is not None:
        requete = requete.where(Transmission.id < une(emetteur, avant).id)
    vues = [TransmissionVue(*ligne) for ligne in db.session.execute(requete)]
    return vues[:limite], len(vues) > limite


def une(emetteur: Emetteur, uuid: UUID) -> TransmissionVue:
    """One transmission. Raises Introuvable when the sender did not send it."""
    ligne = db.session.execute(_transmissions(emetteur).where(Transmission.uuid == uuid)).one_or_none()
    if ligne is None:
        raise Introuvable
    return TransmissionVue(*ligne)


def _transmissions(emetteur: Emetteur) -> Select[*tuple[Any, ...]]:
    comptes = [
        func.coalesce(func.sum(colonne), 0)
        for colonne in (
            Reception.nb_refusees,
            Reception.nb_creees,
            Reception.nb_modifiees,
            Reception.nb_inchangees,
            Reception.nb_retenues,
        )
    ]
    requete: Select[*tuple[Any, ...]] = (
        select(
            Transmission.id,
            Transmission.uuid,
            Transmission.etat,
            Transmission.recue_le,
            Transmission.traitee_le,
            Transmission.complete,
            Transmission.envoi,
            Transmission.partie,
            Transmission.parties,
            Transmission.cloture,
            Transmission.nb_lignes,
            *comptes,
        )
        .select_from(Transmission)
        .outerjoin(Reception, Reception.transmission_id == Transmission.id)
        .where(Transmission.transmetteur_id == emetteur.organisme_id, Transmission.source == "ERP")
        .group_by(Transmission.id)
    )
    return scope.autorisee(requete, Droit.VOIR_NOMINATIF)


def en_erreur(transmission_id: int, *, apres: int, limite: int = PAGE) -> tuple[list[LigneEnErreur], bool]:
    """A page of refused lines in the order sent, after rank `apres`, and whether others follow."""
    requete = (
        select(Ligne.rang, Ligne.contenu["id_erp_apprenant"], Ligne.erreurs)
        .where(Ligne.transmission_id == transmission_id, FAUTIVE, Ligne.rang > apres)
        .where(scope.portee_sur(Ligne.transmetteur_id, Droit.VOIR_NOMINATIF))
        .order_by(Ligne.rang)
        .limit(limite + 1)
    )
    lues = db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF))
    lignes = [LigneEnErreur(*ligne) for ligne in lues]
    return lignes[:limite], len(lignes) > limite
