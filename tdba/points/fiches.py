"""What hangs on a record when it goes to the bin, comes back or moves: its points close, or open again.

What follows corrections and parcours is made right by its own subscriber; here is what nothing else would say at once.
"""

from typing import Final

from tdba import horloge, scope
from tdba.effectifs.suites import Suite
from tdba.points import service

RETENUE: Final = "RETENUE"
QUI_REVIENNENT: Final = ("PLUS_TRANSMIS", "TRANSFEREE", "A_REPORTER")
"""Genres found again by their own SELECT, cheap enough for a request. What is to be copied into the ERP is counted by
establishment: the one that a record leaves has fewer of them."""

CLORE_DE_LA_FICHE: Final = """
UPDATE point SET clos_le = %(le)s, maj_le = %(le)s
WHERE effectif_id = %(effectif_id)s AND clos_le IS NULL AND genre <> %(sauf)s
"""


def suivre(suite: Suite) -> None:
    """A record in the bin has nothing left to settle; back or moved, what its own columns say opens again."""
    if suite.nature == "RETRAIT":
        scope.connexion("points d’une fiche retirée").exec_driver_sql(
            CLORE_DE_LA_FICHE,
            {"effectif_id": suite.effectif_id, "sauf": RETENUE, "le": horloge.maintenant()},
        )
        return
    if suite.nature == "RESTAURATION":
        service.clore(RETENUE, suite.organisme_id, str(suite.effectif_id))
    for genre in QUI_REVIENNENT:
        service.remplacer(genre, {suite.organisme_id, suite.ancien_organisme_id})
