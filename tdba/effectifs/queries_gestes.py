"""Reading the bin and the transfers, within CORRIGER: what a page shows, in a constant number of statements."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db, table_de
from tdba.effectifs import corbeille
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Retrait, Transfert
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable

TAILLE: Final = 50


class Retire(NamedTuple):
    """A record in the bin, and who put it there."""

    retrait: Retrait
    nom: str
    prenom: str
    date_naissance: date
    formation: str | None
    annee_scolaire: str
    corbeille_le: datetime
    organisme: str
    auteur: str

    @property
    def jusqu_au(self) -> date:
        return corbeille.jusqu_au(self.corbeille_le)


class Page(NamedTuple):
    lignes: list[Retire]
    total: int
    suite: int | None
    """Where the next page starts; None at the end."""


class Place(NamedTuple):
    """An establishment that a record may be moved to."""

    id: int
    nom: str


def _retires(*, compter: bool = False) -> Select[Any]:
    colonnes: tuple[Any, ...] = (func.count(),) if compter else (
        Retrait,
        Effectif.nom,
        Effectif.prenom,
        Effectif.date_naissance,
        Effectif.formation,
        Effectif.annee_scolaire,
        Effectif.corbeille_le,
        Organisme.nom,
        Personne.prenom + " " + Personne.nom,
    )  # fmt: skip
    return (
        scope.select_for(Retrait, Droit.CORRIGER, *colonnes)
        .join(Effectif, Effectif.id == Retrait.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .join(Personne, Personne.id == Retrait.personne_id)
        .where(
            scope.predicat(Effectif, Droit.CORRIGER, avec_corbeille=True),
            Effectif.corbeille_le.is_not(None),
            Retrait.restaure_le.is_(None),
        )
    )


def page_corbeille(apres: int | None) -> Page:
    """The bin of the whole reach, the last put there first. A row gone between two pages changes nothing."""
    requete = _retires().order_by(Retrait.id.desc()).limit(TAILLE + 1)
    if apres is not None:
        requete = requete.where(Retrait.id < apres)
    lues = [Retire(*ligne) for ligne in db.session.execute(requete)]
    lignes = lues[:TAILLE]
    total = db.session.execute(_retires(compter=True)).scalar_one()
    return Page(lignes, total, lignes[-1].retrait.id if len(lues) > TAILLE else None)


def en_corbeille(effectif_id: int) -> Retire:
    """A record in the bin. Raises Introuvable when it is not there, or not theirs."""
    ligne = db.session.execute(_retires().where(Retrait.effectif_id == effectif_id)).one_or_none()
    if ligne is None:
        raise Introuvable
    return Retire(*ligne)


def places(organisme_ids: frozenset[int]) -> list[Place]:
    """These establishments, by name."""
    requete = select(Organisme.id, Organisme.nom, Organisme.commune).where(
        scope.parmi(table_de(Organisme).c.id, organisme_ids)
    )
    lues = db.session.execute(requete.order_by(Organisme.nom, Organisme.id))
    return [Place(cle, f"{nom} ({commune})" if commune else nom) for cle, nom, commune in lues]


def nom_de(organisme_id: int) -> str:
    return db.session.get_one(Organisme, organisme_id).nom


class TransfertLu(NamedTuple):
    """A transfer with the names of both establishments, and who made it."""

    transfert: Transfert
    ancien: str
    nouveau: str
    auteur: str


_ANCIEN: Final = aliased(Organisme)
_NOUVEAU: Final = aliased(Organisme)


def transferts_de(effectif_id: int) -> Sequence[TransfertLu]:
    """The transfers of a record in force, the last first."""
    requete = (
        scope.select_for(
            Transfert,
            Droit.CORRIGER,
            Transfert,
            _ANCIEN.nom,
            _NOUVEAU.nom,
            Personne.prenom + " " + Personne.nom,
        )
        .join(_ANCIEN, _ANCIEN.id == Transfert.ancien_organisme_id)
        .join(_NOUVEAU, _NOUVEAU.id == Transfert.organisme_id)
        .join(Personne, Personne.id == Transfert.personne_id)
        .where(Transfert.effectif_id == effectif_id, Transfert.annule_le.is_(None))
        .order_by(Transfert.id.desc())
    )
    return [TransfertLu(*ligne) for ligne in db.session.execute(requete)]
