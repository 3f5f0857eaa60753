"""Settling a conflict ("l’ERP dit autre chose"): keep mine, accept theirs, or say a third thing (decision 17).

Accepting theirs is undoing the correction (`correction.annuler`); a third value is another correction
(`correction.corriger`). Keeping mine is said again, facing what the source says now: the history tells who kept it.
"""

from datetime import datetime

from tdba import abonnes
from tdba.effectifs import correction, motifs
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.models import Correction
from tdba.effectifs.queries import Ouvert


def garder(
    ouvert: Ouvert, en_conflit: Correction, *, demande_id: int | None, maintenant: datetime
) -> Correction:
    """Keep the corrected value against the one the source sends: the same sending no longer contradicts it."""
    dite = en_conflit.valeur_conflit
    contrat = next((c for c in ouvert.contrats if c.id == en_conflit.contrat_id), None)
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    correction.clore(ouvert, en_conflit, "REMPLACEE", maintenant)
    gardee = correction.inscrire(
        ouvert,
        en_conflit.champ,
        contrat,
        (en_conflit.valeur, dite, dite),
        pourquoi=Pourquoi(motif=motifs.GARDEE, demande_id=demande_id),
        maintenant=maintenant,
    )
    correction.actualiser(ouvert, {en_conflit.champ}, maintenant)
    return gardee
