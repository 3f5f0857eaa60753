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
    "RELAIS": "Dossier confié à un collègue",
}
"""Code → words, in the order of the form."""

RELAIS: Final = "RELAIS"
"""Written by the hand-over itself with its word: no form offers it, and it is no contact with the youth."""
PROPOSEES: Final[Mapping[str, str]] = {code: mots for code, mots in NATURES.items() if code != RELAIS}
"""Those that the form offers."""

RESULTATS: Final[Mapping[str, str]] = {
    "JOINT": "Joint",
    "SANS_REPONSE": "Sans réponse",
    "RENDEZ_VOUS": "Rendez-vous pris",
    "POSITIVE": "Réponse favorable",
    "NEGATIVE": "Réponse défavorable",
}
CONTACTS: Final = ("JOINT", "SANS_REPONSE", "RENDEZ_VOUS")
"""How a contact ended: of any kind of step."""
REPONSES: Final = ("POSITIVE", "NEGATIVE")
"""What somebody answered: only of the kinds below."""
A_REPONSE: Final = frozenset({"REPONSE", "RDV_FORMATION", "CANDIDATURE"})
DENOMBREES: Final = frozenset({"OFFRES_ENVOYEES", "CANDIDATURE", "REPONSE"})
"""Kinds that may count several at once (how many offers, applications, answers)."""


def permet(nature: str, resultat: str | None) -> bool:
    """Whether a step of this kind may end so.

    >>> permet("APPEL", "POSITIVE"), permet("REPONSE", "NEGATIVE"), permet("ENTRETIEN", None)
    (False, True, True)
    """
    return resultat is None or resultat in CONTACTS or (resultat in REPONSES and nature in A_REPONSE)


def en_mots(nature: str, resultat: str | None = None, nombre: int | None = None) -> str:
    """A step in a few words, in lower case: « appel, sans réponse », « offres envoyées (3) »."""
    mots = NATURES[nature][0].lower() + NATURES[nature][1:]
    mots += f" ({nombre})" if nombre else ""
    return f"{mots}, {RESULTATS[resultat].lower()}" if resultat else mots
