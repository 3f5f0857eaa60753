"""Resetting the second factors of somebody who lost them all: two people of support, never one (decisions 25 and 27).

One asks, under a case and for a reason; another confirms within three days. The person is told at both moments: whoever
holds their login at the provider would gain the most from it. No mail replaces a factor: a new one is set up after.
"""

from datetime import datetime, timedelta
from typing import Final

from tdba import courriels, journal, scope
from tdba.comptes import queries as comptes
from tdba.comptes import queries_facteurs, service_facteurs, service_sessions
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.support import queries, queries_remises
from tdba.support.models import RemiseFacteurs
from tdba.support.motifs import MOTIFS_DE_REMISE

DUREE: Final = timedelta(days=3)
"""How long a reset waits for the second person: past it, what the first one checked is too old."""
SUJET: Final = "Remise à zéro de vos seconds facteurs"


def demander(
    demande_id: int, personne_id: int, motif: str, *, maintenant: datetime, adresse: str
) -> RemiseFacteurs:
    """Ask for a reset. `adresse` is the one of the person's account, for the mail.

    Raises Introuvable for a case that is not there, ErreurMetier on a closed one, for somebody who is not of it, who
    has no factor, or for whom one waits already.
    """
    demande = queries.demande_a_modifier(demande_id)
    if demande.etat == "CLOSE":
        raise ErreurMetier("Cette demande est close : reprenez-en une autre, ou ouvrez-en une.")
    if personne_id not in queries_remises.personnes(demande_id):
        raise ErreurMetier("Choisissez une personne dans la liste.", champ="personne")
    if motif not in MOTIFS_DE_REMISE:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    if not queries_facteurs.a_un_facteur(personne_id):
        raise ErreurMetier("Cette personne n’a aucun second facteur : elle peut en ajouter un elle-même.")
    if queries_remises.en_attente(personne_id):
        raise ErreurMetier("Une remise à zéro attend déjà une seconde personne pour ce compte.")
    remise = RemiseFacteurs(
        personne_id=personne_id,
        demande_id=demande_id,
        motif=motif,
        demandee_le=maintenant,
        demandee_par_id=_moi(),
    )
    db.session.add(remise)
    db.session.flush()
    journal.consigner(
        "facteur.remise_demandee", objet=("personne", personne_id), demande_id=demande_id, motif=motif
    )
    _prevenir(
        personne_id,
        "L’assistance a demandé que vos seconds facteurs soient remis à zéro. Une seconde personne doit le confirmer.",
        adresse,
    )
    return remise


def confirmer(remise_id: int, *, maintenant: datetime, adresse: str) -> None:
    """Take the factors away and end the person's sessions. Raises Introuvable, or ErreurMetier for who may not."""
    remise = _a_decider(remise_id)
    moi = _moi()
    if moi == remise.demandee_par_id:
        raise ErreurMetier("Vous avez demandé cette remise à zéro : une autre personne doit la confirmer.")
    if moi == remise.personne_id:
        raise ErreurMetier("Il s’agit de vos seconds facteurs : une autre personne doit confirmer.")
    if maintenant - remise.demandee_le > DUREE:
        raise ErreurMetier(
            "Cette remise à zéro a été demandée il y a plus de trois jours : écartez-la, puis vérifiez de nouveau "
            "auprès de la personne."
        )
    _decider(remise, "FAITE", maintenant)
    nombre = service_facteurs.tout_retirer(remise.personne_id)
    service_sessions.fermer_sessions(remise.personne_id)
    journal.consigner(
        "facteur.remis", objet=("personne", remise.personne_id), demande_id=remise.demande_id, nombre=nombre
    )
    _prevenir(
        remise.personne_id,
        "Deux personnes de l’assistance ont remis à zéro vos seconds facteurs et vos codes de secours. Vos sessions "
        "sont fermées : connectez-vous, et ajoutez un nouveau second facteur.",
        adresse,
    )


def ecarter(remise_id: int, *, maintenant: datetime) -> None:
    """Give a reset up: any person of support may, the one who asked included. Raises Introuvable and ErreurMetier."""
    remise = _a_decider(remise_id)
    _decider(remise, "ECARTEE", maintenant)
    journal.consigner(
        "facteur.remise_ecartee", objet=("personne", remise.personne_id), demande_id=remise.demande_id
    )


def _a_decider(remise_id: int) -> RemiseFacteurs:
    remise = queries_remises.a_decider(remise_id)
    if remise.etat != "A_CONFIRMER":
        raise ErreurMetier("Cette remise à zéro a déjà été décidée.")
    return remise


def _decider(remise: RemiseFacteurs, etat: str, maintenant: datetime) -> None:
    remise.etat, remise.decidee_le, remise.decidee_par_id = etat, maintenant, _moi()


def _moi() -> int:
    personne_id = scope.courant().personne_id
    assert personne_id is not None  # noqa: S101 - the right of support is held by people
    return personne_id


def _prevenir(personne_id: int, phrase: str, adresse: str) -> None:
    personne = comptes.personne(personne_id)
    courriels.ecrire(
        "second_facteur",
        personne.courriel,
        SUJET,
        [phrase, "Si vous n’avez rien demandé, écrivez tout de suite au support."],
        lien=("Voir mon compte", adresse),
        personne_id=personne_id,
    )
