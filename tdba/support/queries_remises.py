"""Readings of the resets of second factors: whose may be asked under a case, those that wait, those that were decided."""

from typing import Final, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.scope import Droit, Introuvable
from tdba.support.models import Demande, RemiseFacteurs

REMISES_MAX: Final = 50


class RemiseVue(NamedTuple):
    """A reset with the names of staff that its page shows."""

    remise: RemiseFacteurs
    personne: str
    par: str
    decidee_par: str | None


def personnes(demande_id: int) -> dict[int, str]:
    """Whose factors may be reset under a case: its requester and its verified caller, never oneself."""
    requete = (
        scope.select_a_soi(
            Demande.personne_id,
            Droit.SUPPORT,
            Personne.id,
            Personne.prenom,
            Personne.nom,
            Demande.appelant_id == Personne.id,
        )
        .join(Personne, or_(Personne.id == Demande.personne_id, Personne.id == Demande.appelant_id))
        .where(Demande.id == demande_id, Personne.id != scope.courant().personne_id)
        .order_by(Personne.nom, Personne.prenom, Personne.id)
    )
    return {
        cle: f"{prenom} {nom}, {'appelant vérifié' if appelant else 'auteur de la demande'}"
        for cle, prenom, nom, appelant in db.session.execute(requete)
    }


def remises() -> list[RemiseVue]:
    """Those that wait, then the last decided."""
    demandeur, decideur = aliased(Personne), aliased(Personne)
    nom = Personne.prenom + " " + Personne.nom
    requete = (
        select(
            RemiseFacteurs,
            nom,
            demandeur.prenom + " " + demandeur.nom,
            decideur.prenom + " " + decideur.nom,
        )
        .join(Personne, Personne.id == RemiseFacteurs.personne_id)
        .join(demandeur, demandeur.id == RemiseFacteurs.demandee_par_id)
        .outerjoin(decideur, decideur.id == RemiseFacteurs.decidee_par_id)
        .order_by(RemiseFacteurs.decidee_le.is_not(None), RemiseFacteurs.id.desc())
    )
    return [RemiseVue(*ligne) for ligne in db.session.execute(requete.limit(REMISES_MAX))]


def en_attente(personne_id: int) -> bool:
    requete = select(RemiseFacteurs.id).where(
        and_(RemiseFacteurs.personne_id == personne_id, RemiseFacteurs.decidee_le.is_(None))
    )
    return db.session.execute(requete).one_or_none() is not None


def a_decider(remise_id: int) -> RemiseFacteurs:
    """One of them, locked: two decisions queue. Raises Introuvable."""
    requete = select(RemiseFacteurs).where(RemiseFacteurs.id == remise_id).with_for_update()
    remise = db.session.execute(requete).scalar_one_or_none()
    if remise is None:
        raise Introuvable
    return remise
