"""Why a record is corrected: the closed list of reasons. Pure."""

from collections.abc import Mapping
from typing import Final

MOTIFS: Final[Mapping[str, str]] = {
    "ERREUR_DE_SAISIE": "C’est une erreur de saisie",
    "PIECE_VUE": "J’ai vu le contrat ou la notification",
    "DECISION": "C’est un changement réel, que l’ERP ne dit pas encore",
    "AUTRE": "Autre raison, que je précise",
}
COMMENTAIRE_MAX: Final = 250
NOM_MAX: Final = 120
