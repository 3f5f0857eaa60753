"""Correcting a record, and undoing it exactly (decisions 6, 17, 18).

The record is locked and opened by `queries.a_corriger`; everything happens in the transaction of the request: values,
history, parcours, what subscribers keep (rupture files, figures) and the journal. The route commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from tdba import abonnes, journal, scope
from tdba.db import db
from tdba.effectifs import controles, parcours, queries, sources, valeurs
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.effectifs.motifs import COMMENTAIRE_MAX, MOTIFS
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.source_json import charger
from tdba.effectifs.statuts import ContratDates
from tdba.effectifs.valeurs import CorrectionVue, EtatCorrection
from tdba.errors import ErreurMetier
from tdba.textes import ressemble_a_un_nir


class VersionPerimee(Exception):
    """The record changed since the form was opened: the person sees both values and chooses (decision 18)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pourquoi:
    """The reason given for a correction, and the support case under which it is made, if any."""

    motif: str
    commentaire: str | None = None
    demande_id: int | None = None


class Changement(NamedTuple):
    """One field and its new value; `contrat` None: a field of the record itself."""

    champ: str
    contrat: Contrat | None
    valeur: Any


def dates_de(contrat: Contrat) -> ContratDates:
    """The dates of a contract as the rules of statuses take them."""
    return ContratDates(contrat.debut, contrat.fin, contrat.rupture)


def changements_de_contrat(
    ouvert: Ouvert, contrat: Contrat, dates: ContratDates, *, version: int, jour: date
) -> list[Changement]:
    """What these dates would change, checked. Empty when it is already done (a form sent twice).

    Raises ErreurMetier for refused dates, or dates that change nothing; VersionPerimee.
    """
    avant = dates_de(contrat)
    changes = [
        Changement(champ, contrat, nouvelle)
        for champ, nouvelle, ancienne in zip(controles.CHAMPS, dates, avant, strict=True)
        if nouvelle != ancienne
    ]
    if not _a_faire(ouvert, changes, version, "Ces dates sont déjà celles de la fiche : rien ne changerait."):
        return []
    refus = controles.refus_de_contrat(
        dates,
        avant=avant,
        autres=[dates_de(autre) for autre in ouvert.contrats if autre is not contrat],
        fin_de_session=ouvert.effectif.date_fin,
        jour=jour,
    )
    if refus is not None:
        raise ErreurMetier(refus.phrase, champ=refus.champ)
    return changes


def changements_de_nom(ouvert: Ouvert, champ: str, texte: str, *, version: int) -> list[Changement]:
    """What this name would change, checked; same answers as `changements_de_contrat`. The form field is `valeur`."""
    propre = controles.nom_propre(champ, texte)
    if refus := controles.refus_de_nom(propre):
        raise ErreurMetier(refus, champ="valeur")
    ancienne = getattr(ouvert.effectif, champ)
    changes = [Changement(champ, None, propre)] if propre != ancienne else []
    return changes if _a_faire(ouvert, changes, version, "C’est déjà le nom de la fiche.") else []


def _a_faire(ouvert: Ouvert, changes: Sequence[Changement], version: int, phrase: str) -> bool:
    perimee = version != ouvert.effectif.version
    if changes and perimee:
        raise VersionPerimee
    if not changes and not perimee:
        raise ErreurMetier(phrase)
    return bool(changes)


def corriger(
    ouvert: Ouvert, changements: Sequence[Changement], *, pourquoi: Pourquoi, maintenant: datetime
) -> None:
    """Write the corrections of a record opened with its lock, and everything that follows from them."""
    _verifier(pourquoi)
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    for changement in changements:
        _poser(ouvert, changement, pourquoi, maintenant)
    _actualiser(ouvert.effectif, maintenant)


def _verifier(pourquoi: Pourquoi) -> None:
    if pourquoi.motif not in MOTIFS:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    texte = pourquoi.commentaire or ""
    if pourquoi.motif == "AUTRE" and not texte:
        raise ErreurMetier("Précisez la raison en quelques mots.", champ="commentaire")
    if len(texte) > COMMENTAIRE_MAX:
        raise ErreurMetier(
            f"Ce texte est trop long : {COMMENTAIRE_MAX} caractères au plus.", champ="commentaire"
        )
    if ressemble_a_un_nir(texte):
        raise ErreurMetier(
            "Ce texte contient ce qui ressemble à un numéro de sécurité sociale. Retirez-le : il ne doit pas être "
            "conservé ici.",
            champ="commentaire",
        )


