"""Writing received records by whole batches: one statement, one parameter that holds every row.

Forty columns for each of a thousand rows, one parameter each, cost the driver four times what PostgreSQL takes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection

from tdba.effectifs import sql_reception
from tdba.tableaux import enregistrements, nombres, textes

Rangee = Mapping[str, Any]
_RANGEES: Final = "json_populate_recordset(NULL::effectif, %(rangees)s::json)"


def creer(connexion: Connection, rangees: Sequence[Rangee]) -> list[int]:
    """Insert these effectifs of one organisme, each key once; returns their ids in the same order."""
    if not rangees:
        return []
    crees = connexion.exec_driver_sql(_insertion(tuple(rangees[0])), {"rangees": enregistrements(rangees)})
    par_cle = {(annee, id_erp): effectif_id for effectif_id, annee, id_erp in crees}
    return [par_cle[rangee["annee_scolaire"], rangee["id_erp"]] for rangee in rangees]


def modifier(connexion: Connection, rangees: Sequence[Rangee]) -> None:
    """Give these effectifs, found by `id`, the values of the other keys; each is one version newer."""
    if rangees:
        connexion.exec_driver_sql(_modification(tuple(rangees[0])), {"rangees": enregistrements(rangees)})


def ecrire_sources(
    connexion: Connection, rangees: Sequence[tuple[int, str, str, bytes]], **envoi: int | str | datetime
) -> None:
    """Keep what a source said: (effectif id, année scolaire, values as JSON, fingerprint) each."""
    if rangees:
        ids, annees, valeurs, empreintes = zip(*rangees, strict=True)
        connexion.exec_driver_sql(
            sql_reception.SOURCE,
            envoi
            | {
                "ids": nombres(ids),
                "annees": textes(annees),
                "valeurs": textes(valeurs),
                "empreintes": textes(e.hex() for e in empreintes),
            },
        )


@cache
def _insertion(colonnes: tuple[str, ...]) -> str:
    noms = ", ".join(colonnes)
    lues = ", ".join(f"n.{nom}" for nom in colonnes)
    return f"INSERT INTO effectif ({noms}) SELECT {lues} FROM {_RANGEES} AS n RETURNING id, annee_scolaire, id_erp"  # noqa: S608 - names of columns


@cache
def _modification(colonnes: tuple[str, ...]) -> str:
    donnees = [nom for nom in colonnes if nom != "id"]
    noms, lues = ", ".join(donnees), ", ".join(f"n.{nom}" for nom in donnees)
    return f"UPDATE effectif e SET ({noms}) = ROW({lues}), version = e.version + 1 FROM {_RANGEES} AS n WHERE e.id = n.id"  # noqa: S608 - names of columns
