"""Jobs of the effectifs slice."""

from collections.abc import Callable

from tdba.effectifs import recalcul
from tdba.jobs import tache


@tache("effectifs.recalculer_tout", longue=True, file="lourd")
def recalculer_tout(renouveler: Callable[[], None], part: int, parts: int, travail_id: int) -> None:
    """Recompute one part of all parcours."""
    recalcul.executer(renouveler, part=part, parts=parts, travail_id=travail_id)
