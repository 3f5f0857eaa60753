"""States of a vacant post, in the order of its life. Pure. Codes are stored: they never change."""

from collections.abc import Mapping
from typing import Final

ETATS: Final[Mapping[str, str]] = {
    "PROPOSE": "Proposé : l’employeur est d’accord pour reprendre un apprenti",
    "DEPOSE": "Déposé : l’offre est publiée",
    "POURVU": "Pourvu : un apprenti est trouvé",
    "RETIRE": "Retiré : l’employeur ne cherche plus",
}
COURTS: Final[Mapping[str, str]] = {
    "PROPOSE": "Proposé",
    "DEPOSE": "Déposé",
    "POURVU": "Pourvu",
    "RETIRE": "Retiré",
}
A_POURVOIR: Final = ("PROPOSE", "DEPOSE")
"""Nobody has it yet."""
