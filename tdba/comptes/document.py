"""`docs/droits.md`, written from the matrix that the application uses (decisions 20, 21, 25; domain.md §5.2). Pure."""

from collections.abc import Mapping
from typing import Final

from tdba.comptes.droits import ATTENDENT_UNE_SECONDE_PERSONNE, MATRICE, Etendue, Octroi
from tdba.portee import Droit

ORGANISATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "ORGANISME_FORMATION": (
        "CFA, organisme de formation",
        "un ou plusieurs établissements, ou tous ceux d’un SIREN",
    ),
    "TETE_DE_RESEAU": ("Tête de réseau", "un réseau, ou un réseau dans une région"),
    "DREETS": ("DREETS", "une région"),
    "DDETS": ("DDETS", "un département"),
    "ACADEMIE": ("Académie", "une académie"),
    "DRAAF": ("DRAAF", "une région"),
    "DRAFPIC": ("DRAFPIC", "une région"),
    "CONSEIL_REGIONAL": ("Conseil régional", "une région"),
    "CARIF_OREF_REGIONAL": ("CARIF-OREF régional", "une région"),
    "CARIF_OREF_NATIONAL": ("CARIF-OREF national", "le pays"),
    "OPERATEUR_PUBLIC_NATIONAL": ("Opérateur public national", "le pays"),
    "MISSION_LOCALE": ("Mission locale", "aucune : ses écrans ne sont pas faits"),
    "ARML": ("ARML", "aucune : ses écrans ne sont pas faits"),
    "FRANCE_TRAVAIL": ("France Travail", "aucune : ses écrans ne sont pas faits"),
    "SUPPORT": ("Assistance", "le pays, noms masqués hors d’un dossier ouvert"),
    "CONFORMITE": ("Protection des données", "le pays, sans nom"),
    "AUDIT": ("Auditeur, entre deux dates", "le pays, en lecture, sans nom"),
}
"""Type → what people call it, and the rule that gives its organismes."""

DROITS: Final[Mapping[Droit, tuple[str, str]]] = {
    Droit.VOIR_INDICATEURS: ("Chiffres", "suivre l’apprentissage sans voir personne"),
    Droit.VOIR_TRANSMISSIONS: ("Transmissions", "savoir si un CFA transmet, et ce qui est refusé"),
    Droit.VOIR_CONTACTS: ("Contacts du CFA", "joindre un CFA"),
    Droit.VOIR_NOMINATIF: ("Listes nominatives", "accompagner des jeunes, dans les seuls statuts écrits"),
    Droit.VOIR_COORDONNEES: ("Coordonnées des jeunes", "les joindre"),
    Droit.CORRIGER: ("Corriger, suivre", "tenir les fiches justes et suivre les ruptures"),
    Droit.CONFIGURER: ("Configurer", "choisir comment le CFA transmet, et qui y a accès"),
    Droit.SUPPORT: ("Assistance", "réparer des données, dossier par dossier"),
    Droit.CONFORMITE: ("Conformité", "tenir le registre, répondre aux droits des personnes"),
    Droit.AUDITER: ("Auditer", "lire le journal et les habilitations"),
}
"""Right → its name, and why it exists."""

ETENDUES: Final[Mapping[Etendue, str]] = {
    Etendue.BASE: "les siens",
    Etendue.AVEC_FORMATEURS_PLEINS: "les siens et les formateurs dont il est pleinement responsable",
    Etendue.AVEC_FORMATEURS: "les siens et tous ses formateurs",
    Etendue.PARTOUT: "tous",
}
STATUTS: Final[Mapping[int, str]] = {
    1: "sans contrat",
    3: "en rupture ou à terme",
    4: "délai dépassé ou sorti",
}


def markdown() -> str:
    """The whole document, in Markdown."""
    lignes = [
        "# Qui voit quoi, et pourquoi",
        "",
        "Ce document est écrit par `flask --app wsgi droits` à partir de la matrice que le service applique",
        "(`tdba/comptes/droits.py`) ; un test vérifie qu’il est à jour. « Deux personnes » : ce droit reste fermé tant",
        "qu’une seconde personne n’a pas validé l’habilitation, sauf au CFA pour lui-même.",
    ]
    for code, droits in MATRICE.items():
        nom, portee = ORGANISATIONS[code]
        lignes += ["", f"## {nom}", "", f"Portée : {portee}.", ""]
        if not droits:
            lignes.append("Aucun droit.")
            continue
        lignes += ["| Droit | Pour quoi | Organismes | Statuts | Deux personnes |", "|---|---|---|---|---|"]
        lignes += [_ligne(code, droit, octroi) for droit, octroi in droits.items()]
    return "\n".join(lignes) + "\n"


def _ligne(code: str, droit: Droit, octroi: Octroi) -> str:
    nom, raison = DROITS[droit]
    ou = ETENDUES[octroi.etendue] + (", si le réseau répond de ses membres" if octroi.si_responsable else "")
    statuts = "tous" if octroi.statuts is None else ", ".join(STATUTS[s] for s in sorted(octroi.statuts))
    deux = droit in ATTENDENT_UNE_SECONDE_PERSONNE and code != "ORGANISME_FORMATION"
    return f"| {nom} | {raison} | {ou} | {statuts} | {'oui' if deux else 'non'} |"
