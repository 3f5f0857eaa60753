"""What the slices to the right add to the sheet of an apprentice, without being imported by it (decision 39).

`ajouter` registers an insert: a title, a sentence, an address (the rupture file). `garder` registers a guard, asked
before a sheet opens or is corrected: it returns the support case under which that is allowed (None: none is needed),
or raises an exception of its own, for which its slice has an error handler (decision 24).
Both are called inside the request, with the id of an effectif that the person reaches; an insert costs one SELECT.
"""

from collections.abc import Callable
from typing import Final, NamedTuple


class Encart(NamedTuple):
    titre: str
    phrase: str
    url: str | None = None
    libelle: str | None = None
    """Words of the link."""


FournitEncart = Callable[[int], Encart | None]
Garde = Callable[[int], int | None]

ENCARTS: Final[list[FournitEncart]] = []
EN_CORBEILLE: Final[list[FournitEncart]] = []
GARDES: Final[list[Garde]] = []


def ajouter(fonction: FournitEncart) -> None:
    """Show what `fonction` gives on every sheet. Registering twice is once."""
    if fonction not in ENCARTS:
        ENCARTS.append(fonction)


def ajouter_en_corbeille(fonction: FournitEncart) -> None:
    """Show what `fonction` gives in the place of the restoration, on the page of a record in the bin. Twice is once."""
    if fonction not in EN_CORBEILLE:
        EN_CORBEILLE.append(fonction)


def garder(garde: Garde) -> None:
    """Ask `garde` before any sheet opens. Registering twice is once."""
    if garde not in GARDES:
        GARDES.append(garde)


def encarts_de(effectif_id: int) -> list[Encart]:
    """The inserts of one sheet, in the order of registration."""
    return [encart for fonction in ENCARTS if (encart := fonction(effectif_id)) is not None]


def encart_en_corbeille(effectif_id: int) -> Encart | None:
    """What became of a record in the bin, when another gesture than the bin's own put it there."""
    trouves = (fonction(effectif_id) for fonction in EN_CORBEILLE)
    return next((encart for encart in trouves if encart is not None), None)


def franchir(effectif_id: int) -> int | None:
    """Pass every guard; return the support case under which the record is opened, if any."""
    cas = [garde(effectif_id) for garde in GARDES]
    return next((demande_id for demande_id in cas if demande_id is not None), None)
