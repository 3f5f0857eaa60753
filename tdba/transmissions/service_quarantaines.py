"""Saying which establishment an unknown one is, or that its lines are not ours (issue 4, part 6).

A CFA chooses only among the establishments it may write for; support may choose any, what the sender may write being
checked again when its lines are played.
"""

from datetime import datetime
from typing import Final

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.organismes import queries as organismes
from tdba.points import service as points
from tdba.scope import Droit, Introuvable
from tdba.transmissions import queries_quarantaines, sql_quarantaines
from tdba.transmissions.models import Quarantaine
from tdba.transmissions.quarantaines import MOTIFS

GENRE: Final = "COUPLE_INCONNU"


def resoudre(quarantaine_id: int, organisme_id: int, *, maintenant: datetime) -> Quarantaine:
    """Say that the unknown establishment is this one; its lines are played again, and the next ones understood.

    Raises Introuvable, ErreurMetier when it is decided already or when this organisme may not be chosen.
    """
    quarantaine = _a_decider(quarantaine_id)
    choisi = organismes.par_ids([organisme_id]).get(organisme_id)
    if choisi is None:
        raise Introuvable
    if choisi.ferme:
        raise ErreurMetier("Cet établissement est fermé : ses apprenants sont transmis pour un autre.")
    support = scope.courant().a(Droit.SUPPORT)
    if not support and organisme_id not in queries_quarantaines.ecriture(quarantaine.transmetteur_id):
        raise ErreurMetier(
            "Vous ne pouvez pas transmettre pour cet établissement : demandez à l’assistance de le reconnaître."
        )
    quarantaine.etat, quarantaine.organisme_id = "RESOLUE", organisme_id
    _decider(quarantaine, maintenant)
    journal.consigner(
        "quarantaine.resolue",
        organisme_id=quarantaine.transmetteur_id,
        quarantaine_id=quarantaine.id,
        trouve_id=organisme_id,
    )
    enqueue_after_commit("transmissions.rejouer_attente", quarantaine_id=quarantaine.id)
    return quarantaine


def ecarter(quarantaine_id: int, motif: str, *, maintenant: datetime) -> None:
    """Set the waiting lines aside. Raises Introuvable, ErreurMetier when it is decided already, or without a reason."""
    quarantaine = _a_decider(quarantaine_id)
    if motif not in MOTIFS:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    quarantaine.etat, quarantaine.motif = "ECARTEE", motif
    _decider(quarantaine, maintenant)
    scope.connexion("lignes écartées par décision").exec_driver_sql(
        sql_quarantaines.ECARTER, {"quarantaine_id": quarantaine.id}
    )
    journal.consigner(
        "quarantaine.ecartee",
        organisme_id=quarantaine.transmetteur_id,
        quarantaine_id=quarantaine.id,
        motif=motif,
    )


def rouvrir(quarantaine_id: int) -> None:
    """Take a recognition back: what was counted stays, the next lines wait for another answer. Raises Introuvable."""
    quarantaine = queries_quarantaines.a_decider(quarantaine_id)
    if quarantaine.etat != "RESOLUE":
        raise Introuvable
    quarantaine.etat, quarantaine.organisme_id = "ATTEND", None
    quarantaine.decidee_le = quarantaine.decidee_par_id = None
    db.session.flush()
    journal.consigner(
        "quarantaine.rouverte", organisme_id=quarantaine.transmetteur_id, quarantaine_id=quarantaine.id
    )


def reconnaitre_les_connus() -> None:
    """Resolve what the référentiel has learnt since, and have its lines played again. Running twice changes nothing."""
    connues = list(
        scope.connexion("établissements inconnus que le référentiel connaît maintenant")
        .exec_driver_sql(sql_quarantaines.CONNUES, {"le": horloge.maintenant()})
        .scalars()
    )
    for quarantaine_id in connues:
        enqueue_after_commit("transmissions.rejouer_attente", quarantaine_id=quarantaine_id)


def _a_decider(quarantaine_id: int) -> Quarantaine:
    quarantaine = queries_quarantaines.a_decider(quarantaine_id)
    if quarantaine.etat != "ATTEND":
        raise ErreurMetier("Quelqu’un a déjà décidé pour cet établissement.")
    return quarantaine


def _decider(quarantaine: Quarantaine, maintenant: datetime) -> None:
    quarantaine.decidee_le, quarantaine.decidee_par_id = maintenant, scope.courant().personne_id
    db.session.flush()
    points.remplacer(GENRE, [quarantaine.transmetteur_id])
