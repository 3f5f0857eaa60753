"""Answering "que sont-ils devenus ?", and taking the answer back. The rules of an answer are here; routes commit."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.devenirs import calcul
from tdba.devenirs.etats import CONTRAT, DONNEES, JALONS, REPONSE, REPONSES, Etat
from tdba.devenirs.models import Devenir
from tdba.errors import ErreurMetier
from tdba.formats import date_longue
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import Dossier
from tdba.scope import Droit, Introuvable

ANNULER: Final = "ANNULER"
"""Takes the answer back: the state is again what the data say."""


class DejaRepondu(Exception):
    """Another state was noted since the page was shown: whoever answers sees it, and chooses."""


def repondre(dossier_id: int, jalon: int, reponse: str, *, vu: str, maintenant: datetime, jour: date) -> Etat:
    """Note what became of the youth of a file at a milestone, or take the answer back. `vu`: the state the page showed.

    Raises Introuvable, DejaRepondu, or ErreurMetier when there is nothing to answer.
    """
    if jalon not in JALONS or reponse not in (*REPONSES, ANNULER):
        raise Introuvable
    dossier = dossier_a_ecrire(dossier_id)
    deduit = _deduit(dossier, jalon, jour)
    actuel = _actuel(dossier_id, jalon)
    voulu = deduit if reponse == ANNULER else Etat(reponse, REPONSE)
    if actuel == voulu:
        return voulu
    if vu and actuel is not None and cle(actuel) != vu:
        raise DejaRepondu
    if reponse != ANNULER and deduit.etat == CONTRAT:
        raise ErreurMetier(
            "Un contrat court ce jour-là, d’après la fiche de l’apprenant : il n’y a plus rien à répondre."
        )
    _ecrire(dossier, jalon, voulu, maintenant)
    journal.consigner(
        "devenir.repondu" if reponse != ANNULER else "devenir.annule",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
        jalon=jalon,
    )
    return voulu


def cle(etat: Etat | None) -> str:
    """How a form says the state that it was shown with."""
    return "" if etat is None else f"{etat.etat}-{etat.source}"


def _deduit(dossier: Dossier, jalon: int, jour: date) -> Etat:
    """What data say; a milestone to come, or a file without outcome, is refused with its reason."""
    le = dossier.ouvert_du + timedelta(days=jalon)
    if le > jour:
        raise ErreurMetier(f"Ce jalon est à venir, le {date_longue(le)} : il n’y a rien à répondre avant.")
    deduit = calcul.deduits(dossier.id, jour).get(jalon)
    if deduit is None:
        raise ErreurMetier("Ce dossier n’a plus lieu d’être : il n’y a rien à répondre.")
    return deduit


def _actuel(dossier_id: int, jalon: int) -> Etat | None:
    requete = scope.select_for(Devenir, Droit.CORRIGER, Devenir.etat, Devenir.source)
    ligne = db.session.execute(
        requete.where(Devenir.dossier_id == dossier_id, Devenir.jalon == jalon)
    ).one_or_none()
    return Etat(*ligne) if ligne else None


def _ecrire(dossier: Dossier, jalon: int, voulu: Etat, maintenant: datetime) -> None:
    valeurs = {
        "etat": voulu.etat,
        "source": voulu.source,
        "personne_id": None if voulu.source == DONNEES else scope.courant().personne_id,
        "maj_le": maintenant,
    }
    ecriture = insert(Devenir).values(
        dossier_id=dossier.id,
        organisme_id=dossier.organisme_id,
        annee_scolaire=dossier.annee_scolaire,
        jalon=jalon,
        **valeurs,
    )
    ecriture = ecriture.on_conflict_do_update(index_elements=["dossier_id", "jalon"], set_=valeurs)
    db.session.execute(scope.pour_ecriture(ecriture, Droit.CORRIGER))
