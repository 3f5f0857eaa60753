"""The rows of a comparison as a spreadsheet reads them. Pure.

No cell is a formula: a text that a spreadsheet would compute is written with an apostrophe before it (issue 4).
"""

import csv
import io
from collections.abc import Iterable
from typing import Final, Protocol

from tdba.transmissions.refusees_csv import cellule

TITRES: Final = (
    "Apprenant",
    "Identifiant dans votre ERP",
    "Différence",
    "Raison",
    "Que faire",
    "Qui agit",
    "Réglé",
)


class Ligne(Protocol):
    """One row as it is shown."""

    @property
    def nom(self) -> str | None: ...
    @property
    def id_erp(self) -> str | None: ...
    @property
    def en_trop(self) -> bool: ...
    @property
    def phrase(self) -> str: ...
    @property
    def que_faire(self) -> str: ...
    @property
    def qui_agit(self) -> str: ...
    @property
    def reglee(self) -> bool: ...


def ecrire(lignes: Iterable[Ligne]) -> bytes:
    """The file: semicolons, CRLF and a byte-order mark, which French spreadsheets open without asking."""
    sortie = io.StringIO(newline="")
    ecriture = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecriture.writerow(TITRES)
    for ligne in lignes:
        ecriture.writerow(
            (
                cellule(ligne.nom),
                cellule(ligne.id_erp),
                "comptée ici, pas dans votre ERP" if ligne.en_trop else "dans votre ERP, pas comptée ici",
                cellule(ligne.phrase),
                ligne.que_faire,
                ligne.qui_agit,
                "oui" if ligne.reglee else "non",
            )
        )
    return ("\ufeff" + sortie.getvalue()).encode()
