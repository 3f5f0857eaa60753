"""Notes are erased after the day their author gave, or the one by default; the step itself stays (issue 6, part 2)."""

from collections.abc import Callable
from datetime import date
from typing import Final

from tdba import journal, scope

LOT: Final = 5000

EFFACER: Final = """
UPDATE demarche SET note = NULL
WHERE id IN (SELECT id FROM demarche WHERE note IS NOT NULL AND note_jusqu_au < %(jour)s ORDER BY id LIMIT %(lot)s)
"""


def purger(renouveler: Callable[[], None], jour: date) -> int:
    """Erase the notes kept until a day before `jour`. Returns how many. Runs as the system."""
    total = 0
    while (
        nombre := scope.connexion("notes échues")
        .exec_driver_sql(EFFACER, {"jour": jour, "lot": LOT})
        .rowcount
    ):
        total += nombre
        renouveler()
    if total:
        journal.consigner("dossiers.notes_effacees", nombre=total)
    return total
