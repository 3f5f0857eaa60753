"""The steps noted from the page of offers: offers sent, appointment link given, its answer. Routes commit."""

from datetime import date, datetime
from typing import Final

from tdba.errors import ErreurMetier
from tdba.offres import bilan, queries
from tdba.ruptures import service
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import NOMBRE_MAX, Demarche
from tdba.ruptures.service import Saisie

REPONSES: Final = (bilan.RENDEZ_VOUS, bilan.SANS_REPONSE, bilan.NEGATIVE)
"""What becomes of an appointment asked of a training."""


def offres_envoyees(
    dossier_id: int, nombre: int, *, cle_formulaire: str, maintenant: datetime, jour: date
) -> bool:
    """Note that offers were sent to the youth; False when this form was already saved. Raises ErreurMetier."""
    if not 1 <= nombre <= NOMBRE_MAX:
        raise ErreurMetier(f"Indiquez un nombre entre 1 et {NOMBRE_MAX}.", champ="nombre")
    saisie = Saisie(
        nature="OFFRES_ENVOYEES",
        resultat=None,
        prochaine_le=_promise(dossier_id, jour),
        note=None,
        nombre=nombre,
        cle_formulaire=cle_formulaire,
    )
    return service.noter_demarche(dossier_id, saisie, maintenant=maintenant, jour=jour)


def lien_donne(dossier_id: int, *, cle_formulaire: str, maintenant: datetime, jour: date) -> bool:
    """Note that the youth has the link to ask a training for an appointment; its answer comes as another step."""
    saisie = Saisie(
        nature="RDV_FORMATION",
        resultat=None,
        prochaine_le=_promise(dossier_id, jour),
        note=None,
        cle_formulaire=cle_formulaire,
    )
    return service.noter_demarche(dossier_id, saisie, maintenant=maintenant, jour=jour)


def reponse_du_rendez_vous(
    dossier_id: int,
    resultat: str,
    prochaine_le: date | None,
    *,
    cle_formulaire: str,
    maintenant: datetime,
    jour: date,
) -> bool:
    """Note what the training answered. Raises ErreurMetier when no link waits for an answer."""
    dossier_a_ecrire(dossier_id)
    saisie = Saisie(
        nature="RDV_FORMATION",
        resultat=resultat,
        prochaine_le=prochaine_le or _promise(dossier_id, jour, sauf=resultat == bilan.RENDEZ_VOUS),
        note=None,
        cle_formulaire=cle_formulaire,
    )
    attendues = queries.bilan(Demarche.dossier_id == dossier_id).liens_sans_suite
    if not service.noter_demarche(dossier_id, saisie, maintenant=maintenant, jour=jour):
        return False
    if not attendues:
        raise ErreurMetier("Aucun lien de rendez-vous n’attend de réponse : notez d’abord qu’il a été donné.")
    return True


def _promise(dossier_id: int, jour: date, *, sauf: bool = False) -> date | None:
    """The next step already promised, which sending offers does not cancel; None once its day is over."""
    prochaine = dossier_a_ecrire(dossier_id).prochaine_le
    return prochaine if prochaine is not None and prochaine >= jour and not sauf else None
