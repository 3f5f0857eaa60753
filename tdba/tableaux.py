"""What a statement that carries thousands of rows reads: array literals and JSON, written fast. Pure.

A driver escapes each item of a list of texts; these forms need no escaping, or leave it to the JSON encoder.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from json import JSONEncoder
from operator import methodcaller
from typing import Any, Final

SEPARATEUR: Final = "\x1e"
"""Between texts of `textes`; statements write it chr(30)."""

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


def textes(valeurs: Iterable[str]) -> str:
    """Texts for `string_to_array(…, chr(30))`. Raises ValueError when one holds the separator: JSON never does."""
    ecrits = list(valeurs)
    joints = SEPARATEUR.join(ecrits)
    if ecrits and joints.count(SEPARATEUR) != len(ecrits) - 1:
        raise ValueError("a text holds the separator")
    return joints


def enregistrements(rangees: Iterable[Mapping[str, Any]]) -> str:
    """Rows for `json_populate_recordset`, days and instants in ISO 8601."""
    return _JSON(list(rangees))


_JSON: Final = JSONEncoder(
    default=methodcaller("isoformat"), ensure_ascii=False, separators=(",", ":")
).encode
