"""One loading process of `flask demo semer`: its share of the organismes, a batch of records a transaction.

Run by `demo_semis` as `python -m tdba.local.demo_semis_partie <json>`. Prints how many records each batch committed.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from psycopg import Connection, sql

from tdba.local import demo_semis
from tdba.local.demo_semis_base import copier
from tdba.local.demo_semis_lignes import COLONNES_CONTRAT, COLONNES_EFFECTIF, COLONNES_SOURCE, rangees
from tdba.local.demo_semis_plan import Commande, Seme, planifier

LOT: Final = 10_000
TABLES: Final = (
    ("effectif", COLONNES_EFFECTIF),
    ("contrat", COLONNES_CONTRAT),
    ("effectif_source", COLONNES_SOURCE),
)

Rangees = list[Sequence[Any]]


def charger(connexion: Connection[Any], commande: Commande, part: int, parts: int) -> Iterator[int]:
    """Load one organisme out of `parts`, starting at number `part`; yield the records of each committed batch."""
    preparer(connexion)
    connexion.commit()
    for lot in _lots(planifier(commande).organismes[part::parts]):
        nombre = charger_lot(connexion, commande, lot)
        connexion.commit()
        yield nombre


def preparer(connexion: Connection[Any]) -> None:
    """Make the temporary tables where COPY is allowed."""
    for table, _ in TABLES:
        connexion.execute(
            sql.SQL("CREATE TEMP TABLE {} (LIKE {} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS").format(
                sql.Identifier(f"arrivee_{table}"), sql.Identifier(table)
            )
        )


def charger_lot(connexion: Connection[Any], commande: Commande, lot: Sequence[Seme]) -> int:
    """Write the records of some organismes, in the transaction of the caller; return how many."""
    effectifs: Rangees = []
    contrats: Rangees = []
    sources: Rangees = []
    for seme in lot:
        for effectif, siens, source in rangees(seme, commande):
            effectifs.append(effectif)
            contrats += siens
            if source is not None:
                sources.append(source)
    for (table, colonnes), lues in zip(TABLES, (effectifs, contrats, sources), strict=True):
        if lues:
            _verser(connexion, table, colonnes, lues)
    return len(effectifs)


def _lots(semes: Sequence[Seme]) -> Iterator[list[Seme]]:
    """Organismes in order, together as long as they make less than a batch of records."""
    lot: list[Seme] = []
    for seme in semes:
        lot.append(seme)
        if sum(s.effectifs for s in lot) >= LOT:
            yield lot
            lot = []
    if lot:
        yield lot


def _verser(connexion: Connection[Any], table: str, colonnes: Sequence[str], lues: Rangees) -> None:
    copier(connexion, f"arrivee_{table}", colonnes, lues)
    noms = sql.SQL(", ").join(map(sql.Identifier, colonnes))
    connexion.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
            sql.Identifier(table), noms, noms, sql.Identifier(f"arrivee_{table}")
        )
    )


def main(argument: str) -> None:
    demande = json.loads(argument)
    part, parts = demande.pop("part"), demande.pop("parts")
    commande = Commande(**{**demande, "jour": date.fromisoformat(demande["jour"])})
    with demo_semis.ouvrir() as connexion:
        for nombre in charger(connexion, commande, part, parts):
            # One write: the processes share the pipe, and an unbuffered `print` sends its end of line apart.
            sys.stdout.write(f"{nombre}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
