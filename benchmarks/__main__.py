"""Every measure, in order, on one database of `BENCH_EFFECTIFS` records (a million by default).

`python -m benchmarks statuts pages fiches` chooses; without a name, all of them run.
"""

import os
import sys
from collections.abc import Callable, Sequence

from benchmarks import (
    anomalies,
    depots,
    doublons,
    exports,
    fiches,
    fichiers,
    lignes,
    pages,
    recalcul,
    reception,
    ruptures,
    sifa,
    statuts,
    vigilance,
)
from benchmarks.base import preparer
from benchmarks.rapport import Ligne, imprimer

EFFECTIFS = int(os.environ.get("BENCH_EFFECTIFS", "1000000"))


def _statuts() -> list[Ligne]:
    m = statuts.mesurer()
    return [
        Ligne(
            "status engine, reasons included",
            m["parcours"],
            "parcours/s",
            m["plancher"],
            "one step built",
            100_000,
        )
    ]


def _lignes() -> list[Ligne]:
    m = lignes.mesurer()
    return [
        Ligne(
            "line of the intake read (37 fields)",
            m["lire"],
            "lines/s",
            m["plancher_json"],
            "json.loads",
            None,
        )
    ]


PURES: dict[str, Callable[[], list[Ligne]]] = {
    "statuts": _statuts,
    "lignes": _lignes,
    "fichiers": fichiers.mesurer,
}
AVEC_BASE: dict[str, Callable[[int], list[Ligne]]] = {
    "recalcul": recalcul.mesurer,
    "pages": pages.mesurer,
    "reception": reception.mesurer,
    "depots": depots.mesurer,
    # Before the lists, which filter on what it finds.
    "anomalies": anomalies.mesurer,
    "fiches": fiches.mesurer,
    "doublons": doublons.mesurer,
    "exports": exports.mesurer,
    "sifa": sifa.mesurer,
    # It breaks contracts of one CFA: after what is measured on the seed as it is.
    "ruptures": ruptures.mesurer,
    "vigilance": vigilance.mesurer,
}


def main(choix: Sequence[str]) -> int:
    """Run the chosen measures. Returns 1 when a budget is missed."""
    voulues = list(choix) or [*PURES, *AVEC_BASE]
    inconnues = [nom for nom in voulues if nom not in PURES | AVEC_BASE]
    if inconnues:
        print(f"unknown: {', '.join(inconnues)}; known: {', '.join([*PURES, *AVEC_BASE])}")
        return 2
    tenus = True
    for nom in voulues:
        if nom in PURES:
            tenus &= imprimer(nom, PURES[nom]())
    if any(nom in AVEC_BASE for nom in voulues):
        preparer(EFFECTIFS)
    for nom in voulues:
        if nom in AVEC_BASE:
            tenus &= imprimer(nom, AVEC_BASE[nom](EFFECTIFS))
    return 0 if tenus else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
