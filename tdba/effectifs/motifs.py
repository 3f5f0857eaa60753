"""Why a record is corrected: the closed list of reasons, and what the free comment may not hold. Pure."""

import re
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

_SEPARE: Final = r"[\s.\-/]{0,2}"
# Sex, then twelve digits or letters of Corsica's départements: a social-security number, with or without its key.
_NIR: Final = re.compile(
    rf"(?<![0-9])[1-478](?:{_SEPARE}[0-9AaBb]){{12}}(?:(?:{_SEPARE}[0-9]){{2}})?(?![0-9])"
)


def ressemble_a_un_nir(texte: str) -> bool:
    """True when the text holds something written like a social-security number (decision 16)."""
    return _NIR.search(texte) is not None
