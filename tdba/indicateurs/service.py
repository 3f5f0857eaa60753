"""Keeping the counting tables (decision 29): in the transaction of each change, and small.

What an effectif contributes is a sum of signed rows. Its contribution is read before a change and after it, and the
difference is added; whatever the order of the changes, the sum of all rows is what the effectifs say now.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from tdba import journal, scope
from tdba.db import db
from tdba.indicateurs import sql
from tdba.organismes.models import Organisme

NOUVELLES_MIN: Final = 50
"""New rows of an organisme below which its compaction is not worth a write."""
LOT: Final = 50
"""Organismes in one batch of compaction, reconstruction or proof."""


class Ecart(NamedTuple):
    """A key whose sum is not what the parcours and the files say; `n` is how many it counts in excess."""

    table: str
    organisme_id: int
    cle: tuple[str, ...]
    n: int


def retirer(effectif_ids: Sequence[int]) -> None:
    """Lock these effectifs and keep what they contribute as they stand. Subscribed to `avant_parcours`."""
    connexion = scope.connexion(sql.RAISON)
    connexion.exec_driver_sql(sql.VERROUILLER_EFFECTIFS, {"ids": list(effectif_ids)})
    connexion.exec_driver_sql(sql.RETENIR, {"ids": list(effectif_ids)})


def ajouter(effectif_ids: Sequence[int]) -> None:
    """Write what these effectifs contribute now, less what was kept. Subscribed to `apres_parcours`.

    It comes after the slice that writes the files of ruptures: their dates are counted too.
    """
    connexion = scope.connexion(sql.RAISON)
    neuves = connexion.exec_driver_sql(sql.RIEN_RETENU).scalar_one()
    connexion.exec_driver_sql(sql.INSCRIRE_NEUVES if neuves else sql.INSCRIRE, {"ids": list(effectif_ids)})


def compacter(organisme_ids: Sequence[int]) -> None:
    """Fold the movements into curves, merge the waits of one key, drop what sums to zero. No figure changes."""
    _executer_seul(sql.COMPACTER, organisme_ids)


def compacter_tout(renouveler: Callable[[], None], *, seuil: int = NOUVELLES_MIN) -> None:
    """Compact the organismes that have `seuil` new rows or more. `renouveler` commits each batch."""
    trouves = scope.connexion(sql.RAISON).exec_driver_sql(sql.A_COMPACTER, {"seuil": seuil}).scalars().all()
    for lot in _par_lots(trouves):
        compacter(lot)
        renouveler()


def reconstruire(organisme_ids: Sequence[int]) -> None:
    """Write again every row of these organismes from their effectifs, and say so in the journal."""
    redessiner(organisme_ids)
    journal.consigner("indicateurs.reconstruits", organismes=len(organisme_ids))


def redessiner(organisme_ids: Sequence[int], _effectif_ids: Sequence[int] = ()) -> None:
    """Draw the curves of these organismes from their effectifs. Subscribed to bulk recomputations.

    Changes in progress keep their effect: what they append is not erased, since it is not seen.
    """
    _executer_seul(sql.RECONSTRUIRE, organisme_ids)


def verifier(organisme_ids: Sequence[int]) -> list[Ecart]:
    """Compare the rows with the periods and the files. An empty answer is the proof."""
    connexion = scope.connexion(sql.RAISON)
    ecarts: list[Ecart] = []
    for table, requete in sql.VERIFIER.items():
        for organisme_id, *cle, n in connexion.exec_driver_sql(requete, {"ids": list(organisme_ids)}):
            ecarts.append(Ecart(table, organisme_id, tuple(cle), int(n)))
    return ecarts


def lots_d_organismes(choisis: Sequence[int] = ()) -> list[Sequence[int]]:
    """Every organisme, or those chosen, in order, by batches."""
    requete = select(Organisme.id).order_by(Organisme.id)
    if choisis:
        requete = requete.where(Organisme.id.in_(choisis))
    return _par_lots(db.session.execute(requete).scalars().all())


def _par_lots(organisme_ids: Sequence[int]) -> list[Sequence[int]]:
    return [organisme_ids[debut : debut + LOT] for debut in range(0, len(organisme_ids), LOT)]


def _executer_seul(requetes: Sequence[str], organisme_ids: Sequence[int]) -> None:
    connexion = scope.connexion(sql.RAISON)
    parametres: dict[str, Any] = {"ids": sorted(organisme_ids)}
    connexion.exec_driver_sql(sql.VERROUILLER_ORGANISMES, parametres)
    for requete in requetes:
        connexion.exec_driver_sql(requete, parametres)
