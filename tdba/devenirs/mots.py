"""Words of outcomes. Pure; the same on every screen, in files and in the story of a record."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from tdba.devenirs.etats import AUTRE, CONTRAT, ECOLE, EMPLOI, INCONNU
from tdba.formats import INSECABLE, date_longue
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT

ETATS: Final[Mapping[str, str]] = {
    CONTRAT: "En contrat",
    ECOLE: "Retour en voie scolaire",
    EMPLOI: "En emploi, hors apprentissage",
    AUTRE: "Autre situation",
    INCONNU: "Non connu",
}
DEFINITIONS: Final[Mapping[str, str]] = {
    CONTRAT: "Un contrat d’apprentissage court ce jour-là, d’après les fiches du CFA.",
    ECOLE: "Le CFA a noté le retour en voie scolaire, ou l’a répondu.",
    EMPLOI: "Le CFA l’a répondu : rien d’autre ne permet de le savoir.",
    AUTRE: "Formation terminée, départ vers un autre CFA, toujours en formation sans contrat, ou réponse du CFA.",
    INCONNU: "Rien ne le dit, et personne n’a encore répondu ou pu répondre.",
}
BOUTONS: Final[Mapping[str, str]] = {
    ECOLE: "À l’école",
    EMPLOI: "En emploi",
    AUTRE: "Autre situation",
    INCONNU: "On ne sait pas",
}
"""The answers, in the order of the row."""

GENRES: Final[Mapping[str, str]] = {
    RUPTURE: "Ruptures",
    FIN_DE_CONTRAT: "Contrats arrivés à terme sans suite",
    SANS_CONTRAT: "Entrées sans contrat",
}
_NOMS: Final[Mapping[str, tuple[str, str]]] = {
    RUPTURE: ("rupture", "ruptures"),
    FIN_DE_CONTRAT: ("contrat arrivé à terme sans suite", "contrats arrivés à terme sans suite"),
    SANS_CONTRAT: ("entrée sans contrat", "entrées sans contrat"),
}
_OUVERTURES: Final[Mapping[str, str]] = {
    RUPTURE: "Rupture du",
    FIN_DE_CONTRAT: "Contrat arrivé à terme, sans contrat depuis le",
    SANS_CONTRAT: "Sans contrat depuis le",
}


def nom(genre: str, n: int) -> str:
    """What a kind of file is called, agreed with how many."""
    return _NOMS[genre][n >= 2]


def ouverture(genre: str, le: date) -> str:
    """« Rupture du 3 mars 2026 »."""
    return f"{_OUVERTURES[genre]} {date_longue(le)}"


_QUI: Final[Mapping[str, str]] = {
    "tous": "Tous les dossiers",
    "recul-15": "Dossiers ouverts depuis 15 jours ou plus",
    "demarche-15": "Première démarche dans les 15 jours",
    "demarche": "Au moins une démarche",
    "sans-demarche": "Aucune démarche",
}


def qui(liste: str) -> str:
    """Who is in the list behind a figure (`filtres.QUI`)."""
    genre, _, jours = liste.rpartition("-")
    dits = {
        "jalon": f"Dossiers qui ont passé {jours}{INSECABLE}jours",
        "contrat": f"En contrat à {jours}{INSECABLE}jours",
    }
    return _QUI.get(liste) or dits[genre]


def jalon(jours: int) -> str:
    return f"{jours}{INSECABLE}jours"


def fait(etat: str, jours: int) -> str:
    """A sentence of the story: what was answered."""
    if etat == INCONNU:
        return f"Devenir à {jalon(jours)}{INSECABLE}: on ne sait pas."
    return f"Devenir à {jalon(jours)}{INSECABLE}: {ETATS[etat][0].lower()}{ETATS[etat][1:]}."
