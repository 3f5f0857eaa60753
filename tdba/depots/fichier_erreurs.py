"""The list of errors in the file's own layout, with a first column « À corriger ». Pure.

Issue 4: what a CFA received as refused, it corrects in place and sends again; our reader ignores the added column.
No cell is ever written as a formula (`=cmd|…` stays a text), and no social-security number leaves (decision 16).
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tdba.depots.cellules import Cellule
from tdba.depots.modele import CREE_LE
from tdba.depots.noms_usuels import A_CORRIGER
from tdba.transmissions.identifiants import masquer_nir

FEUILLE = A_CORRIGER

_TEXTE_MAXIMAL = 32_767  # what a cell of Excel holds
_PLUS_GRAND_ENTIER = 10**15  # beyond, a spreadsheet loses digits


class LigneFautive(NamedTuple):
    """A row as it was received, and what is wrong with it: column name or "", and sentence."""

    cellules: Sequence[Cellule]
    motifs: Sequence[tuple[str, str]]


def ecrire_erreurs(entetes: Sequence[str], lignes: Iterable[LigneFautive]) -> bytes:
    """Return an .xlsx of these rows, in the layout of their file. Rows are taken one at a time."""
    tampon = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(tampon, options) as classeur:
        classeur.set_properties({"title": "Lignes à corriger", "created": CREE_LE})
        titre = classeur.add_format({"bold": True, "bg_color": "#EEEEEE", "num_format": "@"})
        motif = classeur.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFE9E9"})
        texte = classeur.add_format({"num_format": "@"})
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        feuille = classeur.add_worksheet(FEUILLE)
        feuille.set_column(0, 0, 60)
        feuille.set_column(1, max(1, len(entetes)), 18)
        feuille.freeze_panes(1, 1)
        for colonne, nom in enumerate((A_CORRIGER, *entetes)):
            feuille.write_string(0, colonne, _texte(nom), titre)
        for rang, ligne in enumerate(lignes, start=1):
            feuille.write_string(rang, 0, _motifs(ligne.motifs), motif)
            for colonne, c in enumerate(ligne.cellules, start=1):
                _ecrire(feuille, rang, colonne, c, texte, jour)
    return tampon.getvalue()


def _motifs(motifs: Sequence[tuple[str, str]]) -> str:
    return _texte("\n".join(f"{colonne} : {phrase}" if colonne else phrase for colonne, phrase in motifs))


def _texte(recu: str) -> str:
    return masquer_nir(recu)[:_TEXTE_MAXIMAL]


def _ecrire(feuille: Worksheet, rang: int, colonne: int, c: Cellule, texte: Format, jour: Format) -> None:
    """Write a cell as it was received: a number stays a number, anything else that is not a date is a text."""
    if c is None:
        return
    if isinstance(c, bool):
        feuille.write_boolean(rang, colonne, c)
    elif isinstance(c, date) and c.year >= 1900:
        feuille.write_datetime(rang, colonne, c, jour)
    elif isinstance(c, (int, float)) and abs(c) < _PLUS_GRAND_ENTIER and _texte(str(c)) == str(c):
        feuille.write_number(rang, colonne, c)
    else:
        feuille.write_string(rang, colonne, _texte(c.isoformat() if isinstance(c, date) else str(c)), texte)
