"""What people say of a file itself: who follows it, whether the youth is still there, that its closing is right.

Every gesture goes through `acces_dossier`; routes commit (issue 6, part 2; decisions 9 and 18).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.effectifs import changements, correction
from tdba.effectifs.changements import Changement
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.queries import Ouvert
from tdba.errors import ErreurMetier
from tdba.formats import date_longue
from tdba.ruptures import departs, presence, queries_jumeaux, queries_referents, service
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import Dossier
from tdba.ruptures.natures import RELAIS
from tdba.ruptures.oppositions import SuiviGele
from tdba.ruptures.regles import NOUVEAU_CONTRAT
from tdba.scope import Droit, Introuvable


class DossierPerime(Exception):
    """The file changed since the form was opened: the person sees both values and chooses (decision 18)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relais:
    """A hand-over as it was typed."""

    referent_id: int
    mot: str | None
    version: int
    cle_formulaire: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sortie:
    """The answer "no longer at the CFA" as it was typed; `version` is that of the record."""

    le: date
    motif: str
    version: int
    cle_formulaire: str


def confier(dossier_id: int, relais: Relais, *, maintenant: datetime) -> int:
    """Give a file to a colleague, with an optional word; files of the same person follow. Returns how many changed.

    Raises Introuvable, SuiviGele, DossierPerime, or ErreurMetier when that colleague may not follow it.
    """
    jour = horloge.jour_de_paris(maintenant)
    dossier = _parmi_les_verrouilles(dossier_id, jour)
    if relais.version != dossier.version and dossier.referent_id != relais.referent_id:
        raise DossierPerime
    siens = {r.id: r.organismes for r in queries_referents.referents(jour)}.get(
        relais.referent_id, frozenset()
    )
    if dossier.organisme_id not in siens:
        raise ErreurMetier("Choisissez un collègue qui suit les jeunes de ce site.", champ="referent")
    service.verifier_note(relais.mot, None, jour, champ="mot")
    autres = [_libre(cle) for cle in queries_jumeaux.ids_des_jumeaux(dossier.effectif_id, dossier_id, jour)]
    confies = 0
    for un in (dossier, *autres):
        if un is not None and un.organisme_id in siens and un.referent_id != relais.referent_id:
            un.referent_id = relais.referent_id
            un.version += 1
            confies += 1
            _consigner("dossier.confie", un, referent_id=relais.referent_id)
    if relais.mot:
        mot = service.Saisie(
            nature=RELAIS,
            resultat=None,
            prochaine_le=None,
            note=relais.mot,
            cle_formulaire=relais.cle_formulaire,
        )
        service.inscrire(dossier, mot, maintenant)
    return confies


def _parmi_les_verrouilles(dossier_id: int, jour: date) -> Dossier:
    """The file, locked with those of the same person in the order of their ids: two hand-overs never cross."""
    requete = scope.select_for(Dossier, Droit.CORRIGER, Dossier.effectif_id).where(Dossier.id == dossier_id)
    # The column alone: the row itself is first read once it is locked.
    effectif_id = db.session.execute(requete).scalar_one_or_none()
    if effectif_id is None:
        raise Introuvable
    jumeaux = queries_jumeaux.ids_des_jumeaux(effectif_id, dossier_id, jour)
    for cle in sorted(cle for cle in jumeaux if cle < dossier_id):
        _libre(cle)
    return dossier_a_ecrire(dossier_id)


def _libre(dossier_id: int) -> Dossier | None:
    """That file, locked; None when an objection froze it."""
    try:
        return dossier_a_ecrire(dossier_id)
    except SuiviGele:
        return None


def dire_present(dossier_id: int, *, maintenant: datetime) -> None:
    """The youth is still at the CFA: the question comes back in 30 days (decision 9). Said twice a day is once."""
    dossier = dossier_a_ecrire(dossier_id)
    jour = horloge.jour_de_paris(maintenant)
    _exiger_ouvert(dossier, jour)
    deja = dossier.presence_le is not None and horloge.jour_de_paris(dossier.presence_le) == jour
    if deja and dossier.presence == presence.OUI:
        return
    _repondre(dossier, presence.OUI, maintenant)


