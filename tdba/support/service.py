"""Cases: opening one, answering, closing, and opening a record under it (decision 24). Texts may hold names: never logged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from tdba import journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit, Introuvable
from tdba.support import queries, queries_fiches, service_voir_comme
from tdba.support.models import Demande, DemandeMessage, OuvertureFiche
from tdba.support.motifs import MOTIFS
from tdba.textes import ressemble_a_un_nir

OBJET_MAX: Final = 120
TEXTE_MAX: Final = 2000


class FicheFermee(Exception):
    """Support asked for a record that is not opened under the case in use: the page that asks why comes first."""

    def __init__(self, effectif_id: int) -> None:
        super().__init__(str(effectif_id))
        self.effectif_id = effectif_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """A case as asked. `effectif_id` and `organisme_id` are already known to be within reach of who asks."""

    objet: str
    texte: str | None = None
    page: str | None = None
    effectif_id: int | None = None
    organisme_id: int | None = None
    cle_formulaire: str | None = None


def ouvrir(saisie: Saisie, *, maintenant: datetime) -> Demande:
    """Open a case in the name of the person in session. The same form sent twice gives the same case.

    Raises ErreurMetier for a text that is missing, too long, or looks like a social-security number.
    """
    _verifier("objet", saisie.objet, OBJET_MAX)
    if saisie.texte is not None:
        _verifier("texte", saisie.texte, TEXTE_MAX)
    try:
        with db.session.begin_nested():
            return _inserer(saisie, maintenant)
    except IntegrityError:
        # This form was already sent: the other click of a double click, or a page sent again.
        deja = queries.demande_du_formulaire(saisie.cle_formulaire or "")
        if deja is None:
            raise
        return deja


def _inserer(saisie: Saisie, maintenant: datetime) -> Demande:
    acteur = scope.courant()
    demande = Demande(
        personne_id=acteur.personne_id,
        habilitation_id=acteur.habilitation_id,
        organisme_id=saisie.organisme_id,
        effectif_id=saisie.effectif_id,
        objet=saisie.objet,
        page=saisie.page,
        etat="OUVERTE",
        cree_le=maintenant,
        maj_le=maintenant,
        cle_formulaire=saisie.cle_formulaire or None,
    )
    db.session.add(demande)
    db.session.flush()
    if saisie.texte:
        _ajouter(demande, saisie.texte, maintenant)
    _consigner("demande.ouverte", demande)
    return demande


def seul_organisme() -> int | None:
    """The CFA that the person works for, when it has one establishment: support then knows whom a case is about."""
    siens = scope.courant().portee(Droit.CORRIGER).organismes
    return next(iter(siens)) if siens and len(siens) == 1 else None


def _verifier(champ: str, texte: str, maximum: int) -> None:
    if not texte:
        raise ErreurMetier("Écrivez quelques mots.", champ=champ)
    if len(texte) > maximum:
        raise ErreurMetier(f"Ce texte est trop long : {maximum} caractères au plus.", champ=champ)
    if ressemble_a_un_nir(texte):
        raise ErreurMetier(
            "Ce texte contient ce qui ressemble à un numéro de sécurité sociale. Retirez-le : il ne doit pas être "
            "conservé ici.",
            champ=champ,
        )


def repondre(demande_id: int, texte: str, *, sienne: bool, maintenant: datetime) -> Demande:
    """Add a message. Support's makes the case answered; its requester's makes it wait again, even closed.

    The same text sent twice in a row by the same person is written once.
    """
    _verifier("texte", texte, TEXTE_MAX)
    demande = queries.demande_a_modifier(demande_id, sienne=sienne)
    dernier = queries.dernier_message(demande_id)
    auteur = scope.courant().personne_id
    if dernier is not None and (dernier.personne_id, dernier.texte) == (auteur, texte):
        return demande
    _ajouter(demande, texte, maintenant)
    demande.etat = "OUVERTE" if auteur == demande.personne_id else "REPONDUE"
    demande.maj_le = maintenant
    _consigner("demande.repondue", demande)
    return demande


def _ajouter(demande: Demande, texte: str, maintenant: datetime) -> None:
    message = DemandeMessage(
        demande_id=demande.id,
        personne_id=scope.courant().personne_id,
        demandeur_id=demande.personne_id,
        texte=texte,
        cree_le=maintenant,
    )
    db.session.add(message)
    db.session.flush()


def clore(demande_id: int, *, maintenant: datetime) -> Demande:
    """Close a case: whatever was opened under it is masked again, for everybody, and nobody's screens are seen any more.

    Closing twice is once.
    """
    demande = queries.demande_a_modifier(demande_id)
    if demande.etat != "CLOSE":
        demande.etat, demande.maj_le = "CLOSE", maintenant
        service_voir_comme.finir(demande_id, maintenant=maintenant)
        _consigner("demande.close", demande)
    return demande


def _consigner(evenement: str, demande: Demande) -> None:
    journal.consigner(
        evenement,
        organisme_id=demande.organisme_id,
        objet=("demande", demande.id),
        demande_id=demande.id,
    )


def ouvrir_fiche(demande_id: int, effectif_id: int, motif: str, *, maintenant: datetime) -> Demande:
    """Unmask a record under a case. The reason is asked once per case and record, and journaled.

    Raises Introuvable for a record or a case that is not there, ErreurMetier without a reason or on a closed case.
    """
    if motif not in MOTIFS:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    demande = queries.demande_a_modifier(demande_id)
    if demande.etat == "CLOSE":
        raise ErreurMetier("Cette demande est close : reprenez-en une autre, ou ouvrez-en une.")
    fiche = queries_fiches.masquee(effectif_id)
    if fiche is None:
        raise Introuvable
    if queries_fiches.ouverte(demande_id, effectif_id):
        return demande
    db.session.add(
        OuvertureFiche(
            demande_id=demande_id,
            effectif_id=effectif_id,
            personne_id=scope.courant().personne_id,
            motif=motif,
            cree_le=maintenant,
        )
    )
    db.session.flush()
    journal.consigner(
        "effectif.ouvert_par_support",
        organisme_id=fiche.organisme_id,
        objet=("effectif", effectif_id),
        demande_id=demande_id,
        motif=motif,
    )
    return demande


def exiger_ouverte(demande_id: int | None, effectif_id: int) -> int:
    """Return the case in use, under which support reads this record. Raises FicheFermee when it was not opened there."""
    if demande_id is None or not queries_fiches.ouverte(demande_id, effectif_id):
        raise FicheFermee(effectif_id)
    return demande_id
