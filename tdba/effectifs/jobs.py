"""Jobs of the effectifs slice."""

from collections.abc import Callable

from tdba import horloge
from tdba.effectifs import corbeille, execution_groupee, recalcul, reconnaissance, service_groupees
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


@tache("effectifs.signaler_employeurs", minutes=1440)
def signaler_employeurs() -> None:
    """Every day: list the employers that nobody asked the public register about."""
    reconnaissance.signaler_employeurs()


@tache("effectifs.vider_la_corbeille", longue=True, minutes=1440)
def vider_la_corbeille(renouveler: Callable[[], None]) -> None:
    """Every night: erase what has been in the bin for thirty days."""
    corbeille.vider(renouveler, horloge.maintenant())


@tache("effectifs.action_groupee", longue=True)
def action_groupee(renouveler: Callable[[], None], action_id: int) -> None:
    """Do, or undo, a bulk action."""
    execution_groupee.executer(renouveler, action_id)


@tache("effectifs.oublier_les_actions", minutes=1440)
def oublier_les_actions() -> None:
    """Every night: forget old bulk actions, and those that nobody confirmed."""
    service_groupees.oublier(horloge.maintenant())
