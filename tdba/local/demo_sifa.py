"""Answers of the demo to the SIFA survey: most of what the school's software left out, so that the campaign is under way.

Answers are invented and ordinary: nothing is said of a disability here, only the software says it.
"""

from typing import Final

from tdba.effectifs import a_part
from tdba.local.demo_gestes import Visite
from tdba.sifa import calendrier, queries, service
from tdba.sifa.queries import Dossier

LAISSEES_UNE_SUR: Final = 3
"""Of the records that are not complete: those left for the visitor."""
_REPONSES: Final = {
    "commune_naissance": ("35238", "22278", "29232", "56260", "35288"),
    "derniere_situation": ("1021", "3101", "3003"),
    "dernier_organisme": ("035", "022", "029"),
    "nationalite": ("1", "1", "1", "2", "3"),
    "regime": ("D", "E", "I"),
    "situation_avant": ("11", "31", "21"),
    "dernier_diplome": ("03", "04", "01"),
}


def repondre(visite: Visite) -> None:
    """Answer for two incomplete records in three of the main site; nothing when the survey is not prepared here."""
    if not a_part.attendu():
        return
    annee = calendrier.reference(visite.jour).year
    incomplets = [d for d in queries.dossiers(visite.sites["DUN"], annee) if not d.complet]
    for rang, dossier in enumerate(incomplets):
        if rang % LAISSEES_UNE_SUR:
            service.repondre(
                dossier.effectif_id, reponses_a(dossier, rang), dossier.personne.version, visite.maintenant
            )


def reponses_a(dossier: Dossier, rang: int) -> dict[str, str | None]:
    """An answer to each question that this record leaves open, among those that the demo answers."""
    return {
        question: _REPONSES[question][rang % len(_REPONSES[question])]
        for question in dossier.questions
        if question in _REPONSES
    }
