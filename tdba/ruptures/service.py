"""Noting the steps taken with a youth. The rules of what may be noted are here; routes commit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.errors import ErreurMetier
from tdba.ruptures import oppositions
from tdba.ruptures.acces_dossier import dossier_a_ecrire, exiger_le_suivi
from tdba.ruptures.models import NOTE_MAX, Demarche, Dossier
from tdba.ruptures.regles import SANS_CONTRAT, ajouter_mois
from tdba.ruptures.synchronisation import synchroniser
from tdba.scope import Droit
from tdba.textes import ressemble_a_un_nir

APPEL: Final = "APPEL"
RENDEZ_VOUS: Final = "RENDEZ_VOUS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """A step as a person notes it. `cle_formulaire` is the random value of the form: a double click is one step."""

    nature: str
    resultat: str | None
    prochaine_le: date | None
    note: str | None
    cle_formulaire: str


def noter_demarche(dossier_id: int, saisie: Saisie, *, maintenant: datetime, jour: date) -> bool:
    """Note a step in a file. False when this very form was already saved: nothing is written twice.

    Raises Introuvable, or ErreurMetier when the step is not allowed as it stands.
    """
    _verifier(saisie, jour)
    return _noter(dossier_a_ecrire(dossier_id), saisie, maintenant)


def noter_sans_contrat(effectif_id: int, saisie: Saisie, *, maintenant: datetime, jour: date) -> bool:
    """Note a step with a youth without a contract, opening the file at the first one. As `noter_demarche`."""
    _verifier(saisie, jour)
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
    exiger_le_suivi(effectif.organisme_id)
    oppositions.exiger_libre(effectif_id)
    return _noter(_dossier_sans_contrat(effectif, maintenant, jour), saisie, maintenant)


def _verifier(saisie: Saisie, jour: date) -> None:
    if saisie.nature == APPEL and saisie.resultat is None:
        raise ErreurMetier("Indiquez comment l’appel s’est terminé.", champ="resultat")
    if saisie.resultat == RENDEZ_VOUS and saisie.prochaine_le is None:
        raise ErreurMetier("Indiquez le jour du rendez-vous.", champ="prochaine_le")
    if saisie.prochaine_le is not None:
        if saisie.prochaine_le < jour:
            raise ErreurMetier(
                "Ce jour est passé : choisissez aujourd’hui ou un jour à venir.", champ="prochaine_le"
            )
        if saisie.prochaine_le > ajouter_mois(jour, 12):
            raise ErreurMetier("Choisissez un jour dans l’année qui vient.", champ="prochaine_le")
    if saisie.note and len(saisie.note) > NOTE_MAX:
        raise ErreurMetier(f"La note ne peut pas dépasser {NOTE_MAX} caractères.", champ="note")
    if saisie.note and ressemble_a_un_nir(saisie.note):
        raise ErreurMetier(
            "Ce texte contient ce qui ressemble à un numéro de sécurité sociale : retirez-le, il n’a pas à être conservé ici.",
            champ="note",
        )


def _dossier_sans_contrat(effectif: Effectif, maintenant: datetime, jour: date) -> Dossier:
    """The file of this youth, locked; opened now when there is none yet."""
    deja = _verrouiller(effectif.id)
    if deja is not None:
        return deja
    if not effectif.statuts or effectif.statuts[0] != Statut.INSCRIT or effectif.bornes[0] > jour:
        raise ErreurMetier(
            "Cet apprenant n’est pas sans contrat : cette démarche n’a pas de dossier où être notée."
        )
    ouverture = insert(Dossier).values(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        genre=SANS_CONTRAT,
        ouvert_du=effectif.bornes[0],
        cree_le=maintenant,
    )
    cle = ["effectif_id", "genre", "contrat_debut"]
    sans_doublon = ouverture.on_conflict_do_nothing(index_elements=cle)
    db.session.execute(scope.pour_ecriture(sans_doublon, Droit.CORRIGER))
    synchroniser([effectif.id])
    dossier = _verrouiller(effectif.id)
    assert dossier is not None  # noqa: S101 - just opened, or opened meanwhile by someone else
    return dossier


def _verrouiller(effectif_id: int) -> Dossier | None:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(
        Dossier.effectif_id == effectif_id, Dossier.genre == SANS_CONTRAT
    )
    trouve: Dossier | None = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    return trouve


def _noter(dossier: Dossier, saisie: Saisie, maintenant: datetime) -> bool:
    personne_id = scope.courant().personne_id
    demarche = (
        insert(Demarche)
        .values(
            dossier_id=dossier.id,
            organisme_id=dossier.organisme_id,
            annee_scolaire=dossier.annee_scolaire,
            nature=saisie.nature,
            resultat=saisie.resultat,
            le=maintenant,
            prochaine_le=saisie.prochaine_le,
            note=saisie.note or None,
            personne_id=personne_id,
            cle_formulaire=saisie.cle_formulaire,
        )
        .on_conflict_do_nothing(index_elements=["cle_formulaire"])
        .returning(Demarche.id)
    )
    demarche_id = db.session.execute(scope.pour_ecriture(demarche, Droit.CORRIGER)).scalar_one_or_none()
    if demarche_id is None:
        return False
    dossier.derniere_demarche_le = maintenant
    dossier.prochaine_le = saisie.prochaine_le
    dossier.referent_id = dossier.referent_id or personne_id
    journal.consigner(
        "dossier.demarche_notee",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
        demarche_id=demarche_id,
        nature=saisie.nature,
    )
    return True
