"""Correcting a record, and undoing it exactly (decisions 6, 17, 18).

The record is locked and opened by `queries.a_corriger`; everything happens in the transaction of the request: values,
history, parcours, what subscribers keep (rupture files, figures) and the journal. The caller commits. `ouvert` is kept
true to what is written, so that several corrections may follow one another on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from tdba import abonnes, journal, scope
from tdba.db import db
from tdba.effectifs import derives, parcours, queries, sources, valeurs
from tdba.effectifs.changements import Changement, VersionPerimee
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.effectifs.motifs import COMMENTAIRE_MAX, TOUS
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.source_json import charger
from tdba.effectifs.valeurs import CorrectionVue, EtatCorrection
from tdba.errors import ErreurMetier
from tdba.textes import refus_de_texte_libre

__all__ = ["Annulation", "Changement", "Pourquoi", "VersionPerimee", "annulation_de", "annuler", "corriger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pourquoi:
    """The reason given for a correction, and the support case under which it is made, if any."""

    motif: str
    commentaire: str | None = None
    demande_id: int | None = None


def corriger(
    ouvert: Ouvert, changements: Sequence[Changement], *, pourquoi: Pourquoi, maintenant: datetime
) -> list[Correction]:
    """Write the corrections of a record opened with its lock, and everything that follows from them.

    Returns the rows written: none for a field that only came back to what its source says.
    """
    verifier(pourquoi)
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    ecrites = [
        ecrite
        for changement in changements
        if (ecrite := poser(ouvert, changement, pourquoi, maintenant)) is not None
    ]
    actualiser(ouvert, {changement.champ for changement in changements}, maintenant)
    return ecrites


def verifier(pourquoi: Pourquoi) -> None:
    """Refuse a reason that is not on the lists, or a text that may not be kept."""
    if pourquoi.motif not in TOUS:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    texte = pourquoi.commentaire or ""
    if pourquoi.motif == "AUTRE" and not texte:
        raise ErreurMetier("Précisez la raison en quelques mots.", champ="commentaire")
    refus = refus_de_texte_libre(texte, COMMENTAIRE_MAX)
    if refus is not None:
        raise ErreurMetier(refus, champ="commentaire")


def poser(
    ouvert: Ouvert, changement: Changement, pourquoi: Pourquoi, maintenant: datetime
) -> Correction | None:
    """Write one field. Coming back to what the source says only closes the correction that was in force."""
    champ, contrat, nouvelle = changement
    ancienne = en_vigueur(ouvert, champ, contrat)
    cible = contrat or ouvert.effectif
    avant, valeur = valeurs.en_texte(getattr(cible, champ)), valeurs.en_texte(nouvelle)
    dite = source_dit(ouvert, champ, contrat)
    retour = ancienne is not None and valeur == dite
    if ancienne is not None:
        clore(ouvert, ancienne, "ANNULEE" if retour else "REMPLACEE", maintenant)
    setattr(cible, champ, nouvelle)
    if ancienne is not None and retour:
        consigner("effectif.correction_annulee", ouvert.effectif, champ=champ, correction_id=ancienne.id)
        return None
    return inscrire(ouvert, champ, contrat, (valeur, avant, dite), pourquoi=pourquoi, maintenant=maintenant)


def inscrire(
    ouvert: Ouvert,
    champ: str,
    contrat: Contrat | None,
    dits: tuple[str | None, str | None, str | None],
    *,
    pourquoi: Pourquoi,
    maintenant: datetime,
) -> Correction:
    """Add a correction in force. `dits`: the value, the one it replaces, the one the source says."""
    acteur, effectif = scope.courant(), ouvert.effectif
    valeur, avant, dite = dits
    correction = Correction(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        contrat_id=contrat.id if contrat else None,
        annee_scolaire=effectif.annee_scolaire,
        champ=champ,
        valeur=valeur,
        valeur_avant=avant,
        valeur_source=dite,
        motif=pourquoi.motif,
        commentaire=pourquoi.commentaire or None,
        personne_id=acteur.personne_id,
        habilitation_id=acteur.habilitation_id,
        demande_id=pourquoi.demande_id,
        cree_le=maintenant,
        etat="ACTIVE",
    )
    db.session.add(correction)
    db.session.flush()
    ouvert.corrections.append(correction)
    consigner("effectif.corrige", effectif, champ=champ, correction_id=correction.id, motif=pourquoi.motif)
    return correction


def source_dit(ouvert: Ouvert, champ: str, contrat: Contrat | None) -> str | None:
    """What the source of the record says now of a field, as text."""
    ancienne = en_vigueur(ouvert, champ, contrat)
    connue = (
        sources.CorrectionConnue(ancienne.etat, ancienne.valeur_source, ancienne.valeur_conflit)
        if ancienne
        else None
    )
    dites = None if ouvert.valeurs_source is None else charger(ouvert.valeurs_source)
    if contrat is None:
        return sources.dite_effectif(champ, dites, connue, getattr(ouvert.effectif, champ))
    dit = sources.contrat_dit(
        sources.contrats_dits(dites or {}), rang=contrat.rang, debut_source=contrat.debut_source
    )
    return sources.dite_contrat(champ, dit, connue, getattr(contrat, champ, None))


def en_vigueur(ouvert: Ouvert, champ: str, contrat: Contrat | None) -> Correction | None:
    """The correction in force of a field, if any."""
    contrat_id = contrat.id if contrat else None
    return next((c for c in ouvert.corrections if (c.champ, c.contrat_id) == (champ, contrat_id)), None)


def clore(ouvert: Ouvert, correction: Correction, etat: str, maintenant: datetime) -> None:
    """Close, and tell PostgreSQL at once: one correction in force per field is an index."""
    correction.etat, correction.close_le = etat, maintenant
    db.session.flush()
    ouvert.corrections.remove(correction)


class Annulation(NamedTuple):
    """What undoing a correction puts back, and the former correction that comes back in force with it."""

    changement: Changement
    correction: Correction
    retablie: Correction | None
    empechement: str | None = None
    """Why it cannot be undone now, and what to do first."""


def annulation_de(ouvert: Ouvert, correction_id: int) -> Annulation | None:
    """What undoing would put back; None when the correction is already closed.

    A correction in conflict gives way to what the source sends now. Another gives back what it replaced: the source's
    value, or the correction made before it. Undoing the start of a contract added by hand takes the contract away.
    """
    correction = next((c for c in ouvert.corrections if c.id == correction_id), None)
    if correction is None:
        return None
    contrat = next((c for c in ouvert.contrats if c.id == correction.contrat_id), None)
    ajout = en_vigueur(ouvert, "contrat", contrat) if contrat is not None else None
    if correction is ajout:
        return _retrait(ouvert, correction, contrat)
    retablie = None
    texte = correction.valeur_conflit
    if correction.etat != "CONFLIT":
        texte = correction.valeur_avant
        anciennes = queries.remplacees(
            ouvert.effectif.id, correction.champ, correction.contrat_id, correction.cree_le
        )
        retablie = next((c for c in anciennes if c.id < correction.id and c.valeur == texte), None)
    if ajout is not None and correction.champ == "debut" and texte is None:
        return _retrait(ouvert, ajout, contrat)
    valeur = valeurs.depuis_texte(correction.champ, texte)
    return Annulation(Changement(correction.champ, contrat, valeur), correction, retablie)


def _retrait(ouvert: Ouvert, ajout: Correction, contrat: Contrat | None) -> Annulation:
    """Undo the addition of a contract, unless something else of it was corrected since."""
    depuis = [c for c in ouvert.corrections if c.contrat_id == ajout.contrat_id and c.cree_le > ajout.cree_le]
    phrase = "Ce contrat ajouté ici a été corrigé depuis. Annulez d’abord ces corrections, de la dernière à la première."
    return Annulation(Changement("contrat", contrat, None), ajout, None, phrase if depuis else None)


def annuler(ouvert: Ouvert, annulation: Annulation | Sequence[int], *, maintenant: datetime) -> list[int]:
    """Undo corrections of a record opened with its lock, and everything that follows from it.

    `annulation`: one, as it was shown; or the ids of several, undone from the last to the first. Returns the ids undone:
    a correction closed since, or one that cannot be undone any more, is left as it is.
    """
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    defaites, champs = [], set()
    if isinstance(annulation, Annulation):
        _defaire(ouvert, annulation, maintenant)
        defaites, champs = [annulation.correction.id], {annulation.changement.champ}
    else:
        for correction_id in sorted(annulation, reverse=True):
            une = annulation_de(ouvert, correction_id)
            if une is not None and une.empechement is None:
                _defaire(ouvert, une, maintenant)
                defaites.append(correction_id)
                champs.add(une.changement.champ)
    actualiser(ouvert, champs, maintenant)
    return defaites


def _defaire(ouvert: Ouvert, annulation: Annulation, maintenant: datetime) -> None:
    (champ, contrat, valeur), correction, retablie, empechement = annulation
    if empechement is not None:
        raise ErreurMetier(empechement)
    if champ == "contrat" and contrat is not None:
        retirer(ouvert, contrat, maintenant)
        return
    dite = source_dit(ouvert, champ, contrat)
    clore(ouvert, correction, "ANNULEE", maintenant)
    setattr(contrat or ouvert.effectif, champ, valeur)
    if retablie is not None:
        _retablir(ouvert, retablie, dite, maintenant)
    consigner("effectif.correction_annulee", ouvert.effectif, champ=champ, correction_id=correction.id)


def retirer(ouvert: Ouvert, contrat: Contrat, maintenant: datetime) -> None:
    """Take away a contract that no source sends; its corrections stay, closed."""
    for correction in [c for c in ouvert.corrections if c.contrat_id == contrat.id]:
        clore(ouvert, correction, "ANNULEE", maintenant)
        consigner(
            "effectif.correction_annulee",
            ouvert.effectif,
            champ=correction.champ,
            correction_id=correction.id,
        )
    ouvert.contrats.remove(contrat)
    db.session.delete(contrat)
    db.session.flush()


def _retablir(ouvert: Ouvert, correction: Correction, dite: str | None, maintenant: datetime) -> None:
    """Put a replaced correction back in force, facing what the source says today."""
    vue = CorrectionVue(correction.id, correction.champ, correction.valeur, correction.valeur_source)
    arbitrage = valeurs.arbitrer(vue, dite)
    correction.etat, correction.valeur_conflit = arbitrage.etat.value, arbitrage.valeur_conflit
    rejointe = arbitrage.etat is EtatCorrection.REJOINTE
    correction.close_le = maintenant if rejointe else None
    if not rejointe:
        ouvert.corrections.append(correction)
    db.session.flush()


def actualiser(ouvert: Ouvert, champs: set[str], maintenant: datetime) -> None:
    """What depends on the values: search text, formation and place, version, parcours, and those who follow parcours."""
    effectif = ouvert.effectif
    for nom, valeur in derives.completees(ouvert, champs).items():
        setattr(effectif, nom, valeur)
    effectif.recherche = valeurs.recherche(effectif.nom, effectif.prenom)
    effectif.version += 1
    effectif.maj_le = maintenant
    effectif.corrige = bool(ouvert.corrections)
    db.session.flush()
    parcours.recalculer([effectif.id])
    db.session.expire(effectif)
    abonnes.annoncer("apres_parcours", [effectif.id])


def consigner(evenement: str, effectif: Effectif, **details: Any) -> None:
    """Note what was done in the journal: names of fields and ids, never a value (decision 34)."""
    journal.consigner(
        evenement, organisme_id=effectif.organisme_id, objet=("effectif", effectif.id), **details
    )
