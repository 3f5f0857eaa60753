"""What can be done with several records at once, in codes and words. Pure."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tdba.effectifs.motifs_gestes import RETRAITS, TRANSFERTS

RETRAIT: Final = "RETRAIT"
RESTAURATION: Final = "RESTAURATION"
TRANSFERT: Final = "TRANSFERT"
CORRECTION: Final = "CORRECTION"
SORTIE: Final = "SORTIE"

MAX: Final = 20_000
"""Records of one action."""
LOT: Final = 50
"""Records changed between two commits of its job."""

A_CONFIRMER: Final = "A_CONFIRMER"
EN_COURS: Final = "EN_COURS"
FAITE: Final = "FAITE"
ANNULATION: Final = "ANNULATION"
ANNULEE: Final = "ANNULEE"

FAITES: Final = "FAITE"
SANS_EFFET: Final = "SANS_EFFET"
REFUSEES: Final = "REFUSEE"
ANNULEES: Final = "ANNULEE"
LAISSEES: Final = "LAISSEE"


class Nature(NamedTuple):
    """One kind of action. `motifs` empty: it asks for none."""

    libelle: str
    bouton: str
    faite: str
    faites: str
    """Words after the count of the records done: one, several."""
    motifs: Mapping[str, str] = {}


RAISONS: Final[Mapping[str, str]] = {
    "ERREUR_DE_SAISIE": "C’est une erreur de saisie",
    "PIECE_VUE": "J’ai vu les documents",
    "DECISION": "C’est un changement réel, que l’ERP ne dit pas encore",
    "AUTRE": "Autre raison, que je précise",
}

NATURES: Final[Mapping[str, Nature]] = {
    RETRAIT: Nature(
        "Mettre à la corbeille",
        "Mettre à la corbeille",
        "mise à la corbeille",
        "mises à la corbeille",
        RETRAITS,
    ),
    TRANSFERT: Nature(
        "Transférer vers un établissement", "Transférer", "transférée", "transférées", TRANSFERTS
    ),
    CORRECTION: Nature("Corriger un champ", "Corriger", "corrigée", "corrigées", RAISONS),
    SORTIE: Nature("Indiquer une sortie", "Indiquer la sortie", "dite sortie", "dites sorties", RAISONS),
    RESTAURATION: Nature("Restaurer de la corbeille", "Restaurer", "restaurée", "restaurées"),
}

CHAMPS: Final[Mapping[str, str]] = {
    "date_fin": "Fin de formation",
    "date_entree": "Entrée en formation",
    "annee_formation": "Année dans la formation",
    "rncp": "Code RNCP",
    "duree_mois": "Durée de la formation, en mois",
}
"""The fields that several records may be given one value of."""

REFUS: Final[Mapping[str, str]] = {
    "INTROUVABLE": "hors de votre périmètre désormais, ou dans la corbeille",
    "DROIT_RETIRE": "votre accès a pris fin pendant l’action",
    "DEJA_LA": "l’établissement d’arrivée a déjà une fiche du même numéro d’ERP",
    "AVANT_ENTREE": "le jour du transfert précède l’entrée en formation",
    "DATES": "la valeur contredit une autre date de la fiche",
    "REGLE": "une règle de la fiche s’y oppose",
}
"""Why a record was refused. Code → words."""


def champ_de(nature: str, parametres: Mapping[str, str]) -> str:
    """The field that this action corrects."""
    return "date_exclusion" if nature == SORTIE else parametres["champ"]
