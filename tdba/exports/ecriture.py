"""Writing a file of names as it is read: blocks of one megabyte, cells that no spreadsheet runs. Pure.

Each writer sends its bytes to a `Sortie`, which keeps at most one block in memory (decision 41).
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final, NamedTuple, Protocol
from unicodedata import category

from tdba.exports.colonnes import Cellule, Colonne

BLOC: Final = 1024 * 1024
PLUS_ANCIENNE: Final = date(1900, 3, 1)
"""Before it, what a spreadsheet counts as days is not our calendar: such a date is written as a text."""

DANGEREUX: Final = frozenset("=+-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−")
"""What a spreadsheet reads as the beginning of a formula, its look-alikes included."""
_COMMANDES: Final = dict.fromkeys((*range(32), *range(127, 160), 8232, 8233), " ")


class Contenu(NamedTuple):
    """What a file holds beside its rows."""

    titre: str
    colonnes: Sequence[Colonne]
    apropos: Sequence[tuple[str, str]]
    """The watermark: (label, value)."""
    pied: str
    """The watermark in one line, at the foot of each printed page."""


class Feuille(Protocol):
    """Where rows are written, one batch after the other."""

    def ecrire(self, rangees: Sequence[Sequence[Cellule]]) -> None: ...


class Sortie(io.RawIOBase):
    """A file that only goes forward, cut in blocks: `ranger(rank, bytes)` keeps each."""

    def __init__(self, ranger: Callable[[int, bytes], None]) -> None:
        super().__init__()
        self._ranger, self._tampon, self._rang = ranger, bytearray(), 0
        self.taille = 0

    def writable(self) -> bool:
        return True

    def write(self, octets: object) -> int:
        recus = bytes(octets)  # type: ignore[call-overload]
        self._tampon += recus
        self.taille += len(recus)
        while len(self._tampon) >= BLOC:
            self._donner(BLOC)
        return len(recus)

    def finir(self) -> None:
        """Give the last block, which is shorter."""
        if self._tampon:
            self._donner(len(self._tampon))

    def _donner(self, taille: int) -> None:
        self._ranger(self._rang, bytes(self._tampon[:taille]))
        del self._tampon[:taille]
        self._rang += 1


def texte(recu: str) -> str:
    """On one line, without what no file may hold: control characters become spaces."""
    return (
        recu if recu.isprintable() else recu.translate(_COMMANDES).replace("\ufffe", "").replace("\uffff", "")
    )


def neutralise(recu: str) -> str:
    """The text of a CSV cell: one that a spreadsheet would run as a formula begins with an apostrophe.

    What comes first and is not seen (spaces of any kind, byte order marks, tabs) does not hide the sign.
    """
    ecrit = texte(recu)
    if ecrit[:1].isalnum():
        return ecrit
    vu = next((c for c in ecrit if not _invisible(c)), "")
    return f"'{ecrit}" if vu in DANGEREUX or recu[:1] in ("\t", "\r", "\n") else ecrit


def _invisible(c: str) -> bool:
    return category(c) in ("Cc", "Cf", "Zl", "Zp", "Zs")


def en_texte(cellule: Cellule) -> str:
    """A cell in a file without types: a day as a French reader types it."""
    if cellule is None:
        return ""
    if isinstance(cellule, date):
        return f"{cellule.day:02}/{cellule.month:02}/{cellule.year:04}"
    return str(cellule) if isinstance(cellule, int) else neutralise(cellule)


@contextmanager
def csv_zippe(sortie: Sortie, contenu: Contenu) -> Iterator[Feuille]:
    """A .zip that holds the CSV (`;`, UTF-8 with its mark) and LISEZMOI.txt.

    The watermark cannot be in the CSV: a first line of words would break the tools that read it.
    """
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LISEZMOI.txt", "".join(f"{nom} : {valeur}\r\n" for nom, valeur in contenu.apropos))
        with (
            archive.open(f"{contenu.titre}.csv", "w", force_zip64=True) as brut,
            io.TextIOWrapper(brut, encoding="utf-8-sig", newline="") as ecrit,
        ):
            yield _Csv(ecrit, contenu.colonnes)


class _Csv:
    def __init__(self, ecrit: io.TextIOWrapper, colonnes: Sequence[Colonne]) -> None:
        self._lignes = csv.writer(ecrit, delimiter=";", lineterminator="\r\n")
        self._lignes.writerow([c.libelle for c in colonnes])

    def ecrire(self, rangees: Sequence[Sequence[Cellule]]) -> None:
        self._lignes.writerows([[en_texte(c) for c in rangee] for rangee in rangees])