def _poser(ouvert: Ouvert, changement: Changement, pourquoi: Pourquoi, maintenant: datetime) -> None:
    """Write one field. Coming back to what the source says only closes the correction that was in force."""
    effectif, (champ, contrat, nouvelle) = ouvert.effectif, changement
    cible = contrat or effectif
    ancienne = _en_vigueur(ouvert, champ, contrat)
    avant, valeur = valeurs.en_texte(getattr(cible, champ)), valeurs.en_texte(nouvelle)
    dite = source_dit(ouvert, champ, contrat)
    retour = ancienne is not None and valeur == dite
    if ancienne is not None:
        _clore(ancienne, "ANNULEE" if retour else "REMPLACEE", maintenant)
    setattr(cible, champ, nouvelle)
    if ancienne is not None and retour:
        _consigner("effectif.correction_annulee", effectif, champ=champ, correction_id=ancienne.id)
        return
    acteur = scope.courant()
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
    )
    db.session.add(correction)
    db.session.flush()
    _consigner("effectif.corrige", effectif, champ=champ, correction_id=correction.id, motif=pourquoi.motif)


def source_dit(ouvert: Ouvert, champ: str, contrat: Contrat | None) -> str | None:
    """What the source of the record says now of a field, as text."""
    ancienne = _en_vigueur(ouvert, champ, contrat)
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
    return sources.dite_contrat(champ, dit, connue, getattr(contrat, champ))


def _en_vigueur(ouvert: Ouvert, champ: str, contrat: Contrat | None) -> Correction | None:
    contrat_id = contrat.id if contrat else None
    return next((c for c in ouvert.corrections if (c.champ, c.contrat_id) == (champ, contrat_id)), None)


def _clore(correction: Correction, etat: str, maintenant: datetime) -> None:
    """Close, and tell PostgreSQL at once: one correction in force per field is an index."""
    correction.etat, correction.close_le = etat, maintenant
    db.session.flush()


class Annulation(NamedTuple):
    """What undoing a correction puts back, and the former correction that comes back in force with it."""

    changement: Changement
    correction: Correction
    retablie: Correction | None


def annulation_de(ouvert: Ouvert, correction_id: int) -> Annulation | None:
    """What undoing would put back; None when the correction is already closed.

    A correction in conflict gives way to what the source sends now. Another gives back what it replaced: the source's
    value, or the correction made before it.
    """
    correction = next((c for c in ouvert.corrections if c.id == correction_id), None)
    if correction is None:
        return None
    contrat = next((c for c in ouvert.contrats if c.id == correction.contrat_id), None)
    retablie = None
    texte = correction.valeur_conflit
    if correction.etat != "CONFLIT":
        texte = correction.valeur_avant
        anciennes = queries.remplacees(
            ouvert.effectif.id, correction.champ, correction.contrat_id, correction.cree_le
        )
        retablie = next((c for c in anciennes if c.id < correction.id and c.valeur == texte), None)
    valeur = valeurs.depuis_texte(correction.champ, texte)
    return Annulation(Changement(correction.champ, contrat, valeur), correction, retablie)


def annuler(ouvert: Ouvert, annulation: Annulation, *, maintenant: datetime) -> None:
    """Undo a correction of a record opened with its lock, and everything that follows from it."""
    (champ, contrat, valeur), correction, retablie = annulation
    dite = source_dit(ouvert, champ, contrat)
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    _clore(correction, "ANNULEE", maintenant)
    setattr(contrat or ouvert.effectif, champ, valeur)
    if retablie is not None:
        _retablir(retablie, dite, maintenant)
    _consigner("effectif.correction_annulee", ouvert.effectif, champ=champ, correction_id=correction.id)
    _actualiser(ouvert.effectif, maintenant)


def _retablir(correction: Correction, dite: str | None, maintenant: datetime) -> None:
    """Put a replaced correction back in force, facing what the source says today."""
    vue = CorrectionVue(correction.id, correction.champ, correction.valeur, correction.valeur_source)
    arbitrage = valeurs.arbitrer(vue, dite)
    correction.etat, correction.valeur_conflit = arbitrage.etat.value, arbitrage.valeur_conflit
    correction.close_le = maintenant if arbitrage.etat is EtatCorrection.REJOINTE else None
    db.session.flush()


def _actualiser(effectif: Effectif, maintenant: datetime) -> None:
    """What depends on the values: search text, version, parcours, and those who follow parcours."""
    effectif.recherche = valeurs.recherche(effectif.nom, effectif.prenom)
    effectif.version += 1
    effectif.maj_le = maintenant
    db.session.flush()
    effectif.corrige = bool(queries.corrections_en_vigueur(effectif.id))
    db.session.flush()
    parcours.recalculer([effectif.id])
    db.session.expire(effectif)
    abonnes.annoncer("apres_parcours", [effectif.id])


def _consigner(evenement: str, effectif: Effectif, **details: Any) -> None:
    journal.consigner(
        evenement, organisme_id=effectif.organisme_id, objet=("effectif", effectif.id), **details
    )
