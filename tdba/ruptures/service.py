"""Noting the steps taken with a youth. The rules of what may be noted are here; routes commit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.horloge import jour_de_paris
from tdba.ruptures import natures, service_ouverture
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import NOMBRE_MAX, NOTE_MAX, Demarche, Dossier
from tdba.ruptures.regles import ajouter_mois
from tdba.scope import Droit, Introuvable
from tdba.textes import refus_de_texte_libre

APPEL: Final = "APPEL"
RENDEZ_VOUS: Final = "RENDEZ_VOUS"
MOIS_DE_NOTE: Final = 6
MOIS_DE_NOTE_MAX: Final = 24
DELAI_DE_RETRAIT: Final = timedelta(hours=24)
"""How long its author may take a step back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """A step as a person notes it. `cle_formulaire` is the random value of the form: a double click is one step."""

    nature: str
    resultat: str | None
    prochaine_le: date | None
    note: str | None
    cle_formulaire: str
    nombre: int | None = None
    """How many offers, applications or answers it counts; None: one."""
    note_jusqu_au: date | None = None
    """Last day on which the note is kept; None: six months."""


def noter_demarche(dossier_id: int, saisie: Saisie, *, maintenant: datetime, jour: date) -> bool:
    """Note a step in a file. False when this very form was already saved: nothing is written twice.

    Raises Introuvable, or ErreurMetier when the step is not allowed as it stands.
    """
    _verifier(saisie, jour)
    return inscrire(dossier_a_ecrire(dossier_id), saisie, maintenant)


def noter_sans_dossier(
    effectif_id: int, genre: str, saisie: Saisie, *, maintenant: datetime, jour: date
) -> bool:
    """Note a step with a youth whose file is not written yet: the first one writes it. As `noter_demarche`."""
    _verifier(saisie, jour)
    dossier = service_ouverture.ouvrir(effectif_id, genre, maintenant=maintenant, jour=jour)
    return inscrire(dossier, saisie, maintenant)


def _verifier(saisie: Saisie, jour: date) -> None:
    if saisie.nature == APPEL and saisie.resultat is None:
        raise ErreurMetier("Indiquez comment l’appel s’est terminé.", champ="resultat")
    if not natures.permet(saisie.nature, saisie.resultat):
        raise ErreurMetier(
            "Ce résultat ne va pas avec cette démarche : une réponse favorable ou défavorable se note avec des réponses "
            "d’employeurs, des candidatures ou un rendez-vous dans une formation.",
            champ="reponse",
        )
    if saisie.resultat == RENDEZ_VOUS and saisie.prochaine_le is None:
        raise ErreurMetier("Indiquez le jour du rendez-vous.", champ="prochaine_le")
    if saisie.prochaine_le is not None:
        if saisie.prochaine_le < jour:
            raise ErreurMetier(
                "Ce jour est passé : choisissez aujourd’hui ou un jour à venir.", champ="prochaine_le"
            )
        if saisie.prochaine_le > ajouter_mois(jour, 12):
            raise ErreurMetier("Choisissez un jour dans l’année qui vient.", champ="prochaine_le")
    _verifier_nombre(saisie)
    verifier_note(saisie.note, saisie.note_jusqu_au, jour)


def _verifier_nombre(saisie: Saisie) -> None:
    if saisie.nombre is None:
        return
    if saisie.nature not in natures.DENOMBREES:
        raise ErreurMetier(
            "Ce nombre ne va pas avec cette démarche : il compte des offres, des candidatures ou des réponses. Retirez-le.",
            champ="nombre",
        )
    if not 1 <= saisie.nombre <= NOMBRE_MAX:
        raise ErreurMetier(f"Indiquez un nombre entre 1 et {NOMBRE_MAX}.", champ="nombre")


def verifier_note(note: str | None, garde: date | None, jour: date, *, champ: str = "note") -> None:
    """Refuse a free text that may not be kept, or not that long (decision 16; issue 6, part 2)."""
    if not note:
        return
    if len(note) > NOTE_MAX:
        raise ErreurMetier(f"La note ne peut pas dépasser {NOTE_MAX} caractères.", champ=champ)
    if (refus := refus_de_texte_libre(note, NOTE_MAX)) is not None:
        raise ErreurMetier(refus, champ=champ)
    if garde is not None and not jour <= garde <= ajouter_mois(jour, MOIS_DE_NOTE_MAX):
        raise ErreurMetier(
            f"Une note s’efface dans les {MOIS_DE_NOTE_MAX} mois au plus, et pas avant aujourd’hui.",
            champ="note_jusqu_au",
        )


