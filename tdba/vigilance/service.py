"""Looking at a person whom a rule names: seen until a day, put back, with a note that has its last day. Routes commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, null, update
from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.formats import INSECABLE
from tdba.ruptures import oppositions
from tdba.ruptures.acces_dossier import exiger_le_suivi
from tdba.ruptures.models import NOTE_MAX
from tdba.ruptures.regles import ajouter_mois
from tdba.scope import Droit
from tdba.textes import refus_de_texte_libre
from tdba.vigilance import queries_personne, regles
from tdba.vigilance.models import Geste

MOIS_MAX: Final = 12
"""How far ahead somebody may be looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """A look as a person notes it. `cle_formulaire` is the random value of the form: a double click is one look."""

    revoir_le: date | None
    """None: at the end of what the rules say, or in thirty days."""
    note: str | None
    note_jusqu_au: date | None
    cle_formulaire: str


def marquer_vu(effectif_id: int, saisie: Saisie, *, maintenant: datetime, jour: date) -> bool:
    """Keep silent, until a day, every rule that names this person now; another rule may name them before.

    False when this very form was already saved. Raises Introuvable, SuiviGele, or ErreurMetier when nothing is to be seen.
    """
    effectif = _a_regarder(effectif_id)
    if _deja_enregistre(saisie.cle_formulaire):
        return False
    _verifier(saisie, jour)
    ligne = queries_personne.ligne(effectif_id, jour)
    if ligne is None or ligne.vue:
        raise ErreurMetier(
            f"Plus aucune règle ne nomme ce jeune, ou quelqu’un vient de le marquer vu{INSECABLE}: la liste a changé depuis que vous "
            "l’avez ouverte."
        )
    revoir_le = saisie.revoir_le or regles.revoir_le(ligne.constats, jour)
    codes = [str(constat.regle) for constat in ligne.constats]
    if not _ecrire(effectif, codes, saisie, revoir_le, maintenant):
        return False
    journal.consigner(
        "vigilance.vu", organisme_id=effectif.organisme_id, objet=("effectif", effectif.id), regles=codes
    )
    return True


def _ecrire(
    effectif: Effectif, codes: Sequence[str], saisie: Saisie, revoir_le: date, maintenant: datetime
) -> bool:
    """One row for each rule. The note and the key of the form go with the first: one look, one note."""
    commun = {
        "effectif_id": effectif.id,
        "organisme_id": effectif.organisme_id,
        "annee_scolaire": effectif.annee_scolaire,
        "revoir_le": revoir_le,
        "personne_id": scope.courant().personne_id,
        "cree_le": maintenant,
    }
    premiere = {
        "note": saisie.note or None,
        "note_jusqu_au": saisie.note_jusqu_au if saisie.note else None,
        "cle_formulaire": saisie.cle_formulaire,
    }
    vide = dict.fromkeys(premiere)
    rangees = [commun | {"regle": code} | (vide if rang else premiere) for rang, code in enumerate(codes)]
    requete = insert(Geste).values(rangees).on_conflict_do_nothing(index_elements=["cle_formulaire"])
    ecrites = db.session.execute(scope.pour_ecriture(requete.returning(Geste.regle), Droit.CORRIGER))
    return codes[0] in ecrites.scalars()


def remettre(effectif_id: int, *, jour: date) -> bool:
    """Put back in the list, today, a person marked as seen. False when nothing kept them out. Raises Introuvable."""
    effectif = _a_regarder(effectif_id)
    requete = (
        update(Geste)
        .where(Geste.effectif_id == effectif.id, Geste.organisme_id == effectif.organisme_id)
        .where(Geste.revoir_le > jour)
        .values(revoir_le=jour)
        .returning(Geste.regle)
    )
    remises = db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER)).scalars().all()
    if not remises:
        return False
    journal.consigner(
        "vigilance.remis",
        organisme_id=effectif.organisme_id,
        objet=("effectif", effectif.id),
        regles=sorted(set(remises)),
    )
    return True


def effacer_les_notes(jour: date) -> int:
    """Erase the notes whose last day has passed; the look stays. Runs as the system; the caller commits."""
    requete = (
        update(Geste)
        .where(and_(Geste.note.is_not(None), Geste.note_jusqu_au < jour))
        .values(note=null(), note_jusqu_au=null())
        .returning(Geste.id)
    )
    effaces = len(db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER)).scalars().all())
    if effaces:
        journal.consigner("vigilance.notes_effacees", nombre=effaces)
    return effaces


def _a_regarder(effectif_id: int) -> Effectif:
    """A record whose follow-up the person reads, out of the bin, that no objection freezes."""
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
    exiger_le_suivi(effectif.organisme_id)
    oppositions.exiger_libre(effectif_id)
    return effectif


def _deja_enregistre(cle: str) -> bool:
    requete = scope.select_for(Geste, Droit.CORRIGER, Geste.id).where(Geste.cle_formulaire == cle)
    return db.session.execute(requete).first() is not None


def _verifier(saisie: Saisie, jour: date) -> None:
    if saisie.revoir_le is not None and not jour < saisie.revoir_le <= ajouter_mois(jour, MOIS_MAX):
        raise ErreurMetier("Choisissez un jour à venir, dans l’année qui vient.", champ="revoir_le")
    if saisie.note and (refus := refus_de_texte_libre(saisie.note, NOTE_MAX)) is not None:
        raise ErreurMetier(refus, champ="note")
