"""Weighted draws for the demo generators. Pure: the only randomness is the `random.Random` given."""

from bisect import bisect
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Roue(Generic[T]):
    """A wheel whose sectors have the given weights; drawing costs one random number and one bisection."""

    def __init__(self, secteurs: Iterable[tuple[T, float]]) -> None:
        paires = [(valeur, poids) for valeur, poids in secteurs if poids > 0]
        total = sum(poids for _, poids in paires)
        self._valeurs = [valeur for valeur, _ in paires]
        self._seuils = list(accumulate(poids / total for _, poids in paires))[:-1]

    def tirer(self, alea: Random) -> T:
        return self.a(alea.random())

    def a(self, hasard: float) -> T:
        """The sector at that place of the wheel, from 0 to 1."""
        return self._valeurs[bisect(self._seuils, hasard)]


def generateur(graine: int, *cle: object) -> Random:
    """A generator of its own for each subject: what one CFA draws never depends on the others."""
    return Random("/".join(map(str, (graine, *cle))))  # noqa: S311 - the same data each time, not secrecy
