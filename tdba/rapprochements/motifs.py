"""Each reason in words: what happened, who acts, what to do. Pure.

A row says its reason with its date, then one gesture; whoever acts is "vous", "votre ERP" or "nous" (ux.md, screen C).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from tdba.formats import INSECABLE, date_longue
from tdba.formats import annee_scolaire as annee_en_mots
from tdba.rapprochements.comparaison import Raison
from tdba.transmissions import causes
from tdba.transmissions.catalogue_causes import AUTRE
from tdba.transmissions.libelles import libelle

Details = Mapping[str, Any]

ACTEURS: Final[Mapping[str, str]] = {"VOUS": "Vous", "ERP": "Votre ERP", "NOUS": "Nous"}


DATES_CORRIGEES: Final[Mapping[str, str]] = {
    "debut": "début du contrat",
    "fin": "fin du contrat",
    "rupture": "rupture du contrat",
    "date_inscription": "date d’inscription",
    "date_entree": "date d’entrée en formation",
    "date_fin": "date de fin de formation",
    "date_exclusion": "date de sortie du CFA",
}
"""Fields that make a status, corrected here: what the ERP may not know."""


class Motif(NamedTuple):
    """One reason: who acts, its sentence, and what to do about it."""

    court: str
    """In a few words, to count rows."""
    acteur: str
    phrase: Callable[[Details], str]
    que_faire: str
    geste: str
    """Words of its link."""


def phrase(raison: str, details: Details) -> str:
    """What happened, with its date."""
    return en_francais(MOTIFS[Raison(raison)].phrase(details))


def que_faire(raison: str, details: Details) -> str:
    """What to do about it; about a refused line, what its first fault asks."""
    if raison == Raison.REFUSEE and details["erreurs"]:
        return causes.cause(details["erreurs"][0][1]).comment
    return en_francais(MOTIFS[Raison(raison)].que_faire)


def acteur(raison: str, details: Details) -> str:
    """Who acts; about a refused line, whom its first fault concerns."""
    if raison == Raison.REFUSEE and details["erreurs"]:
        return str(causes.cause(details["erreurs"][0][1]).acteur)
    return MOTIFS[Raison(raison)].acteur


def en_francais(texte: str) -> str:
    """Put the no-break spaces that French wants before its signs."""
    return re.sub(r" (?=[:;?!»])", INSECABLE, texte).replace("« ", f"«{INSECABLE}")


def _jour(details: Details, nom: str) -> str:
    valeur = details.get(nom)
    if not valeur:
        return "à une date inconnue"
    jour: date = datetime.fromisoformat(valeur) if "T" in valeur else date.fromisoformat(valeur)
    return f"le {date_longue(jour)}"


def _refus(details: Details) -> str:
    suite = (
        " ; ".join(dict.fromkeys(_faute(*faute) for faute in details["erreurs"])) or "raison non conservée"
    )
    return f"Ligne {details['ligne']} refusée {_jour(details, 'le')} : {suite}."


def _faute(champ: str, message: str) -> str:
    """The cause as the account of what was received names it; a sentence without a known cause is quoted."""
    cause = causes.cause(message)
    if cause is AUTRE:
        return f"{libelle(champ)}, {message}" if champ else message
    dit = cause.libelle[0].lower() + cause.libelle[1:]
    return f"{dit} ({libelle(champ)})" if cause.par_champ and champ else dit


def _absente(details: Details) -> str:
    if details.get("source") == "FICHIER":
        return (
            f"Comptée ici, absente de votre liste. Elle vient d’un fichier reçu {_jour(details, 'transmis')}."
        )
    return (
        f"Comptée ici, absente de votre liste. Transmise pour la dernière fois {_jour(details, 'transmis')}."
    )


_CHEZ_VOUS_OU_NON: Final = (
    "Si cette personne est toujours dans votre CFA, remettez-la dans votre envoi. Sinon, saisissez sa date de sortie dans "
    "votre ERP et transmettez-la : elle ne sera plus comptée."
)

MOTIFS: Final[Mapping[Raison, Motif]] = {
    Raison.DOUBLE_LISTE: Motif(
        "nommée deux fois",
        "ERP",
        lambda _: "Votre liste nomme cette personne deux fois : nous la comptons une fois.",
        "Gardez un seul dossier dans votre ERP.",
        "Ouvrir sa fiche",
    ),
    Raison.AUTRE_STATUT: Motif(
        "autre statut ici",
        "VOUS",
        lambda _: "Sa fiche est ici, avec un statut qui n’est pas compté.",
        "Vérifiez la date qui fait ce statut, et corrigez celle qui est fausse.",
        "Voir la date qui fait la différence",
    ),
    Raison.CORBEILLE: Motif(
        "dans la corbeille",
        "VOUS",
        lambda d: (
            f"Sa fiche est dans la corbeille, mise là {_jour(d, 'corbeille')} : elle n’est plus comptée."
        ),
        "Si c’était une erreur, restaurez-la : elle sera comptée de nouveau.",
        "Voir la corbeille",
    ),
    Raison.REFUSEE: Motif(
        "ligne refusée",
        "ERP",
        _refus,
        "Corrigez cette information dans votre ERP, puis transmettez à nouveau.",
        "Voir la ligne refusée",
    ),
    Raison.EN_ATTENTE: Motif(
        "ligne en attente",
        "NOUS",
        lambda d: f"Ligne {d['ligne']}, reçue {_jour(d, 'le')}, pas encore enregistrée.",
        "Rien à faire : refaites ce rapprochement dans quelques minutes.",
        "Voir la transmission",
    ),
    Raison.INCONNU: Motif(
        "établissement inconnu",
        "VOUS",
        lambda d: (
            f"Ligne {d['ligne']}, reçue {_jour(d, 'le')}, pour un établissement que nous ne connaissons pas."
        ),
        "Dites-nous quel est cet établissement : ses lignes seront reprises sans nouvel envoi.",
        "Voir les établissements inconnus",
    ),
    Raison.AUTRE_SITE: Motif(
        "autre établissement",
        "ERP",
        lambda d: (
            f"Transmise pour un autre établissement : {d['organisme']}, année {annee_en_mots(d['annee'])}."
        ),
        "Si elle est formée ici, changez l’établissement formateur dans votre ERP, puis transmettez à nouveau.",
        "Ouvrir sa fiche",
    ),
    Raison.AUTRE_ANNEE: Motif(
        "autre année",
        "ERP",
        lambda d: f"Transmise pour une autre année : {annee_en_mots(d['annee'])}.",
        "Inscrivez-la pour cette année dans votre ERP, puis transmettez à nouveau.",
        "Ouvrir sa fiche",
    ),
    Raison.JAMAIS: Motif(
        "jamais reçue",
        "ERP",
        lambda _: "Jamais reçue pour cet établissement, ni acceptée ni refusée.",
        "À envoyer depuis votre ERP : vérifiez que son dossier est coché pour l’envoi.",
        "Voir la liste à reporter",
    ),
    Raison.STATUT_COMPTE: Motif(
        "autre statut dans votre ERP",
        "VOUS",
        lambda _: "Votre ERP ne la compte pas, nous la comptons.",
        "Vérifiez la date qui fait ce statut, et corrigez celle qui est fausse.",
        "Voir la date qui fait la différence",
    ),
    Raison.DOUBLON: Motif(
        "fiche en double",
        "VOUS",
        lambda _: "Deux fiches ici pour la même personne : votre liste n’en nomme qu’une.",
        "Comparez-les. Celle que votre ERP n’envoie plus est de trop : saisissez-y une date de sortie.",
        "Ouvrir cette fiche",
    ),
    Raison.DOUBLON_AILLEURS: Motif(
        "comptée aussi ailleurs",
        "VOUS",
        lambda d: f"Comptée aussi dans un autre de vos établissements : {d['organisme']}.",
        "Si elle n’est plus formée ici, saisissez sa date de sortie.",
        "Ouvrir cette fiche",
    ),
    Raison.PLUS_TRANSMISE: Motif(
        "plus transmise",
        "VOUS",
        lambda d: f"Plus transmise par votre ERP depuis {_jour(d, 'plus_transmise')}, encore comptée.",
        _CHEZ_VOUS_OU_NON,
        "Ouvrir sa fiche",
    ),
    Raison.ABSENTE: Motif("absente de votre liste", "VOUS", _absente, _CHEZ_VOUS_OU_NON, "Ouvrir sa fiche"),
}

A_REPORTER: Final = frozenset(raison for raison, motif in MOTIFS.items() if motif.acteur == "ERP")
"""What is done in the ERP: the printed list."""
