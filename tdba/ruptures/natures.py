"""The kinds of steps taken with a youth, their results, and their words. Pure; the same words everywhere.

Codes are stored: they never change.
"""

from collections.abc import Mapping
from typing import Final

NATURES: Final[Mapping[str, str]] = {
    "APPEL": "Appel",
    "MESSAGE": "Message ou courriel",
    "ENTRETIEN": "Entretien",
    "EMPLOYEUR_TROUVE": "Employeur trouvé",
    "OFFRES_ENVOYEES": "Offres envoyées",
    "CANDIDATURE": "Candidatures déclarées par le jeune",
    "REPONSE": "Réponses d’employeurs",
    "RDV_FORMATION": "Rendez-vous demandé dans une formation",
    "MEDIATION": "Médiation",
    "ORIENTATION": "Orientation vers un partenaire",
    "MISSION_LOCALE": "Orientation vers la mission locale",
    "FRANCE_TRAVAIL": "Orientation vers France Travail",
    "AUTRE_CFA": "Orientation vers un autre CFA",
    "RETOUR_ECOLE": "Retour en voie scolaire",
    "ARRET": "Arrêt de la formation",
    "AUTRE": "Autre démarche",
}
"""Code → words, in the order of the form."""

RESULTATS: Final[Mapping[str, str]] = {
    "JOINT": "Joint",
    "SANS_REPONSE": "Sans réponse",
    "RENDEZ_VOUS": "Rendez-vous pris",
    "POSITIVE": "Réponse favorable",
    "NEGATIVE": "Réponse défavorable",
}
DENOMBREES: Final = frozenset({"OFFRES_ENVOYEES", "CANDIDATURE", "REPONSE"})
"""Kinds that may count several at once (how many offers, applications, answers)."""


def en_mots(nature: str, resultat: str | None = None, nombre: int | None = None) -> str:
    """A step in a few words, in lower case: « appel, sans réponse », « offres envoyées (3) »."""
    mots = NATURES[nature][0].lower() + NATURES[nature][1:]
    mots += f" ({nombre})" if nombre else ""
    return f"{mots}, {RESULTATS[resultat].lower()}" if resultat else mots
