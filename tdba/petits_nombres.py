"""Small counts: what is written in the place of a number that would say something of one person (decision 28). Pure.

Numbers from 1 to k − 1 read "< k"; k comes from the configuration, by audience. When what remains of a published total would still give one of them away, another
number of the same line or column is left out too ("secondary suppression"). Nobody's own figures go through here.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

INSECABLE: Final = "\N{NO-BREAK SPACE}"


class Cache(Enum):
    """Why a number is not written."""

    PETIT = "PETIT"
    """Between 1 and k − 1."""
    RETENU = "RETENU"
    """Left out so that no subtraction gives a small one."""


Case = int | Cache


def seul(n: int, k: int) -> Case:
    """A number that belongs to no published sum."""
    return Cache.PETIT if 0 < n < k else n


def repartition(nombres: Sequence[int], k: int) -> list[Case]:
    """The parts of a total that is published as it is."""
    return tableau([nombres], k)[0]


def tableau(lignes: Sequence[Sequence[int]], k: int) -> list[list[Case]]:
    """Numbers whose total is published for each line and each column, as they may be read.

    A line or a column that hides something hides at least two numbers, whose sum leaves each of them uncertain; all of
    them when the sum itself is below k. A number once left out stays so, hence this ends.
    """
    cases: list[list[Case]] = [[seul(n, k) for n in ligne] for ligne in lignes]
    rangs = [[(i, j) for j in range(len(ligne))] for i, ligne in enumerate(lignes)]
    if len(lignes) > 1:
        rangs += [[(i, j) for i in range(len(lignes))] for j in range(len(lignes[0]))]
    reste = True
    while reste:
        # Every line and column at each pass, not up to the first that changes: hundreds of CFA are gone through.
        reste = sum(_proteger(rang, lignes, cases, k) for rang in rangs) > 0
    return cases


def _proteger(
    rang: Sequence[tuple[int, int]], lignes: Sequence[Sequence[int]], cases: list[list[Case]], k: int
) -> bool:
    """Leave one more number of this line or column out when it needs it; True when it did."""
    caches = [(i, j) for i, j in rang if isinstance(cases[i][j], Cache)]
    libres = [(i, j) for i, j in rang if not isinstance(cases[i][j], Cache)]
    if not caches or not libres or not _devinable([lignes[i][j] for i, j in caches], k):
        return False
    i, j = min(libres, key=lambda place: (lignes[place[0]][place[1]] == 0, lignes[place[0]][place[1]]))
    cases[i][j] = Cache.RETENU
    return True


def _devinable(caches: Sequence[int], k: int) -> bool:
    """The sum of what is hidden, which a subtraction gives, tells a small number or says too much of it."""
    return len(caches) < 2 or sum(caches) < k or sum(caches) == len(caches) * (k - 1)


def texte(case: Case, k: int, nombre: str | None = None) -> str:
    """What a table writes: the number (as `nombre` words it), "< 5", or "non publié"."""
    if case is Cache.PETIT:
        return f"<{INSECABLE}{k}"
    return f"non{INSECABLE}publié" if case is Cache.RETENU else nombre or str(case)
