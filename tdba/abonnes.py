"""Who must know that parcours change: slices subscribe at boot, the one that computes announces (decision 38).

`avant_parcours` is announced with the ids of effectifs before anything of theirs is written, `apres_parcours` once
contracts, values and periods are in place; both in the transaction of the change, in the order of subscription.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal

Moment = Literal["avant_parcours", "apres_parcours"]
Abonne = Callable[[Sequence[int]], None]

_ABONNES: Final[dict[Moment, list[Abonne]]] = {"avant_parcours": [], "apres_parcours": []}


def abonner(moment: Moment, abonne: Abonne) -> None:
    """Call `abonne` with the ids of the effectifs concerned at each such moment. Subscribing twice is once."""
    if abonne not in _ABONNES[moment]:
        _ABONNES[moment].append(abonne)


def annoncer(moment: Moment, effectif_ids: Sequence[int]) -> None:
    """Tell every subscriber; an exception of one refuses the whole change."""
    if effectif_ids:
        for abonne in _ABONNES[moment]:
            abonne(effectif_ids)