def _exiger_ouvert(dossier: Dossier, jour: date) -> None:
    if dossier.clos_du is not None and dossier.clos_du <= jour:
        raise ErreurMetier(
            f"Ce dossier est clos depuis le {date_longue(dossier.clos_du)} : la question ne se pose plus. "
            "Si c’est une erreur, corrigez la fiche de l’apprenant."
        )


def _repondre(dossier: Dossier, reponse: str, maintenant: datetime) -> None:
    dossier.presence, dossier.presence_le = reponse, maintenant
    dossier.presence_par_id = scope.courant().personne_id
    dossier.version += 1
    db.session.flush()
    _consigner("dossier.presence_dite", dossier, reponse=reponse)


def changements_de(ouvert: Ouvert, sortie: Sortie, *, depuis: date, jour: date) -> list[Changement]:
    """What this answer would change on the record: its day of leaving; nothing for who is in another CFA.

    Raises ErreurMetier, VersionPerimee.
    """
    if sortie.motif not in presence.MOTIFS:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    if sortie.le > jour:
        raise ErreurMetier(
            "Ce jour est à venir : indiquez celui du départ quand il aura eu lieu.", champ="le"
        )
    if sortie.le < depuis:
        raise ErreurMetier(
            f"Ce suivi commence le {date_longue(depuis)} : indiquez ce jour-là ou un jour plus tard.",
            champ="le",
        )
    if sortie.motif == presence.AUTRE_CFA:
        return []
    dites = {"date_exclusion": sortie.le.isoformat()}
    try:
        return changements.de_champs(ouvert, dites, version=sortie.version, jour=jour)
    except ErreurMetier as refus:
        raise ErreurMetier(refus.message, champ="le" if refus.champ else None) from None


def sortir(dossier_id: int, ouvert: Ouvert, sortie: Sortie, *, maintenant: datetime) -> None:
    """Write "no longer at the CFA": the day of leaving on the record, or the departure to another CFA, and the step.

    The record is locked before the file, as by every correction. Sent twice is once.
    """
    jour = horloge.jour_de_paris(maintenant)
    dossier = dossier_a_ecrire(dossier_id)
    a_changer = changements_de(ouvert, sortie, depuis=dossier.ouvert_du, jour=jour)
    pas = service.Saisie(
        nature=presence.DEMARCHES[sortie.motif],
        resultat=None,
        prochaine_le=None,
        note=None,
        cle_formulaire=sortie.cle_formulaire,
    )
    if not service.inscrire(dossier, pas, maintenant):
        return
    _exiger_ouvert(dossier, jour)
    _repondre(dossier, presence.NON, maintenant)
    if sortie.motif == presence.AUTRE_CFA:
        departs.declarer_depart(dossier_id, sortie.le, jour=jour)
    elif a_changer:
        correction.corriger(ouvert, a_changer, pourquoi=Pourquoi(motif="DECISION"), maintenant=maintenant)


def confirmer(dossier_id: int, *, maintenant: datetime) -> None:
    """Say that the new contract which closed the file is real. Twice is once."""
    dossier = dossier_a_ecrire(dossier_id)
    clos_du = dossier.clos_du
    if (
        clos_du is None
        or clos_du > horloge.jour_de_paris(maintenant)
        or dossier.cause_cloture != NOUVEAU_CONTRAT
    ):
        raise ErreurMetier("Aucun nouveau contrat n’a clos ce dossier : il n’y a rien à confirmer.")
    if est_confirmee(dossier.confirmee_le, clos_du):
        return
    dossier.confirmee_le, dossier.confirmee_par_id = maintenant, scope.courant().personne_id
    dossier.version += 1
    _consigner("dossier.cloture_confirmee", dossier)


def est_confirmee(confirmee_le: datetime | None, clos_du: date | None) -> bool:
    """Whether a confirmation is of this closing: one given before the contract began was of another."""
    if confirmee_le is None or clos_du is None:
        return False
    return horloge.jour_de_paris(confirmee_le) >= clos_du


def _consigner(evenement: str, dossier: Dossier, **details: Any) -> None:
    journal.consigner(
        evenement,
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
        **details,
    )