def jusqu_au(note: str | None, voulu: date | None, maintenant: datetime) -> date | None:
    """Last day of a note: the one chosen, else six months; None without a note."""
    if not note:
        return None
    return voulu or ajouter_mois(jour_de_paris(maintenant), MOIS_DE_NOTE)


def inscrire(dossier: Dossier, saisie: Saisie, maintenant: datetime) -> bool:
    """Add a step to a file held by `dossier_a_ecrire`. False when this very form was already saved.

    A hand-over is no contact with the youth: neither the last step nor the next one of the file moves.
    """
    personne_id = scope.courant().personne_id
    demarche_id = _ajouter(dossier, saisie, maintenant)
    if demarche_id is None:
        return False
    if saisie.nature != natures.RELAIS:
        dossier.derniere_demarche_le = maintenant
        dossier.prochaine_le = saisie.prochaine_le
        # A network's staff follow nobody, even where the CFA shares its follow-up (decision 26).
        if dossier.referent_id is None and scope.courant().suivi is None:
            dossier.referent_id = personne_id
    journal.consigner(
        "dossier.demarche_notee",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
        demarche_id=demarche_id,
        nature=saisie.nature,
    )
    return True


def _ajouter(dossier: Dossier, saisie: Saisie, maintenant: datetime) -> int | None:
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
            nombre=saisie.nombre,
            note=saisie.note or None,
            note_jusqu_au=jusqu_au(saisie.note, saisie.note_jusqu_au, maintenant),
            personne_id=scope.courant().personne_id,
            cle_formulaire=saisie.cle_formulaire,
        )
        .on_conflict_do_nothing(index_elements=["cle_formulaire"])
        .returning(Demarche.id)
    )
    ajoutee: int | None = db.session.execute(
        scope.pour_ecriture(demarche, Droit.CORRIGER)
    ).scalar_one_or_none()
    return ajoutee


def dossier_de(demarche_id: int) -> int:
    """The file of a step, read alone: rows are first read once their file is locked. Raises Introuvable."""
    requete = scope.select_for(Demarche, Droit.CORRIGER, Demarche.dossier_id)
    dossier_id: int | None = db.session.execute(
        requete.where(Demarche.id == demarche_id)
    ).scalar_one_or_none()
    if dossier_id is None:
        raise Introuvable
    return dossier_id


def retirer(demarche_id: int, *, maintenant: datetime) -> int:
    """Take back a step, by its author, within 24 hours: it is shown nowhere and counts for nothing. Twice is once.

    Returns the id of its file. Raises Introuvable, or ErreurMetier once it stays.
    """
    dossier_id = dossier_de(demarche_id)
    dossier = dossier_a_ecrire(dossier_id)
    demarche = scope.get_or_404(Demarche, demarche_id, Droit.CORRIGER, verrou=True)
    if demarche.personne_id != scope.courant().personne_id:
        raise ErreurMetier(
            "Seule la personne qui a noté cette démarche peut la retirer. Notez-en une autre qui la corrige."
        )
    if demarche.retiree_le is not None:
        return dossier_id
    if demarche.nature == natures.RELAIS or maintenant - demarche.le > DELAI_DE_RETRAIT:
        raise ErreurMetier(
            "Une démarche se retire dans les 24 heures : celle-ci reste. Notez-en une autre qui la corrige."
        )
    demarche.retiree_le = maintenant
    db.session.flush()
    _rappeler_la_derniere(dossier)
    journal.consigner(
        "dossier.demarche_retiree",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier_id,
        demarche_id=demarche_id,
    )
    return dossier_id


def _rappeler_la_derniere(dossier: Dossier) -> None:
    """The last and the next step of a file are those of the last step that stays."""
    requete = (
        scope.select_for(Demarche, Droit.CORRIGER, Demarche.le, Demarche.prochaine_le)
        .where(Demarche.dossier_id == dossier.id, Demarche.retiree_le.is_(None))
        .where(Demarche.nature != natures.RELAIS)
        .order_by(Demarche.id.desc())
        .limit(1)
    )
    derniere = db.session.execute(requete).one_or_none()
    dossier.derniere_demarche_le, dossier.prochaine_le = derniere or (None, None)
