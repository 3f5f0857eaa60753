"""The process in which a received file is read: it limits itself, reads, and says what it reads line by line.

Standard input: the file. Standard output: one JSON text a line: the table, then batches of rows, then the end, or a refusal.
It holds no secret and no connection: `bac` starts it with an empty environment. Nothing here imports Flask nor a database.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import IO, Any

from tdba.depots import lecture
from tdba.depots.cellules import Rangee
from tdba.depots.refus import Code, FichierRefuse

PAR_LOT = 100


def main(arguments: list[str]) -> int:
    """Read standard input as the file `nom`, under these limits. Returns 0, even when the file is refused."""
    memoire, secondes, lignes, nom = int(arguments[0]), int(arguments[1]), int(arguments[2]), arguments[3]
    _se_limiter(memoire, secondes)
    sortie = sys.stdout.buffer
    try:
        for trame in _trames(sys.stdin.buffer, nom, lignes):
            _ecrire(sortie, trame)
    except FichierRefuse as refuse:
        _ecrire(sortie, {"refus": refuse.code, "details": dict(refuse.details)})
    except MemoryError:
        _ecrire(sortie, {"refus": Code.TROP_LOURD, "details": {}})
    sortie.flush()
    return 0


def _se_limiter(memoire: int, secondes: int) -> None:
    """A limit that this system refuses (macOS for memory) is not set: the time out of the parent remains."""
    for quoi, combien, dur in (
        (resource.RLIMIT_DATA, memoire, memoire),
        # The soft limit says what happened by its own signal, which the hard one does not.
        (resource.RLIMIT_CPU, secondes, secondes + 5),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    ):
        try:
            resource.setrlimit(quoi, (combien, dur))
        except (ValueError, OSError):
            continue


def _trames(entree: IO[bytes], nom: str, lignes: int) -> Iterator[dict[str, Any]]:
    feuille = lecture.ouvrir(entree.read(), nom, lignes_maximales=lignes)
    yield {
        "genre": feuille.genre,
        "entetes": feuille.entetes,
        "rang_entete": feuille.rang_entete,
        "remarques": [[remarque.code, remarque.details] for remarque in feuille.remarques],
    }
    while lot := list(islice(feuille.lignes, PAR_LOT)):
        yield {"lignes": [_ligne(rangee) for rangee in lot]}
    yield {"fin": True}


def _ligne(rangee: Rangee) -> list[Any]:
    """A date is a list of one text, since JSON has none and a cell is never a list."""
    return [rangee[0], [[c.isoformat()] if isinstance(c, date) else c for c in rangee[1]]]


def _ecrire(sortie: IO[bytes], trame: dict[str, Any]) -> None:
    sortie.write(json.dumps(trame, separators=(",", ":")).encode("ascii") + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
