"""Reading a received file in a process of its own, that has limits: what it does cannot harm the worker.

Issue 4: "under 400 MB of memory for an .xlsx of 50,000 lines × 60 columns", after checks. The parent holds one block
of the file while it gives it, then one batch of rows at a time; the child ends with the reading, whatever happens.
"""

import json
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tdba.depots.cellules import Rangee
from tdba.depots.garde import MO, TAILLE_MAXIMALE, Genre
from tdba.depots.lecture import LIGNES_MAXIMALES, Feuille
from tdba.depots.refus import Code, CodeRemarque, FichierRefuse, Remarque

_RACINE = Path(__file__).resolve().parents[2]
# Isolated (-I): neither the variables nor the folder of the caller decide what is imported; only our own root does.
_LANCEMENT = "import sys; sys.path.insert(0, sys.argv.pop(1)); from tdba.depots.enfant import main; sys.exit(main(sys.argv[1:]))"
_PAR_LECTURE = 1 << 16
_TRAME_MAXIMALE = 64 * MO
_SORTIE_SOUS_SIGNAL = 10.0


class Limites(NamedTuple):
    """What a child may use. Measured by `benchmarks/fichiers.py`; above, the file is refused."""

    memoire: int = 420 * MO
    """Of data, in bytes (RLIMIT_DATA): what it asks for, a sixth more than what it fills; 400 MB are never filled."""
    processeur: int = 60
    """Seconds of processor."""
    attente: float = 120.0
    """Seconds that the parent waits for it in all, its own work not counted."""
    lignes: int = LIGNES_MAXIMALES


LIMITES = Limites()


@contextmanager
def ouvrir(blocs: Iterable[bytes], nom: str, *, limites: Limites = LIMITES) -> Iterator[Feuille]:
    """Open a received file, given by blocks, for the time of a `with`; its rows are read as they are asked for.

    Raises FichierRefuse, at the opening or while rows are read: TROP_LONG and TROP_LOURD when a limit stopped the child.
    """
    commande = [sys.executable, "-I", "-c", _LANCEMENT, str(_RACINE)]
    commande += [str(limites.memoire), str(limites.processeur), str(limites.lignes), _nom_sur(nom)]
    # The command is ours but for the name of the file, which is an argument of its own, never read by a shell.
    enfant = subprocess.Popen(  # noqa: S603
        commande, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )
    try:
        _donner(enfant, blocs)
        trames = _trames(enfant, limites.attente)
        yield _feuille(next(trames), trames)
    finally:
        _finir(enfant)


def _nom_sur(nom: str) -> str:
    """A name of file as an argument may carry it; only its end is looked at."""
    return nom.replace("\x00", "")[-200:].encode("utf-8", "replace").decode()


def _donner(enfant: subprocess.Popen[bytes], blocs: Iterable[bytes]) -> None:
    """Write the file on its standard input: it reads everything before it answers, so neither waits for the other."""
    assert enfant.stdin is not None  # noqa: S101 - asked for above
    taille = 0
    # A child that is already dead says why by its exit, looked at by `_trames`.
    with suppress(BrokenPipeError):
        for bloc in blocs:
            taille += len(bloc)
            if taille > TAILLE_MAXIMALE:
                raise FichierRefuse(Code.TROP_GROS, maximum=TAILLE_MAXIMALE // MO)
            enfant.stdin.write(bloc)
        enfant.stdin.flush()
    with suppress(BrokenPipeError):
        enfant.stdin.close()


def _trames(enfant: subprocess.Popen[bytes], attente: float) -> Iterator[dict[str, Any]]:
    """Yield what the child says. Raises FichierRefuse when it refuses, or stops before its end."""
    assert enfant.stdout is not None  # noqa: S101 - asked for above
    flux = enfant.stdout.fileno()
    recu = bytearray()
    while True:
        depart = time.monotonic()
        pret, _, _ = select.select([flux], [], [], max(attente, 0.0))
        attente -= time.monotonic() - depart
        if not pret:
            raise FichierRefuse(Code.TROP_LONG)
        morceau = enfant.stdout.read1(_PAR_LECTURE)  # type: ignore[attr-defined]
        if not morceau or len(recu) > _TRAME_MAXIMALE:
            raise FichierRefuse(_cause(enfant))
        *entieres, reste = (recu + morceau).split(b"\n") if b"\n" in morceau else (recu + morceau,)
        recu = bytearray(reste)
        for entiere in entieres:
            trame: dict[str, Any] = json.loads(entiere)
            if "refus" in trame:
                raise FichierRefuse(Code(trame["refus"]), **trame["details"])
            if "fin" in trame:
                return
            yield trame


def _cause(enfant: subprocess.Popen[bytes]) -> Code:
    """Say why a child ended without its last word: the signal that stopped it tells."""
    try:
        sortie = enfant.wait(_SORTIE_SOUS_SIGNAL)
    except subprocess.TimeoutExpired:
        return Code.TROP_LONG
    if sortie in (-signal.SIGXCPU, -signal.SIGALRM):
        return Code.TROP_LONG
    # Aborted by an allocation that was refused, or ended by the system short of memory.
    if sortie in (-signal.SIGABRT, -signal.SIGKILL):
        return Code.TROP_LOURD
    return Code.ABIME


def _feuille(tete: dict[str, Any], trames: Iterator[dict[str, Any]]) -> Feuille:
    return Feuille(
        Genre(tete["genre"]),
        tuple(tete["entetes"]),
        tete["rang_entete"],
        tuple(Remarque(CodeRemarque(code), details) for code, details in tete["remarques"]),
        _rangees(trames),
    )


def _rangees(trames: Iterator[dict[str, Any]]) -> Iterator[Rangee]:
    for trame in trames:
        for rang, cellules in trame["lignes"]:
            yield rang, [date.fromisoformat(c[0]) if type(c) is list else c for c in cellules]


def _finir(enfant: subprocess.Popen[bytes]) -> None:
    """End a child that is of no more use, finished or not, and leave nothing of it."""
    enfant.kill()
    for tuyau in (enfant.stdin, enfant.stdout):
        if tuyau is not None:
            with suppress(BrokenPipeError):
                tuyau.close()
    enfant.wait()
