"""Why a file is not made: a code in the journal, a sentence for the person. Pure."""

from collections.abc import Mapping
from typing import Final

LIGNES_MAX: Final = 300_000
"""Rows of one file: what a spreadsheet still opens with ease, and three times what issue 5 measures."""

DROIT_RETIRE: Final = "DROIT_RETIRE"
COLONNE_FERMEE: Final = "COLONNE_FERMEE"
FILTRE_DISPARU: Final = "FILTRE_DISPARU"
TROP_DE_LIGNES: Final = "TROP_DE_LIGNES"
TROP_POUR_ODS: Final = "TROP_POUR_ODS"
INTERROMPU: Final = "INTERROMPU"

PHRASES: Final[Mapping[str, str]] = {
    DROIT_RETIRE: "Vous n’avez plus le droit de lire cette liste : il a changé entre votre demande et la préparation "
    "du fichier. Rien n’en est sorti.",
    COLONNE_FERMEE: "Vous n’avez plus le droit de lire l’une des colonnes choisies. Rien n’est sorti : refaites la "
    "demande depuis la liste, sans elle.",
    FILTRE_DISPARU: "L’un des filtres choisis n’existe plus, et le fichier aurait contenu plus de personnes que prévu. "
    "Rien n’est sorti : refaites la demande depuis la liste.",
    TROP_DE_LIGNES: "Cette liste dépasse 300 000 lignes. Filtrez-la, puis refaites la demande.",
    TROP_POUR_ODS: "Le format ODS va jusqu’à 5 000 lignes, et cette liste en a davantage. Choisissez XLSX ou CSV, "
    "ou filtrez la liste.",
    INTERROMPU: "La préparation de ce fichier n’a pas abouti. Refaites la demande depuis la liste.",
}


class ExportRefuse(Exception):
    """The file is not made. `code` is a key of `PHRASES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def phrase(self) -> str:
        return PHRASES[self.code]
