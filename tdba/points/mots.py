"""The sentences of what is left to settle, from the details of a point: counts, codes, dates and ids. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tdba.formats import INSECABLE, date_longue, nombre, pluriel, quantite, siret

Details = Mapping[str, Any]

CHAMPS: Final[Mapping[str, str]] = {
    "nom": "le nom",
    "prenom": "le prénom",
    "sexe": "le sexe",
    "date_naissance": "la date de naissance",
    "ine": "l’INE",
    "courriel": "l’adresse électronique",
    "telephone": "le téléphone",
    "adresse": "l’adresse",
    "code_postal": "le code postal",
    "rncp": "le code RNCP",
    "cfd": "le code formation diplôme",
    "date_inscription": "la date d’inscription",
    "date_entree": "la date d’entrée en formation",
    "date_fin": "la date de fin de formation",
    "date_exclusion": "la date de sortie",
    "debut": "le début du contrat",
    "fin": "la fin du contrat",
    "rupture": "la date de rupture du contrat",
    "cause_rupture": "la cause de rupture du contrat",
    "annee_formation": "l’année de la formation",
    "duree_mois": "la durée de la formation",
    "cause_exclusion": "la cause de la sortie",
    "courriel_responsable_1": "l’adresse électronique du responsable légal",
    "courriel_responsable_2": "l’adresse électronique du second responsable légal",
    "code_insee": "la commune",
    "employeur_siret": "l’employeur du contrat",
}


def _jour(details: Details, nom: str) -> str:
    return date_longue(date.fromisoformat(details[nom]))


def _non_comptees(n: int) -> str:
    return f"{quantite(n, 'fiche')} {pluriel(n, 'n’est pas comptée', 'ne sont pas comptées')}"


def lignes_refusees(details: Details) -> str:
    champ = f" ({details['champ']})" if details["champ"] else ""
    return f"{_non_comptees(details['n'])}{INSECABLE}: {details['message']}{champ}."


def couple_inconnu(details: Details) -> str:
    couple = f"UAI {details['uai']}, SIRET {siret(details['siret'])}"
    return f"{_non_comptees(details['n'])}{INSECABLE}: nous ne connaissons pas l’établissement {couple}."


def conflit(details: Details) -> str:
    champ = CHAMPS.get(details["champ"], f"le champ «{INSECABLE}{details['champ']}{INSECABLE}»")
    return f"Vous avez corrigé {champ}{INSECABLE}; l’ERP dit maintenant autre chose. Votre correction est gardée."


def retenue(details: Details) -> str:
    return (
        f"L’ERP a encore transmis, le {_jour(details, 'le')}, une fiche que vous avez mise à la corbeille. "
        "Elle n’est pas comptée."
    )


def plus_transmis(details: Details) -> str:
    return (
        f"L’ERP ne transmet plus cette fiche depuis le {_jour(details, 'depuis')}. Elle est encore comptée."
    )


def contrat_plus_transmis(details: Details) -> str:
    return f"L’ERP ne transmet plus le contrat du {_jour(details, 'debut')}, que vous avez corrigé. Il compte encore."


def transferee(details: Details) -> str:
    return (
        f"Cette fiche a été transférée à compter du {_jour(details, 'du')}{INSECABLE}; l’ERP l’envoie encore pour "
        f"{details['ancien']}. Ce qu’il en dit est retenu."
    )


def doublon(details: Details) -> str:
    return (
        f"Cette fiche ressemble à une autre ({details['score']} sur 100){INSECABLE}: la même personne est peut-être "
        "comptée deux fois."
    )


def anomalie(details: Details) -> str:
    return str(details["phrase"])


def sifa(details: Details) -> str:
    n = details["n"]
    return (
        f"{quantite(n, 'fiche')} {pluriel(n, 'reste', 'restent')} à compléter pour l’enquête SIFA de {details['annee']}, "
        f"à rendre avant le {_jour(details, 'avant')}."
    )


def silence(details: Details) -> str:
    jours = int(details["jours"])
    rythme = "chaque jour" if jours == 1 else f"tous les {quantite(jours, 'jour')}"
    return f"Rien n’a été reçu depuis le {_jour(details, 'depuis')}, alors que d’habitude une transmission arrive {rythme}."


def import_a_confirmer(details: Details) -> str:
    n = details["n"]
    return f"Un fichier attend votre confirmation{INSECABLE}: {quantite(n, 'ligne')} {pluriel(n, 'est lue', 'sont lues')}, rien n’est encore écrit."


def a_reporter(details: Details) -> str:
    n = details["n"]
    return (
        f"{quantite(n, 'correction faite', 'corrections faites')} ici {pluriel(n, 'n’est', 'ne sont')} pas encore dans votre ERP, "
        "que lisent votre OPCO et l’enquête SIFA."
    )


def resume(total: int, fiches: int, premiers: int) -> str:
    """The answer of the page: how many points, how many come first, and what they hide from the figures."""
    if total == 0:
        return "Rien n’est à régler."
    dont = f", dont {nombre(premiers)} d’abord" if 0 < premiers < total else ""
    debut = f"{quantite(total, 'point')} à régler{dont}{INSECABLE}: "
    return debut + (f"{_non_comptees(fiches)}." if fiches else "aucune fiche n’est écartée des chiffres.")


def resume_court(total: int, fiches: int, premiers: int) -> str:
    """The same on the home page, where the link says the rest: « À régler (12) : 2 fiches ne sont pas comptées ».

    The number is that of the menu: what makes figures wrong or lets a delay run; else, what may wait.
    """
    if not premiers:
        return f"À régler quand vous pourrez ({nombre(total)})"
    fin = f"{INSECABLE}: {_non_comptees(fiches)}" if fiches else ""
    return f"À régler ({nombre(premiers)}){fin}"
