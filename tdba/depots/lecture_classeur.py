"""The rows of a workbook, .xlsx or .ods, by calamine. Pure.

To be called once `garde` has let the file pass. calamine holds a whole sheet in memory, and what is wrong in a file may
stop its process: work on a file received from outside goes through `bac`, in a process that has limits.
"""

import io
from collections.abc import Iterator
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tdba.depots.cellules import Cellule, Rangee, cellule
from tdba.depots.refus import Code, CodeRemarque, FichierRefuse, Remarque

_FEUILLES_ESSAYEES = 5
_FUSIONS_SUIVIES = 10_000


class Classeur(NamedTuple):
    feuille: str
    remarques: tuple[Remarque, ...]
    rangees: Iterator[Rangee]


class _Fusion(NamedTuple):
    haut: int
    gauche: int
    bas: int
    droite: int


def lire(contenu: bytes) -> Classeur:
    """Open the first visible sheet that holds something. Raises FichierRefuse."""
    try:
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(contenu))
        feuille, autres = _premiere(classeur)
        fusions = _fusions(feuille)
    except FichierRefuse:
        raise
    except (CalamineError, OSError, ValueError, OverflowError) as e:
        raise FichierRefuse(Code.ABIME) from e
    except MemoryError as e:
        raise FichierRefuse(Code.TROP_LOURD) from e
    except BaseException as e:  # a panic of the Rust library is not an Exception
        if type(e).__name__ == "PanicException":
            raise FichierRefuse(Code.ABIME) from e
        raise
    remarques = []
    if autres:
        remarques.append(Remarque(CodeRemarque.AUTRES_FEUILLES, {"lue": feuille.name}))
    if any(fusion.bas > fusion.haut for fusion in fusions):
        remarques.append(Remarque(CodeRemarque.CELLULES_FUSIONNEES, {}))
    return Classeur(feuille.name, tuple(remarques), _rangees(feuille, fusions))


def _premiere(classeur: CalamineWorkbook) -> tuple[CalamineSheet, bool]:
    """Return the first visible sheet with a cell, and whether there are other visible ones."""
    visibles = [
        feuille.name
        for feuille in classeur.sheets_metadata
        if feuille.typ is SheetTypeEnum.WorkSheet and feuille.visible is SheetVisibleEnum.Visible
    ]
    for nom in visibles[:_FEUILLES_ESSAYEES]:
        feuille = classeur.get_sheet_by_name(nom)
        if feuille.start is not None:
            return feuille, len(visibles) > 1
    raise FichierRefuse(Code.VIDE)


def _fusions(feuille: CalamineSheet) -> list[_Fusion]:
    etendues = feuille.merged_cell_ranges or []
    return sorted(
        _Fusion(*haut_gauche, *bas_droite) for haut_gauche, bas_droite in etendues[:_FUSIONS_SUIVIES]
    )


def _rangees(feuille: CalamineSheet, fusions: list[_Fusion]) -> Iterator[Rangee]:
    """Yield the rows with their place in the sheet: the library gives every row from the first, columns from the left one.

    A merged cell holds its value in its top left cell only: it is taken again on each row that it covers.
    """
    decalage: list[Cellule] = [None] * (feuille.start[1] if feuille.start else 0)
    a_venir = iter(fusions)
    prochaine = next(a_venir, None)
    ouvertes: list[tuple[_Fusion, Cellule]] = []
    for rang, recues in enumerate(feuille.iter_rows()):
        cellules = decalage + [cellule(recue) for recue in recues]
        while prochaine is not None and prochaine.haut <= rang:
            if prochaine.bas > rang and prochaine.gauche < len(cellules):
                ouvertes.append((prochaine, cellules[prochaine.gauche]))
            prochaine = next(a_venir, None)
        if ouvertes:
            ouvertes = [(fusion, valeur) for fusion, valeur in ouvertes if fusion.bas >= rang]
            for fusion, valeur in ouvertes:
                if fusion.haut < rang and cellules[fusion.gauche] is None:
                    cellules[fusion.gauche] = valeur
        yield rang + 1, cellules
