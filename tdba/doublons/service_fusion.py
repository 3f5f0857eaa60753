"""Merging two records of one person: corrections on the one kept, the other one put aside, nothing erased (issue 5).

All in one transaction, both records locked in the order of their ids. Callers commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.doublons import choix, queries, service, suivi
from tdba.doublons.alignement import FUSIONNE, OUVERT
from tdba.doublons.choix import Comparaison, Voulu
from tdba.doublons.models import Doublon, Fusion
from tdba.effectifs import (
    champs_corriges,
    contrats_manuels,
    corbeille,
    correction,
    effet,
    motifs,
    motifs_gestes,
)
from tdba.effectifs import queries as fiches
from tdba.effectifs.changements import Changement, VersionPerimee
from tdba.effectifs.consequence import Consequence
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.models_gestes import Retrait
from tdba.effectifs.queries import Ouvert
from tdba.errors import ErreurMetier
from tdba.points import service as points
from tdba.scope import Introuvable


class Face(NamedTuple):
    """Two records opened side by side."""

    doublon: Doublon
    a: Ouvert
    b: Ouvert
    comparaison: Comparaison

    def de(self, cote: str) -> Ouvert:
        return self.a if cote == "a" else self.b


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """What a person chose. `choix`: row → side; `versions`: of the two records, as they were read."""

    garder: str
    choix: Mapping[str, str]
    versions: tuple[int, int]
    demande_id: int | None = None


def ouvrir(doublon_id: int, *, verrou: bool = False) -> Face:
    """Open both records of a pair. Raises Introuvable. With `verrou`, records are locked before the pair is read again.

    Whoever corrects a record holds it before its pairs: the same order here, or the two would wait for each other.
    """
    doublon = queries.paire(doublon_id)
    a = fiches.a_corriger(doublon.effectif_id, verrou=verrou)
    b = fiches.a_corriger(doublon.autre_id, verrou=verrou)
    if verrou:
        doublon = queries.paire(doublon_id, verrou=True)
    return Face(doublon, a, b, choix.comparer(a.effectif, b.effectif, a.contrats, b.contrats))


def apercu(face: Face, demande: Demande, jour: date) -> Consequence:
    """What the record kept becomes, computed before anything is written. Raises ErreurMetier, as merging would."""
    garde = face.de(demande.garder)
    voulu = choix.vouloir(face.comparaison, demande.garder, demande.choix)
    suivi.exiger(face.a.effectif.organisme_id, face.b.effectif.organisme_id)
    _verifier_dates(garde, voulu, jour)
    changements = _changements(voulu)
    for ajout in voulu.ajouts:
        nouveau = contrats_manuels.brouillon(garde)
        changements.append(Changement("contrat", nouveau, "AJOUT"))
        changements += [Changement(champ, nouveau, valeur) for champ, valeur in _valeurs(ajout).items()]
    return effet.effet(garde, changements, jour)


def fusionner(doublon_id: int, demande: Demande, *, maintenant: datetime) -> Fusion:
    """Merge. Already done: the merge in force (a form sent twice). Raises Introuvable, VersionPerimee, ErreurMetier."""
    deja = queries.fusion_de(doublon_id)
    if deja is not None:
        return deja
    try:
        face = ouvrir(doublon_id, verrou=True)
    except Introuvable:
        if (faite := queries.fusion_de(doublon_id)) is not None:  # by the same form, while this one waited
            return faite
        raise
    _verifier(face, demande)
    suivi.exiger(face.a.effectif.organisme_id, face.b.effectif.organisme_id)
    garde, absorbe = face.de(demande.garder), face.de(choix.autre(demande.garder))
    voulu = choix.vouloir(face.comparaison, demande.garder, demande.choix)
    _verifier_dates(garde, voulu, horloge.jour_de_paris(maintenant))
    face.doublon.etat, face.doublon.maj_le = FUSIONNE, maintenant
    face.doublon.personne_id = scope.courant().personne_id
    db.session.flush()
    points.clore(service.GENRE, face.doublon.organisme_id, str(face.doublon.id))
    ecrites, closes = _corriger(garde, voulu, demande, maintenant)
    deplace = suivi.deplacer(garde.effectif, absorbe.effectif)
    retrait = corbeille.retirer(
        absorbe.effectif.id,
        motif=motifs_gestes.MOTIF_FUSION,
        commentaire=None,
        demande_id=demande.demande_id,
        maintenant=maintenant,
    )
    fusion = _inscrire(face.doublon, garde, absorbe, retrait, maintenant)
    fusion.correction_ids, fusion.deplace = ecrites, deplace | {"closes": closes}
    db.session.flush()
    journal.consigner(
        "doublon.fusionne",
        organisme_id=fusion.organisme_id,
        objet=("effectif", fusion.effectif_id),
        fusion_id=fusion.id,
        absorbe_id=fusion.absorbe_id,
        champs=sorted(voulu.champs) + sorted({champ for _, champ, _ in voulu.contrats}),
        contrats=len(voulu.ajouts),
    )
    return fusion


def refuser_la_restauration(retrait: Retrait) -> None:
    """Guard of the bin: a record absorbed by a merge comes back by undoing the merge, which undoes the rest too.

    Whoever does not reach the record kept does not see the merge: its reason on the withdrawal is enough to refuse.
    """
    if retrait.motif == motifs_gestes.MOTIF_FUSION and not queries.retrait_rendu(retrait.id):
        raise ErreurMetier(
            "Cette fiche a été fusionnée avec une autre. Annulez la fusion : elle reviendra telle qu’elle était."
        )


def _verifier(face: Face, demande: Demande) -> None:
    if face.doublon.etat != OUVERT:
        raise ErreurMetier(
            "Ces deux fiches ne sont plus à comparer : quelqu’un l’a dit, ou elles ont changé."
        )
    if (face.a.effectif.version, face.b.effectif.version) != demande.versions:
        raise VersionPerimee


def _verifier_dates(garde: Ouvert, voulu: Voulu, jour: date) -> None:
    """Dates taken from two records must still stand together."""
    dates = {c: voulu.champs.get(c, getattr(garde.effectif, c)) for c in champs_corriges.DATES}
    refus = champs_corriges.refus_de_dates(dates, changes=set(voulu.champs), jour=jour)
    if refus is not None:
        raise ErreurMetier(refus.phrase)


def _changements(voulu: Voulu) -> list[Changement]:
    champs = [Changement(champ, None, valeur) for champ, valeur in voulu.champs.items()]
    return champs + [Changement(champ, contrat, valeur) for contrat, champ, valeur in voulu.contrats]


def _valeurs(contrat: Any) -> dict[str, Any]:
    valeurs = {champ: getattr(contrat, champ) for champ in choix.D_UN_AJOUT}
    return {champ: valeur for champ, valeur in valeurs.items() if valeur is not None}


def _corriger(
    garde: Ouvert, voulu: Voulu, demande: Demande, maintenant: datetime
) -> tuple[list[int], list[int]]:
    """Write the values taken from the other record. Returns the corrections written, and those closed without another.

    A value that is what the source of the kept record says only closes the correction in force: undoing opens it again.
    """
    pourquoi = Pourquoi(motif=motifs.FUSION, demande_id=demande.demande_id)
    changements = _changements(voulu)
    remplacees = [correction.en_vigueur(garde, c.champ, c.contrat) for c in changements]
    ecrites = (
        correction.corriger(garde, changements, pourquoi=pourquoi, maintenant=maintenant)
        if changements
        else []
    )
    closes = [c.id for c in remplacees if c is not None and c.etat == "ANNULEE"]
    for ajout in voulu.ajouts:
        ecrites += contrats_manuels.ajouter(garde, _valeurs(ajout), pourquoi=pourquoi, maintenant=maintenant)
    return [c.id for c in ecrites], closes


def _inscrire(
    doublon: Doublon, garde: Ouvert, absorbe: Ouvert, retrait: Retrait, maintenant: datetime
) -> Fusion:
    acteur = scope.courant()
    fusion = Fusion(
        doublon_id=doublon.id,
        effectif_id=garde.effectif.id,
        organisme_id=garde.effectif.organisme_id,
        absorbe_id=absorbe.effectif.id,
        absorbe_organisme_id=absorbe.effectif.organisme_id,
        annee_scolaire=garde.effectif.annee_scolaire,
        retrait_id=retrait.id,
        personne_id=acteur.personne_id,
        habilitation_id=acteur.habilitation_id,
        cree_le=maintenant,
    )
    db.session.add(fusion)
    return fusion
