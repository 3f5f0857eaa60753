"""Jobs of the files: opened by themselves, notes erased in time."""

from collections.abc import Callable

from tdba import horloge
from tdba.jobs import tache
from tdba.ruptures import departs, notes, ouverture, verification


@tache("ruptures.ouvrir")
def ouvrir(organisme_id: int) -> None:
    """After an intake: write the files of an establishment that its new dates ask for."""
    ouverture.ouvrir_etablissement(organisme_id, horloge.aujourd_hui())


@tache("ruptures.ouvrir_du_jour", longue=True, file="lourd", minutes=1440)
def ouvrir_du_jour(renouveler: Callable[[], None]) -> None:
    """Every night: write the files that the new day asks for."""
    ouverture.ouvrir_du_jour(renouveler, horloge.aujourd_hui())


@tache("ruptures.constater_les_departs", longue=True, file="lourd", minutes=1440)
def constater_les_departs(renouveler: Callable[[], None]) -> None:
    """Every night: close the files of those who entered a CFA of another family."""
    departs.constater(renouveler, horloge.aujourd_hui())


@tache("ruptures.purger_notes", longue=True, minutes=1440)
def purger_notes(renouveler: Callable[[], None]) -> None:
    """Every night: erase the notes whose last day has passed."""
    notes.purger(renouveler, horloge.aujourd_hui())


@tache("ruptures.verifier", longue=True, file="lourd", minutes=10_080)
def verifier(renouveler: Callable[[], None]) -> None:
    """Every week: compare every file with the contracts, and say in the journal how many differ."""
    verification.verifier(renouveler)
