"""Jobs of the effectifs slice."""

from collections.abc import Callable

from tdba.effectifs import recalcul, reconnaissance
from tdba.jobs import tache


@tache("effectifs.recalculer_tout", longue=True, file="lourd")
def recalculer_tout(renouveler: Callable[[], None], part: int, parts: int, travail_id: int) -> None:
    """Recompute one part of all parcours."""
    recalcul.executer(renouveler, part=part, parts=parts, travail_id=travail_id)


@tache("effectifs.completer", longue=True, file="lourd", minutes=15)
def completer(renouveler: Callable[[], None]) -> None:
    """Complete the records that lacked what the référentiel has learnt since."""
    reconnaissance.completer_si_besoin(renouveler)


@tache("effectifs.signaler_codes_inconnus", minutes=1440)
def signaler_codes_inconnus() -> None:
    """List the codes that no import knows, and have the national API asked about them."""
    reconnaissance.signaler_codes_inconnus()
