"""Records as they were before a file changed them, and putting them back (decision 17).

Taken and put back by jobs, in the transaction of the change. What something newer touched since, a correction, an ERP,
another file, the bin, is left as it is and named: undoing never destroys what came after.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from tdba import abonnes, horloge, scope
from tdba.db import table_de
from tdba.effectifs import parcours, sql_apercu
from tdba.effectifs.models import Contrat, Effectif
from tdba.tableaux import nombres

_GARDEES: Final = frozenset({"id", "version", "organisme_id", "empreinte_parcours"})
_EFFECTIF: Final = [c.name for c in table_de(Effectif).columns if c.name not in _GARDEES]
_CONTRAT: Final = [c.name for c in table_de(Contrat).columns]


class Retour(NamedTuple):
    """What undoing did: records put back, removed because the file had created them, left because newer."""

    retablies: list[int]
    supprimees: list[int]
    laissees: list[int]


def prendre(connexion: Connection, transmission_id: int, effectif_ids: Sequence[int]) -> None:
    """Keep the rows of records about to change."""
    if effectif_ids:
        _executer(connexion, sql_apercu.IMAGES, transmission_id, effectif_ids)


def dater(
    connexion: Connection, transmission_id: int, *, crees: Sequence[int], changes: Sequence[int]
) -> None:
    """Note the versions that the change left: what tells later that nothing newer came."""
    if crees:
        _executer(connexion, sql_apercu.NAISSANCES, transmission_id, crees)
    if changes:
        _executer(connexion, sql_apercu.VERSIONS, transmission_id, changes)


def retablir(transmission_id: int, organisme_id: int, *, sauf: frozenset[int]) -> Retour:
    """Put back what this transmission changed in this organisme, but for what is newer and for `sauf`.

    The caller holds the organisme's lock. Parcours, rupture files and figures follow in the same transaction.
    """
    connexion = scope.connexion("annulation d’un import")
    parametres = {"transmission_id": transmission_id, "organisme_id": organisme_id}
    etats = connexion.exec_driver_sql(sql_apercu.ETAT, parametres).all()
    intacts = {
        effectif_id: creee for effectif_id, creee, intacte in etats if intacte and effectif_id not in sauf
    }
    supprimees = [effectif_id for effectif_id, creee in intacts.items() if creee]
    retablies = [effectif_id for effectif_id, creee in intacts.items() if not creee]
    abonnes.annoncer("avant_parcours", list(intacts))
    if retablies:
        _retablir(connexion, transmission_id, retablies)
    if supprimees:
        connexion.exec_driver_sql(sql_apercu.SUPPRIMER, {"ids": nombres(supprimees)})
    abonnes.annoncer("apres_parcours", list(intacts))
    return Retour(retablies, supprimees, [e for e, _, _ in etats if e not in intacts])


def _retablir(connexion: Connection, transmission_id: int, ids: Sequence[int]) -> None:
    for sql in (
        sql_apercu.DISJOINDRE,
        sql_apercu.RETABLIR_EFFECTIFS.format(colonnes=_noms(_EFFECTIF), lues=_noms(_EFFECTIF, "n")),
        sql_apercu.EFFACER_CONTRATS,
        sql_apercu.RETABLIR_CONTRATS.format(
            colonnes=_noms(_CONTRAT), lues=_noms(_CONTRAT, "n"), exclues=_noms(_CONTRAT, "excluded")
        ),
        sql_apercu.RETABLIR_CORRECTIONS,
        sql_apercu.EFFACER_SOURCES,
        sql_apercu.RETABLIR_SOURCES,
    ):
        _executer(connexion, sql, transmission_id, ids)
    parcours.recalculer(ids)


def _noms(colonnes: Sequence[str], prefixe: str = "") -> str:
    return ", ".join(f"{prefixe}.{nom}" if prefixe else nom for nom in colonnes)


def _executer(connexion: Connection, sql: str, transmission_id: int, ids: Sequence[int]) -> Any:
    parametres = {"transmission_id": transmission_id, "ids": nombres(ids), "le": horloge.maintenant()}
    return connexion.exec_driver_sql(sql, parametres)
