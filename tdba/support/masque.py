"""What support sees of a person before a record is opened: initials, and nothing that identifies (decision 24). Pure."""

import re
import unicodedata
from typing import Final

POINTS: Final = "•••••"
"""The same number of dots for every name: its length would help to guess it."""

_MOTS: Final = re.compile(r"[\s\-'’.]+")


def masquer(nom: str, prenom: str) -> str:
    """`L. G. C•••••` for `LE GOFF`, `Camille`: the initial of each word of the name, then of the first name.

    No two letters of the name ever stand side by side.
    """
    famille = [f"{initiale}." for mot in _MOTS.split(nom) if (initiale := _initiale(mot))]
    return " ".join([*famille, f"{_initiale(prenom)}{POINTS}"])


def _initiale(mot: str) -> str:
    """The first letter, in capitals; "" for a word that has none."""
    lettres = [lettre for lettre in unicodedata.normalize("NFC", mot) if lettre.isalpha()]
    # The capital of one letter may be two ("ß" gives "SS").
    return lettres[0].upper()[0] if lettres else ""
