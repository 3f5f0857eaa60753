"""A cell as every reader gives it: text, integer, decimal, date, yes/no, or nothing. Pure."""

import math
from datetime import date, datetime, time

Cellule = str | int | float | date | bool | None
Rangee = tuple[int, list[Cellule]]
"""Rank in the file, as the spreadsheet shows it (from 1), then the cells."""


def cellule(recu: object) -> Cellule:
    """Return what a library read as one of our kinds: 44000.0 is 44000, a blank text is nothing, an instant is its day."""
    if isinstance(recu, str):
        return recu.strip() or None
    if recu is None or isinstance(recu, (bool, int)):
        return recu
    if isinstance(recu, float):
        return _nombre(recu)
    if isinstance(recu, date):
        return recu.date() if isinstance(recu, datetime) else recu
    return recu.isoformat() if isinstance(recu, time) else str(recu)


def _nombre(recu: float) -> Cellule:
    if not math.isfinite(recu):
        return None
    return int(recu) if recu.is_integer() else recu


def lettres(rang: int) -> str:
    """Return the letters of a column, as a spreadsheet names it: 0 is A, 61 is BJ."""
    nom = ""
    rang += 1
    while rang:
        rang, reste = divmod(rang - 1, 26)
        nom = chr(65 + reste) + nom
    return nom


def vide(cellules: list[Cellule]) -> bool:
    return all(c is None for c in cellules)
