"""The workbook: a sheet of data, and a sheet of its own that says whose file it is. Pure.

Rows go to the library as they come (`constant_memory`), so that 100,000 of them do not stay in memory. No cell is ever a
formula nor a link: texts are written as texts.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tdba.exports.colonnes import Cellule, Genre
from tdba.exports.ecriture import PLUS_ANCIENNE, Contenu, Feuille, Sortie, en_texte, texte

APROPOS: Final = "À propos"
_TEXTE_MAXIMAL: Final = 32_767  # what a cell of Excel holds
_PIED_MAXIMAL: Final = 250  # a footer takes 255 characters, marks included
_LARGEURS: Final = {Genre.JOUR: 12, Genre.NOMBRE: 8, Genre.TEXTE: 22}
_ZERO: Final = date(1899, 12, 30).toordinal()
"""Day 0 of a spreadsheet, as counted after February 1900."""


@contextmanager
def classeur(sortie: Sortie, contenu: Contenu) -> Iterator[Feuille]:
    """Open the workbook, give its data sheet, end it with the watermark."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sortie, options) as livre:
        titre = livre.add_format({"bold": True, "bg_color": "#EEEEEE"})
        feuille = livre.add_worksheet("Liste")
        apropos = livre.add_worksheet(APROPOS)
        feuille.set_footer(f"&L{_pied(contenu.pied)}&R&P/&N")
        feuille.freeze_panes(1, 0)
        for rang, colonne in enumerate(contenu.colonnes):
            feuille.set_column(rang, rang, _LARGEURS[colonne.genre])
            feuille.write_string(0, rang, colonne.libelle, titre)
        ecrite = _Xlsx(feuille, livre.add_format({"num_format": "dd/mm/yyyy"}))
        yield ecrite
        if ecrite.rang > 1:
            feuille.autofilter(0, 0, ecrite.rang - 1, len(contenu.colonnes) - 1)
        _signer(apropos, contenu, titre)


def _pied(recu: str) -> str:
    return texte(recu).replace("&", "&&")[: _PIED_MAXIMAL - 10].rstrip("&")


def _signer(feuille: Worksheet, contenu: Contenu, titre: Format) -> None:
    feuille.set_column(0, 0, 24)
    feuille.set_column(1, 1, 100)
    for rang, (nom, valeur) in enumerate(contenu.apropos):
        feuille.write_string(rang, 0, nom, titre)
        feuille.write_string(rang, 1, texte(valeur)[:_TEXTE_MAXIMAL])


class _Xlsx:
    def __init__(self, feuille: Worksheet, jour: Format) -> None:
        self._feuille, self._jour, self.rang = feuille, jour, 1

    def ecrire(self, rangees: Sequence[Sequence[Cellule]]) -> None:
        chaine, nombre = self._feuille.write_string, self._feuille.write_number
        for rangee in rangees:
            rang = self.rang
            for n, cellule in enumerate(rangee):
                if cellule is None or cellule == "":
                    continue
                if isinstance(cellule, str):
                    chaine(rang, n, texte(cellule)[:_TEXTE_MAXIMAL])
                elif isinstance(cellule, int):
                    nombre(rang, n, cellule)
                elif cellule < PLUS_ANCIENNE:
                    chaine(rang, n, en_texte(cellule))
                else:
                    # The day as a number: the library's own conversion costs four times as much.
                    nombre(rang, n, cellule.toordinal() - _ZERO, self._jour)
            self.rang = rang + 1
