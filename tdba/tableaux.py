"""PostgreSQL array literals, written fast: what `unnest` reads when a statement carries thousands of rows. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Final

SURS: Final = frozenset("0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def nombres(valeurs: Iterable[int | None]) -> str:
    """Literal of an array of numbers."""
    return "{" + ",".join(["NULL" if v is None else str(int(v)) for v in valeurs]) + "}"


def jours(valeurs: Iterable[date | None]) -> str:
    """Literal of an array of dates."""
    return "{" + ",".join(["NULL" if v is None else v.isoformat() for v in valeurs]) + "}"


def mots(valeurs: Iterable[str]) -> str:
    """Literal of an array of codes. Raises ValueError on any character that would need quoting."""
    ecrits = list(valeurs)
    if not SURS.issuperset("".join(ecrits)):
        raise ValueError("a code holds a character that an array literal would have to quote")
    return "{" + ",".join(ecrits) + "}"


def tableaux(valeurs: Iterable[str]) -> str:
    """Literal of an array of array literals made by the functions above (`unnest` cannot take ragged arrays)."""
    return "{" + ",".join([f'"{v}"' for v in valeurs]) + "}"
