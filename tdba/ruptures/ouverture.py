"""Writing by themselves the files of ended contracts and of youths without one (issue 6, part 2).

Until then such a youth is shown all the same, read off the statuses of the day. A file is written for who is in that
case on the day, never for days already over; `synchronisation` keeps it in step from then on.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from tdba import journal, scope
from tdba.effectifs.annees import comptees
from tdba.jobs import enqueue_after_commit
from tdba.ruptures import ecarts, sql_dossiers
from tdba.ruptures.ecarts import Ecart

LOT: Final = 2000
"""Records of one batch of the long job: bounds its memory and the time it holds its locks."""


def ouvrir_parmi(effectif_ids: Sequence[int], jour: date) -> int:
    """Write the missing files of these records, in the transaction of their change. Returns how many."""
    return _ecrire(a_ouvrir_parmi(effectif_ids, jour))


def ouvrir_etablissement(organisme_id: int, jour: date) -> int:
    """Write the missing files of one establishment, after its intake. Returns how many."""
    ids = _candidats(sql_dossiers.CANDIDATS_DE, jour, organisme_id=organisme_id)
    ecrits = _ecrire(_a_ouvrir(tenir(ids), jour))
    if ecrits:
        journal.consigner("dossiers.ouverts", organisme_id=organisme_id, nombre=ecrits)
    return ecrits


def ouvrir_du_jour(renouveler: Callable[[], None], jour: date) -> int:
    """Write the missing files of the whole nation, by batches. Returns how many."""
    ids = _candidats(sql_dossiers.CANDIDATS_TOUS, jour)
    ecrits = 0
    for debut in range(0, len(ids), LOT):
        ecrits += _ecrire(_a_ouvrir(tenir(ids[debut : debut + LOT]), jour))
        renouveler()
    if ecrits:
        journal.consigner("dossiers.ouverts", nombre=ecrits)
    return ecrits


def demander(effectif_ids: Sequence[int]) -> None:
    """Ask for the files of a large batch to be written after it, establishment by establishment (decision 18)."""
    organismes = scope.connexion("établissements d’un lot").exec_driver_sql(
        sql_dossiers.ETABLISSEMENTS, {"ids": list(effectif_ids)}
    )
    for organisme_id in organismes.scalars().all():
        enqueue_after_commit("ruptures.ouvrir", organisme_id=organisme_id)


def a_ouvrir_parmi(effectif_ids: Sequence[int], jour: date) -> list[Ecart]:
    """The files of these records that are missing on `jour`."""
    return _a_ouvrir(_candidats(sql_dossiers.CANDIDATS_PARMI, jour, ids=list(effectif_ids)), jour)


def tenir(effectif_ids: Sequence[int]) -> list[int]:
    """Those of these records that nobody is changing, held until the end of the transaction."""
    if not effectif_ids:
        return []
    tenues = scope.connexion("fiches dont le dossier s’écrit").exec_driver_sql(
        sql_dossiers.TENIR, {"ids": list(effectif_ids)}
    )
    return list(tenues.scalars())


def _candidats(sql: str, jour: date, **filtre: Any) -> list[int]:
    """Who waits for a contract on `jour` without a file, by one of the `CANDIDATS` of `sql_dossiers`."""
    annees = comptees(jour)
    parametres = {"jour": jour, "annees": list(annees), "premiere": min(annees), **filtre}
    return list(scope.connexion("jeunes sans dossier").exec_driver_sql(sql, parametres).scalars())


def _a_ouvrir(effectif_ids: Sequence[int], jour: date) -> list[Ecart]:
    if not effectif_ids:
        return []
    lus = ecarts.lire(sql_dossiers.LIRE_CES_FICHES, effectif_ids)
    return [ecart for lu in lus for ecart in ecarts.a_ouvrir(lu, jour)]


def _ecrire(nouveaux: Sequence[Ecart]) -> int:
    ecarts.ecrire(nouveaux)
    return len(nouveaux)
