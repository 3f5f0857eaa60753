"""Reading cases: one's own for everybody, all of them for support (decision 24). Row-level security says the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, tuple_

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.db import db
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable
from tdba.support.models import Demande, DemandeMessage

PAGE: Final = 50


class DemandeVue(NamedTuple):
    """A case as lists and headings show it. Staff are named; of a youth there is only an id."""

    id: int
    objet: str
    etat: str
    page: str | None
    cree_le: datetime
    maj_le: datetime
    effectif_id: int | None
    organisme_id: int | None
    personne_id: int
    prenom: str
    nom: str
    organisation: str | None
    organisme: str | None


class MessageVu(NamedTuple):
    texte: str
    cree_le: datetime
    prenom: str
    nom: str
    du_demandeur: bool


@dataclass(frozen=True, slots=True)
class Attente:
    """How many cases wait for an answer, and since when the oldest does."""

    nombre: int
    depuis: datetime | None


def _vues() -> Select[Any]:
    colonnes = (
        Demande.id,
        Demande.objet,
        Demande.etat,
        Demande.page,
        Demande.cree_le,
        Demande.maj_le,
        Demande.effectif_id,
        Demande.organisme_id,
        Demande.personne_id,
        Personne.prenom,
        Personne.nom,
        Organisation.nom,
        Organisme.nom,
    )
    return (
        scope.select_a_soi(Demande.personne_id, Droit.SUPPORT, *colonnes)
        .join(Personne, Personne.id == Demande.personne_id)
        .outerjoin(Habilitation, Habilitation.id == Demande.habilitation_id)
        .outerjoin(Organisation, Organisation.id == Habilitation.organisation_id)
        .outerjoin(Organisme, Organisme.id == Demande.organisme_id)
    )


def demande(demande_id: int, *, sienne: bool = False) -> DemandeVue:
    """One case, `sienne`: only if the person asked it. Raises Introuvable for another's, as for one that is not."""
    requete = _vues().where(Demande.id == demande_id)
    if sienne:
        requete = requete.where(Demande.personne_id == scope.courant().personne_id)
    ligne = db.session.execute(requete).one_or_none()
    if ligne is None:
        raise Introuvable
    return DemandeVue(*ligne)


def est_ouverte(demande_id: int) -> bool:
    """The case exists and is not closed."""
    requete = scope.select_a_soi(Demande.personne_id, Droit.SUPPORT, Demande.id)
    requete = requete.where(Demande.id == demande_id, Demande.etat != "CLOSE")
    return db.session.execute(requete).one_or_none() is not None


def demande_a_modifier(demande_id: int, *, sienne: bool = False) -> Demande:
    """The case, locked: two answers queue. Raises Introuvable."""
    requete = scope.select_a_soi(Demande.personne_id, Droit.SUPPORT, Demande).where(Demande.id == demande_id)
    if sienne:
        requete = requete.where(Demande.personne_id == scope.courant().personne_id)
    trouvee: Demande | None = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee


def demande_du_formulaire(cle: str) -> Demande | None:
    """The case that this very form already opened."""
    requete = scope.select_a_soi(Demande.personne_id, Droit.SUPPORT, Demande).where(
        Demande.cle_formulaire == cle, Demande.personne_id == scope.courant().personne_id
    )
    trouvee: Demande | None = db.session.execute(requete).scalar_one_or_none()
    return trouvee


def messages(demande_id: int) -> list[MessageVu]:
    """The thread of a case, in the order it was written."""
    colonnes = (
        DemandeMessage.texte,
        DemandeMessage.cree_le,
        Personne.prenom,
        Personne.nom,
        DemandeMessage.personne_id == DemandeMessage.demandeur_id,
    )
    requete = (
        scope.select_a_soi(DemandeMessage.demandeur_id, Droit.SUPPORT, *colonnes)
        .join(Personne, Personne.id == DemandeMessage.personne_id)
        .where(DemandeMessage.demande_id == demande_id)
        .order_by(DemandeMessage.id)
    )
    return [MessageVu(*ligne) for ligne in db.session.execute(requete)]


def dernier_message(demande_id: int) -> DemandeMessage | None:
    requete = scope.select_a_soi(DemandeMessage.demandeur_id, Droit.SUPPORT, DemandeMessage)
    requete = requete.where(DemandeMessage.demande_id == demande_id).order_by(DemandeMessage.id.desc())
    trouve: DemandeMessage | None = db.session.execute(requete.limit(1)).scalar_one_or_none()
    return trouve


def siennes(*, avant: int | None = None) -> tuple[list[DemandeVue], int | None]:
    """A page of the cases that the person asked, the newest first, and the id from which the next page starts."""
    requete = _vues().where(Demande.personne_id == scope.courant().personne_id).order_by(Demande.id.desc())
    if avant is not None:
        requete = requete.where(Demande.id < avant)
    return _page(requete)


_ORDRE: Final = (Demande.etat != "OUVERTE", Demande.maj_le, Demande.id)
"""Those that wait for an answer first, the oldest first."""


def en_cours(*, apres: int | None = None) -> tuple[list[DemandeVue], int | None]:
    """A page of the cases not closed, and the id after which the next page starts."""
    requete = _vues().where(Demande.etat != "CLOSE").order_by(*_ORDRE)
    repere = _repere(apres) if apres is not None else None
    if repere is not None:
        requete = requete.where(tuple_(*_ORDRE) > tuple_(*repere))
    return _page(requete)


def _repere(demande_id: int) -> tuple[Any, ...] | None:
    requete = scope.select_a_soi(Demande.personne_id, Droit.SUPPORT, *_ORDRE).where(Demande.id == demande_id)
    ligne = db.session.execute(requete).one_or_none()
    return None if ligne is None else tuple(ligne)


def de_l_organisme(organisme_id: int) -> list[DemandeVue]:
    """The last cases about a CFA, closed ones included."""
    requete = _vues().where(Demande.organisme_id == organisme_id).order_by(Demande.id.desc())
    return [DemandeVue(*ligne) for ligne in db.session.execute(requete.limit(10))]


def _page(requete: Select[Any]) -> tuple[list[DemandeVue], int | None]:
    lignes = [DemandeVue(*ligne) for ligne in db.session.execute(requete.limit(PAGE + 1))]
    return lignes[:PAGE], lignes[PAGE - 1].id if len(lignes) > PAGE else None


def attente() -> Attente:
    """What waits for support."""
    requete = scope.select_a_soi(
        Demande.personne_id, Droit.SUPPORT, func.count(), func.min(Demande.maj_le)
    ).where(Demande.etat == "OUVERTE")
    return Attente(*db.session.execute(requete).one())
