"""Why a record is corrected: closed lists of reasons. Pure."""

from collections.abc import Mapping
from typing import Final

MOTIFS: Final[Mapping[str, str]] = {
    "ERREUR_DE_SAISIE": "C’est une erreur de saisie",
    "PIECE_VUE": "J’ai vu le contrat ou la notification",
    "DECISION": "C’est un changement réel, que l’ERP ne dit pas encore",
    "AUTRE": "Autre raison, que je précise",
}
"""Those that a form offers, for what is sensitive."""

COORDONNEES: Final = "COORDONNEES"
GARDEE: Final = "GARDEE"
FUSION: Final = "FUSION"
ACTION_GROUPEE: Final = "ACTION_GROUPEE"

MOTIFS_DU_SERVICE: Final[Mapping[str, str]] = {
    COORDONNEES: "Coordonnées ou renseignement mis à jour",
    GARDEE: "Valeur gardée face à l’ERP",
    FUSION: "Fusion de deux fiches",
    ACTION_GROUPEE: "Action sur plusieurs fiches",
}
"""Those that the gesture itself says; no form offers them."""

TOUS: Final[Mapping[str, str]] = {**MOTIFS, **MOTIFS_DU_SERVICE}

CONTESTATIONS: Final[Mapping[str, str]] = {
    "CONTRAT_EN_COURS": "Le contrat se poursuit",
    "MAUVAISE_DATE": "La date de rupture n’est pas la bonne",
    "NON_NOTIFIEE": "Nous n’avons reçu aucune notification",
    "PROCEDURE_EN_COURS": "Une médiation ou une procédure est en cours",
}
"""Why a CFA contests a rupture that its source declares (decision 19). The rupture still counts."""

COMMENTAIRE_MAX: Final = 250
NOM_MAX: Final = 120
