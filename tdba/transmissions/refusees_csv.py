"""The refused lines of a transmission as a spreadsheet reads them: one row for each error. Pure.

No cell is a formula: a text that a spreadsheet would compute is written with an apostrophe before it (issue 4, "Bad input").
"""

import csv
import io
from collections.abc import Iterable
from typing import Final, Protocol

from tdba.transmissions import causes
from tdba.transmissions.libelles import libelle

TITRES: Final = (
    "Ligne",
    "Identifiant dans votre logiciel",
    "Champ",
    "Nom technique du champ",
    "Valeur reçue",
    "Raison du refus",
    "Comment corriger",
    "Qui peut agir",
)
_CALCULS: Final = ("=", "+", "-", "@", "\t", "\r")
_BOM: Final = "\ufeff"


class Faute(Protocol):
    """One error of one refused line."""

    @property
    def rang(self) -> int: ...
    @property
    def id_erp(self) -> str | None: ...
    @property
    def champ(self) -> str: ...
    @property
    def recu(self) -> str | None: ...
    @property
    def message(self) -> str: ...


def ecrire(fautes: Iterable[Faute]) -> bytes:
    """The file: semicolons, CRLF and a byte-order mark, which French spreadsheets open without asking."""
    sortie = io.StringIO(newline="")
    ecriture = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecriture.writerow(TITRES)
    for faute in fautes:
        cause = causes.cause(faute.message)
        ecriture.writerow(
            (
                faute.rang,
                cellule(faute.id_erp),
                libelle(faute.champ),
                cellule(faute.champ),
                cellule(faute.recu),
                faute.message,
                cause.comment,
                causes.ACTEURS[cause.acteur],
            )
        )
    return (_BOM + sortie.getvalue()).encode()


def cellule(valeur: str | None) -> str:
    """A text that stays a text in a spreadsheet."""
    if not valeur:
        return ""
    return f"'{valeur}" if valeur.startswith(_CALCULS) or valeur.lstrip().startswith(_CALCULS[:4]) else valeur
