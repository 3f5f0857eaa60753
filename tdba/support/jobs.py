"""Jobs that belong to nobody: the journal's seals, and the daily purge. Sessions are purged by `comptes`."""

from collections.abc import Callable

from tdba import horloge
from tdba.jobs import tache
from tdba.support import entretien


@tache("journal.sceller", minutes=1)
def sceller() -> None:
    """Seal what was written since the last time."""
    entretien.sceller()


@tache("entretien.purger", longue=True, file="lourd", minutes=1440)
def purger(renouveler: Callable[[], None]) -> None:
    """Forget raw lines and works past their time."""
    entretien.purger(renouveler, horloge.maintenant())
