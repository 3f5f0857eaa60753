"""One record of a bulk action: doing it, undoing it, exactly as a person would on its sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs import changements, corbeille, correction, groupees, queries, transfert
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.models import Correction, Effectif
from tdba.effectifs.models_gestes import Retrait, Transfert
from tdba.effectifs.transfert import DejaLa, Demande
from tdba.effectifs.valeurs import en_texte
from tdba.errors import ErreurMetier
from tdba.scope import Droit, Introuvable


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done to each record."""

    nature: str
    parametres: Mapping[str, str]
    motif: str
    commentaire: str | None


class Issue(NamedTuple):
    """What became of one record, and what undoing needs."""

    issue: str
    refus: str | None = None
    trace_id: int | None = None


SANS_EFFET = Issue(groupees.SANS_EFFET)
LAISSEE = Issue(groupees.LAISSEES)
ANNULEE = Issue(groupees.ANNULEES)


def faire(effectif_id: int, action: Action, maintenant: datetime) -> Issue:
    """Do it to one record, or nothing of it. Never raises for what a rule refuses."""
    try:
        with db.session.begin_nested():
            return _FAIRE[action.nature](effectif_id, action, maintenant)
    except Introuvable:
        return Issue(groupees.REFUSEES, "INTROUVABLE")
    except DejaLa:
        return Issue(groupees.REFUSEES, "DEJA_LA")
    except ErreurMetier as erreur:
        return Issue(groupees.REFUSEES, _code(action, erreur))


def _code(action: Action, erreur: ErreurMetier) -> str:
    if erreur.champ == "a_compter_du":
        return "AVANT_ENTREE"
    return "DATES" if action.nature in (groupees.CORRECTION, groupees.SORTIE) else "REGLE"


def _retirer(effectif_id: int, action: Action, maintenant: datetime) -> Issue:
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True, avec_corbeille=True)
    if effectif.corbeille_le is not None:
        return SANS_EFFET
    retrait = corbeille.retirer(
        effectif_id,
        motif=action.motif,
        commentaire=action.commentaire,
        demande_id=None,
        maintenant=maintenant,
    )
    return Issue(groupees.FAITES, trace_id=retrait.id)


def _restaurer(effectif_id: int, _action: Action, maintenant: datetime) -> Issue:
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True, avec_corbeille=True)
    if effectif.corbeille_le is None:
        return SANS_EFFET
    retrait = corbeille.restaurer(corbeille.en_cours(effectif_id).id, maintenant=maintenant)
    return Issue(groupees.FAITES, trace_id=retrait.id)


def _transferer(effectif_id: int, action: Action, maintenant: datetime) -> Issue:
    destination = int(action.parametres["destination"])
    if scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER).organisme_id == destination:
        return SANS_EFFET
    demande = Demande(
        destination=destination,
        a_compter_du=date.fromisoformat(action.parametres["a_compter_du"]),
        motif=action.motif,
        commentaire=action.commentaire,
    )
    return Issue(
        groupees.FAITES, trace_id=transfert.transferer(effectif_id, demande, maintenant=maintenant).id
    )


def _corriger(effectif_id: int, action: Action, maintenant: datetime) -> Issue:
    ouvert = queries.a_corriger(effectif_id, verrou=True)
    champ = groupees.champ_de(action.nature, action.parametres)
    if en_texte(getattr(ouvert.effectif, champ)) == action.parametres["valeur"]:
        return SANS_EFFET
    changes = changements.de_champs(
        ouvert,
        {champ: action.parametres["valeur"]},
        version=ouvert.effectif.version,
        jour=horloge.jour_de_paris(maintenant),
    )
    avant = next((c.id for c in ouvert.corrections if (c.champ, c.contrat_id) == (champ, None)), None)
    pourquoi = Pourquoi(motif=action.motif, commentaire=action.commentaire)
    ecrites = correction.corriger(ouvert, changes, pourquoi=pourquoi, maintenant=maintenant)
    # Nothing is written when the value only comes back to what the source says: a correction was closed instead.
    return Issue(groupees.FAITES, trace_id=ecrites[0].id if ecrites else avant)


def defaire(effectif_id: int, action: Action, trace_id: int | None, maintenant: datetime) -> Issue:
    """Undo what was done to one record; leave it when something newer stands on it."""
    if trace_id is None:
        return LAISSEE
    try:
        with db.session.begin_nested():
            return _DEFAIRE[action.nature](effectif_id, action, trace_id, maintenant)
    except (Introuvable, ErreurMetier):
        return LAISSEE


def _defaire_retrait(_effectif_id: int, _action: Action, trace_id: int, maintenant: datetime) -> Issue:
    if scope.get_or_404(Retrait, trace_id, Droit.CORRIGER).restaure_le is not None:
        return LAISSEE
    corbeille.restaurer(trace_id, maintenant=maintenant)
    return ANNULEE


def _defaire_restauration(effectif_id: int, _action: Action, trace_id: int, maintenant: datetime) -> Issue:
    """Back to the bin, with the reason that had put it there."""
    scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True)
    retrait = scope.get_or_404(Retrait, trace_id, Droit.CORRIGER)
    corbeille.retirer(
        effectif_id,
        motif=retrait.motif,
        commentaire=retrait.commentaire,
        demande_id=None,
        maintenant=maintenant,
    )
    return ANNULEE


def _defaire_transfert(_effectif_id: int, _action: Action, trace_id: int, maintenant: datetime) -> Issue:
    fait = scope.get_or_404(Transfert, trace_id, Droit.CORRIGER)
    if fait.annule_le is not None:
        return LAISSEE
    transfert.annuler(trace_id, maintenant=maintenant)
    return ANNULEE


def _defaire_correction(effectif_id: int, action: Action, trace_id: int, maintenant: datetime) -> Issue:
    ouvert = queries.a_corriger(effectif_id, verrou=True)
    champ = groupees.champ_de(action.nature, action.parametres)
    annulation = correction.annulation_de(ouvert, trace_id)
    if annulation is not None:
        correction.annuler(ouvert, annulation, maintenant=maintenant)
        return ANNULEE
    close = scope.get_or_404(Correction, trace_id, Droit.CORRIGER)
    en_vigueur = any((c.champ, c.contrat_id) == (champ, None) for c in ouvert.corrections)
    intacte = en_texte(getattr(ouvert.effectif, champ)) == action.parametres["valeur"]
    if close.valeur == action.parametres["valeur"] or en_vigueur or not intacte:
        return LAISSEE
    changes = changements.de_champs(
        ouvert,
        {champ: close.valeur},
        version=ouvert.effectif.version,
        jour=horloge.jour_de_paris(maintenant),
    )
    pourquoi = Pourquoi(motif=close.motif, commentaire=close.commentaire, demande_id=close.demande_id)
    correction.corriger(ouvert, changes, pourquoi=pourquoi, maintenant=maintenant)
    return ANNULEE


_FAIRE = {
    groupees.RETRAIT: _retirer,
    groupees.RESTAURATION: _restaurer,
    groupees.TRANSFERT: _transferer,
    groupees.CORRECTION: _corriger,
    groupees.SORTIE: _corriger,
}
_DEFAIRE = {
    groupees.RETRAIT: _defaire_retrait,
    groupees.RESTAURATION: _defaire_restauration,
    groupees.TRANSFERT: _defaire_transfert,
    groupees.CORRECTION: _defaire_correction,
    groupees.SORTIE: _defaire_correction,
}
