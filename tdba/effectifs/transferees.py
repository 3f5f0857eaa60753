"""Lines that a former site's ERP still sends about records moved elsewhere by a person: known, so that they are held."""

from collections.abc import Collection

from sqlalchemy import Connection

from tdba.effectifs import sql_reception

Cle = tuple[str, str]
"""A school year and a number in the ERP."""


def ailleurs(connexion: Connection, organisme_id: int, cles: Collection[Cle]) -> dict[Cle, int]:
    """Of the keys that this establishment holds no record of, those of a record that left it: key → that record."""
    parametres = {"organisme_id": organisme_id}
    # Few establishments have any: the keys are compared for those alone.
    if not cles or not connexion.exec_driver_sql(sql_reception.A_DES_TRANSFERTS, parametres).scalar_one():
        return {}
    lues = connexion.exec_driver_sql(
        sql_reception.TRANSFEREES,
        {**parametres, "annees": [annee for annee, _ in cles], "ids_erp": [id_erp for _, id_erp in cles]},
    )
    return {(annee, id_erp): effectif_id for annee, id_erp, effectif_id in lues}
