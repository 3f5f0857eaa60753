"""Words of what is to be copied into the ERP. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from tdba.effectifs.causes import CAUSES
from tdba.effectifs.motifs import CONTESTATIONS
from tdba.formats import INSECABLE, date_longue, quantite, siret

CHAMPS: Final[Mapping[str, str]] = {
    "nom": "Nom",
    "prenom": "Prénom",
    "sexe": "Sexe",
    "date_naissance": "Date de naissance",
    "ine": "INE",
    "courriel": "Adresse électronique",
    "telephone": "Téléphone",
    "courriel_responsable_1": "Adresse électronique du responsable légal",
    "courriel_responsable_2": "Adresse électronique du second responsable légal",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "code_insee": "Code INSEE de la commune",
    "rncp": "Code RNCP",
    "cfd": "Code formation diplôme",
    "formation": "Intitulé de la formation",
    "annee_formation": "Année dans la formation",
    "duree_mois": "Durée de la formation, en mois",
    "date_inscription": "Date d’inscription",
    "date_entree": "Entrée en formation",
    "date_fin": "Fin de formation",
    "date_exclusion": "Date de sortie",
    "cause_exclusion": "Cause de la sortie",
    "contrat": "Contrat à ajouter",
    "debut": "Début du contrat",
    "fin": "Fin prévue du contrat",
    "rupture": "Rupture du contrat",
    "cause_rupture": "Cause de la rupture",
    "cause_legale": "Cause légale de la rupture",
    "employeur_siret": "SIRET de l’employeur",
    "contestation": "Rupture contestée",
}
_DATES: Final = frozenset(
    {
        "date_naissance",
        "date_inscription",
        "date_entree",
        "date_fin",
        "date_exclusion",
        "debut",
        "fin",
        "rupture",
    }
)


_SANS: Final[Mapping[str, str]] = {
    "contestation": "la rupture, telle quelle",
    "contrat": "pas ce contrat",
    "cause_legale": "aucune cause",
    "rupture": "aucune rupture",
}
"""What the ERP holds of a field that it does not fill, when « aucune valeur » would say too little."""


def valeur(champ: str, texte: str | None) -> str:
    """A value kept by a correction, in words: what a person types in the ERP, or that it is to be emptied."""
    if texte is None:
        return _SANS.get(champ, "aucune valeur")
    return _MOTS.get(champ, str)(texte)


def _jour(texte: str) -> str:
    return date_longue(date.fromisoformat(texte))


_MOTS: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(_DATES, _jour),
    "employeur_siret": siret,
    "sexe": lambda texte: {"M": "masculin", "F": "féminin"}.get(texte, texte),
    "cause_legale": lambda texte: CAUSES.get(texte, texte),
    "contestation": lambda texte: f"à vérifier{INSECABLE}: {CONTESTATIONS.get(texte, texte).lower()}",
}


def phrase(a_faire: int, faites: int) -> str:
    """The answer of the page."""
    if a_faire == 0:
        debut = "Rien n’est à reporter dans votre ERP"
    else:
        debut = f"{quantite(a_faire, 'correction')} à reporter dans votre ERP"
    attente = (
        f"{INSECABLE}; {quantite(faites, 'autre')} {'attendent' if faites > 1 else 'attend'} sa prochaine transmission"
        if faites
        else ""
    )
    return f"{debut}{attente}."
