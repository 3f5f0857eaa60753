"""Counts as a spreadsheet reads them: semicolons, CRLF and a byte-order mark. Pure. No cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_CALCULS: Final = ("=", "+", "-", "@", "\t", "\r")
_BOM: Final = "\ufeff"


def ecrire(titres: Sequence[str], rangees: Iterable[Sequence[object]]) -> bytes:
    """The file, its titles first."""
    sortie = io.StringIO(newline="")
    ecriture = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecriture.writerow(titres)
    ecriture.writerows([_cellule(valeur) for valeur in rangee] for rangee in rangees)
    return (_BOM + sortie.getvalue()).encode()


def _cellule(valeur: object) -> str:
    texte = "" if valeur is None else str(valeur)
    calcul = texte.startswith(_CALCULS) or texte.lstrip().startswith(_CALCULS[:4])
    return f"'{texte}" if isinstance(valeur, str) and calcul else texte
