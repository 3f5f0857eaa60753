"""Keeping apart what transmissions say of a disability: `sifa_fiche.recues`, by source, and nowhere else (decision 16)."""

import json
from datetime import date

from sqlalchemy import Connection

from tdba.effectifs.a_part import Apart
from tdba.sifa import sql
from tdba.tableaux import nombres, textes


def garder(connexion: Connection, lot: Apart) -> None:
    """Write what a batch says, forget what it no longer says: two statements at most whatever its size."""
    commun = {"source": lot.source, "le": lot.le}
    if lot.dits:
        ecrits = [
            json.dumps(dict(dits), default=date.isoformat, sort_keys=True) for dits in lot.dits.values()
        ]
        connexion.exec_driver_sql(
            sql.RECUES,
            commun
            | {
                "organisme_id": lot.organisme_id,
                "ids": nombres(lot.dits),
                "valeurs": textes(ecrits),
            },
        )
    if lot.muets:
        connexion.exec_driver_sql(sql.TUES, commun | {"ids": nombres(lot.muets)})
