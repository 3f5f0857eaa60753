"""A sending that is read and answered as any other, and of which nothing is stored."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tdba import journal
from tdba.transmissions import service
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.service import LigneStockee

RANGS_MAX: Final = 20
"""Lines named for each cause; the others are found in the answer itself."""


class Cause(NamedTuple):
    """One reason of refusal: how many lines it refuses, and the first of them."""

    champ: str
    message: str
    nombre: int
    rangs: list[int]


class Essai(NamedTuple):
    lignes: list[LigneStockee]
    refusees: int
    causes: list[Cause]


def essayer(recues: Sequence[object], emetteur: Emetteur, *, source: str) -> Essai:
    """Read lines under every rule, the sender's permission included. Journaled with counts; the caller commits."""
    lues = service.examiner(recues, emetteur, source=source)
    refusees = sum(1 for ligne in lues if ligne.erreurs)
    journal.consigner("transmission.essayee", lignes=len(lues), refusees=refusees)
    return Essai(lues, refusees, causes(lues))


def causes(lignes: Sequence[LigneStockee]) -> list[Cause]:
    """The reasons of refusal, the most frequent first."""
    rangs: dict[tuple[str, str], list[int]] = {}
    for rang, ligne in enumerate(lignes, start=1):
        for erreur in ligne.erreurs:
            cle = (erreur["path"][0] if erreur["path"] else "", erreur["message"])
            rangs.setdefault(cle, []).append(rang)
    trouvees = [
        Cause(champ, message, len(siens), siens[:RANGS_MAX]) for (champ, message), siens in rangs.items()
    ]
    return sorted(trouvees, key=lambda c: (-c.nombre, c.champ, c.message))
