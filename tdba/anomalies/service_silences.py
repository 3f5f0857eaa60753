"""Silencing one check on one record, with a reason, and lifting the silence. Callers commit.

A silence lasts until somebody lifts it, whatever the source sends again. What makes figures wrong is never silenced: it
would hide a wrong figure from those who read it (decisions 5 and 8).
"""

from tdba import horloge, journal, scope
from tdba.anomalies import catalogue, queries, service
from tdba.anomalies.models import AnomalieTue
from tdba.anomalies.motifs import COMMENTAIRE_MAX, MOTIFS
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.scope import Introuvable
from tdba.textes import refus_de_texte_libre


def taire(effectif: Effectif, code: str, *, motif: str, commentaire: str | None = None) -> bool:
    """Silence one check on a record opened with its lock. False when it already was. Raises ErreurMetier."""
    verifier(code)
    _verifier_pourquoi(motif, commentaire or "")
    if queries.silence_en_cours(effectif.id, code) is not None:
        return False
    db.session.add(
        AnomalieTue(
            effectif_id=effectif.id,
            organisme_id=effectif.organisme_id,
            annee_scolaire=effectif.annee_scolaire,
            code=code,
            motif=motif,
            commentaire=commentaire or None,
            personne_id=scope.courant().personne_id,
            cree_le=horloge.maintenant(),
        )
    )
    db.session.flush()
    service.controler([effectif.id])
    journal.consigner(
        "anomalie.tue",
        organisme_id=effectif.organisme_id,
        objet=("effectif", effectif.id),
        code=code,
        motif=motif,
    )
    return True


def lever(effectif: Effectif, code: str) -> bool:
    """Lift the silence of one check on a record opened with its lock. False when there is none."""
    silence = queries.silence_en_cours(effectif.id, code)
    if silence is None:
        return False
    silence.levee_le = horloge.maintenant()
    db.session.flush()
    service.controler([effectif.id])
    journal.consigner(
        "anomalie.relevee", organisme_id=effectif.organisme_id, objet=("effectif", effectif.id), code=code
    )
    return True


def verifier(code: str) -> None:
    """Raise Introuvable for a check that does not exist, ErreurMetier for one that is never silenced."""
    if code not in catalogue.CATALOGUE:
        raise Introuvable
    if not catalogue.se_tait(code):
        raise ErreurMetier(
            "Ce point fausse les chiffres : il reste affiché tant que sa cause n’est pas corrigée."
        )


def _verifier_pourquoi(motif: str, commentaire: str) -> None:
    if motif not in MOTIFS:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    if motif == "AUTRE" and not commentaire:
        raise ErreurMetier("Précisez la raison en quelques mots.", champ="commentaire")
    refus = refus_de_texte_libre(commentaire, COMMENTAIRE_MAX)
    if refus is not None:
        raise ErreurMetier(refus, champ="commentaire")
