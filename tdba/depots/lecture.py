"""From received bytes to a table: its kind, its header, its rows one at a time. Pure.

`ouvrir` is the whole reading, in this process. Work on a file received from outside calls `bac.ouvrir` instead, which
runs this very function in a process that has limits of memory and of time.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tdba.depots import entetes, garde, lecture_classeur, lecture_csv
from tdba.depots.cellules import Rangee
from tdba.depots.garde import Genre
from tdba.depots.refus import ISSUE_AUTRE, ISSUE_ODS, Code, CodeRemarque, FichierRefuse, Remarque

LIGNES_MAXIMALES = 50_000
LIGNES_MAXIMALES_ODS = 20_000

_EXTENSIONS = {Genre.XLSX: (".xlsx",), Genre.ODS: (".ods",), Genre.CSV: (".csv", ".txt", ".tsv")}


class Feuille(NamedTuple):
    """A file that is being read. `lignes` may still raise FichierRefuse, and can be read once."""

    genre: Genre
    entetes: tuple[str, ...]
    rang_entete: int
    remarques: tuple[Remarque, ...]
    lignes: Iterator[Rangee]


def ouvrir(source: bytes | Path, nom: str, *, lignes_maximales: int = LIGNES_MAXIMALES) -> Feuille:
    """Open a received file of any kind that we read; `nom` is the name it came with. Raises FichierRefuse."""
    contenu = source if isinstance(source, bytes) else _octets(source)
    genre = garde.genre(contenu)
    remarques = _sur_le_nom(nom, genre)
    if genre is Genre.CSV:
        texte = lecture_csv.lire(contenu)
        remarques, rangees = remarques + texte.remarques, texte.rangees
    else:
        classeur = lecture_classeur.lire(contenu)
        remarques, rangees = remarques + classeur.remarques, classeur.rangees
    tableau = entetes.trouver(rangees)
    maximum = min(lignes_maximales, LIGNES_MAXIMALES_ODS) if genre is Genre.ODS else lignes_maximales
    issue = ISSUE_ODS.format(autre=f"{lignes_maximales:,}".replace(",", "\u202f"))
    limitees = _limiter(tableau.lignes, maximum, issue if genre is Genre.ODS else ISSUE_AUTRE)
    return Feuille(genre, tableau.entetes, tableau.rang_entete, remarques + tableau.remarques, limitees)


def _octets(chemin: Path) -> bytes:
    if chemin.stat().st_size > garde.TAILLE_MAXIMALE:
        raise FichierRefuse(Code.TROP_GROS, maximum=garde.TAILLE_MAXIMALE // garde.MO)
    return chemin.read_bytes()


def _sur_le_nom(nom: str, genre: Genre) -> tuple[Remarque, ...]:
    extension = Path(nom).suffix.lower()
    if not extension or extension in _EXTENSIONS[genre]:
        return ()
    return (Remarque(CodeRemarque.EXTENSION_TROMPEUSE, {"extension": extension[:20], "genre": genre.value}),)


def _limiter(lignes: Iterator[Rangee], maximum: int, issue: str) -> Iterator[Rangee]:
    for lues, ligne in enumerate(lignes, start=1):
        if lues > maximum:
            raise FichierRefuse(Code.TROP_DE_LIGNES, maximum=maximum, issue=issue)
        yield ligne
