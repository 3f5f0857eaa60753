"""Why names leave the service: a closed list, asked each time (issue 5 part 7, product.md O: "export asks the purpose"). Pure."""

from collections.abc import Mapping
from typing import Final

AUTRE: Final = "AUTRE"

FINALITES: Final[Mapping[str, str]] = {
    "REUNION": "Préparer une réunion ou un contrôle interne",
    "APPELS": "Appeler les jeunes ou leur employeur",
    "OPCO": "Répondre à l’OPCO ou à un financeur",
    "OBLIGATION": "Répondre à une enquête ou à une obligation légale",
    AUTRE: "Autre, à préciser",
}
"""Code → words. The code alone goes to the journal."""

PRECISION_MAX: Final = 200


def en_mots(code: str, precision: str | None) -> str:
    """The purpose as it is written in the file."""
    return precision if code == AUTRE and precision else FINALITES[code]
