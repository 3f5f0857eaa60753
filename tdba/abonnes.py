"""Who must know that parcours change: slices subscribe at boot, the one that computes announces (decision 38).

`avant_parcours` is announced with the ids of effectifs before anything of theirs is written, `apres_parcours` once
contracts, values and periods are in place; both in the transaction of the change, in the order of subscription.
A recomputation of whole organismes announces `refonte` alone, once all is in place, with the organismes it covers: what
is kept for each of them is then made again at once, rather than moved from one state to the next.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal

Moment = Literal["avant_parcours", "apres_parcours"]
Abonne = Callable[[Sequence[int]], None]

Refondeur = Callable[[Sequence[int], Sequence[int]], None]

_REFONDEURS: Final[list[Refondeur]] = []
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


def abonner_refonte(refondeur: Refondeur) -> None:
    """Call `refondeur` with the ids of the organismes, and of those of their effectifs that changed."""
    if refondeur not in _REFONDEURS:
        _REFONDEURS.append(refondeur)


def annoncer_refonte(organisme_ids: Sequence[int], effectif_ids: Sequence[int]) -> None:
    """Tell that most parcours of these organismes were computed again."""
    for refondeur in _REFONDEURS:
        refondeur(organisme_ids, effectif_ids)
