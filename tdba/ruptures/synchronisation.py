"""Keeping the files in step with the contracts, in the transaction that changes them (decisions 18 and 31).

Subscribed to `apres_parcours`: the intake calls it for thousands of effectifs, a correction for one. One statement
reads, at most two write, and only what differs. The files of ended contracts and of youths without one are written at
once for a few records, and by a job for a batch.
"""

from collections.abc import Sequence
from typing import Final

from tdba import horloge
from tdba.ruptures import ecarts, ouverture, sql_dossiers

TOUT_DE_SUITE: Final = 50
"""Up to how many records are one person's change, whose files are written in its transaction."""


def synchroniser(effectif_ids: Sequence[int]) -> None:
    """Open, move and close the files of these effectifs. Running it again changes nothing."""
    aligner(effectif_ids)
    if len(effectif_ids) <= TOUT_DE_SUITE:
        ouverture.ouvrir_parmi(effectif_ids, horloge.aujourd_hui())
    else:
        ouverture.demander(effectif_ids)


def aligner(effectif_ids: Sequence[int]) -> None:
    """Make the stored files those that the contracts ask for, without opening what only a day without contract opens."""
    lus = ecarts.lire(sql_dossiers.LIRE, effectif_ids)
    ecarts.ecrire([ecart for lu in lus for ecart in ecarts.ecarts(lu)])
