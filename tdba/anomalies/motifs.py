"""Why an anomaly is silenced on one record: the closed list of reasons. Pure."""

from collections.abc import Mapping
from typing import Final

MOTIFS: Final[Mapping[str, str]] = {
    "VERIFIE": "J’ai vérifié : c’est bien la réalité",
    "ATTENTE": "J’attends une pièce ou une réponse",
    "SANS_OBJET": "Cela ne concerne pas ce jeune",
    "AUTRE": "Autre raison, que je précise",
}
COMMENTAIRE_MAX: Final = 250
