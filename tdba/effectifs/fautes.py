"""One typing mistake in a word: a letter missing, added, replaced, or two neighbours swapped. Pure.

PostgreSQL gathers candidates from the patterns made here (the trigram index reads them); `proche` then decides. Words
of one or two letters allow no mistake: they would be near everything.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

LETTRES_MIN: Final = 3
"""Shortest word in which a mistake is looked for."""


def une_faute(tape: str, mot: str) -> bool:
    """True when the two words are the same, or one mistake apart."""
    if abs(len(tape) - len(mot)) > 1:
        return False
    rang = next((n for n, (a, b) in enumerate(zip(tape, mot, strict=False)) if a != b), None)
    if rang is None:
        return True
    if len(tape) < len(mot):
        return tape[rang:] == mot[rang + 1 :]
    if len(tape) > len(mot):
        return tape[rang + 1 :] == mot[rang:]
    inverse = tape[rang : rang + 2] == mot[rang : rang + 2][::-1] and tape[rang + 2 :] == mot[rang + 2 :]
    return inverse or tape[rang + 1 :] == mot[rang + 1 :]


def proche(mots: Iterable[str], recherche: str) -> bool:
    """True when the name holds every typed word, each with one mistake at most; a space forgotten is one."""
    du_nom = recherche.split()
    entiers = [*du_nom, *(" ".join(deux) for deux in pairwise(du_nom))]
    return all(
        mot in recherche or (tolere(mot) and any(une_faute(mot, entier) for entier in entiers))
        for mot in mots
    )


def tolere(mot: str) -> bool:
    """A mistake is looked for in that word, which is of letters only: neither pattern has anything to escape."""
    return len(mot) >= LETTRES_MIN and mot.isalpha()


def motifs(mot: str) -> list[str]:
    """LIKE patterns of which every name near that word matches one at least.

    The word is cut in three: a mistake leaves two of the pieces whole, unless it swaps the letters on both sides of a
    cut: these two swaps are written out. Pieces stand at the edges of a word, where they make trigrams.
    """
    cote = max(1, len(mot) // 3)
    debut, fin = mot[:cote], mot[-cote:]
    avant, apres = mot[: len(mot) - cote], mot[cote:]
    entre = f"{debut}%{fin}"
    bords = [f"{avant}%", f"% {avant}%", f"%{apres}", f"%{apres} %"]
    bords += [entre, f"{entre} %", f"% {entre}", f"% {entre} %"]
    inverses = {_inverser(mot, cote), _inverser(mot, len(mot) - cote)} - {mot}
    return bords + [f"%{inverse}%" for inverse in sorted(inverses)]


def expression(mot: str) -> str:
    """The regular expression of PostgreSQL that a whole word near that one matches."""
    variantes = [mot[:n] + ".?" + mot[n + 1 :] for n in range(len(mot))]
    variantes += [mot[:n] + "." + mot[n:] for n in range(1, len(mot))]
    variantes += [_inverser(mot, n) for n in range(1, len(mot))]
    return f"(^| )({'|'.join(variantes)})( |$)"


def _inverser(mot: str, rang: int) -> str:
    """The word with the letters around that cut swapped."""
    return mot[: rang - 1] + mot[rang] + mot[rang - 1] + mot[rang + 1 :]
