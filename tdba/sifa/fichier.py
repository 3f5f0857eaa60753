"""The file of the survey: CSV without a header, or a workbook with one (domain.md §8). Pure.

The same lines always give the same bytes, so that a digest tells whether a file of a past year is made again as it was.
"""

import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

import xlsxwriter

from tdba.sifa.colonnes import NOMS, Rangee

BOM: Final = "\ufeff"
FEUILLE: Final = "Data"
CREE_LE: Final = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""No clock in a workbook: its bytes depend on its lines alone."""


def csv(rangees: Iterable[Rangee]) -> bytes:
    """Semicolons, byte-order mark, no header; no cell needs a quote (see `colonnes`)."""
    lignes = [";".join(rangee.values()) for rangee in rangees]
    return (BOM + "".join(f"{ligne}\r\n" for ligne in lignes)).encode()


def xlsx(rangees: Sequence[Rangee]) -> bytes:
    """A sheet "Data" whose first row names the columns; every cell is a text."""
    tampon = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(tampon, options) as classeur:
        classeur.set_properties({"title": "SIFA", "created": CREE_LE})
        texte = classeur.add_format({"num_format": "@"})
        feuille = classeur.add_worksheet(FEUILLE)
        feuille.set_column(0, len(NOMS) - 1, 14, texte)
        for colonne, nom in enumerate(NOMS):
            feuille.write_string(0, colonne, nom)
        for rang, rangee in enumerate(rangees, start=1):
            for colonne, valeur in enumerate(rangee.values()):
                if valeur:
                    feuille.write_string(rang, colonne, valeur)
    return tampon.getvalue()


def empreinte(rangees: Iterable[Rangee]) -> bytes:
    """What tells two files apart whatever their format: the digest of the CSV."""
    return hashlib.sha256(csv(rangees)).digest()
