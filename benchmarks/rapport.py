"""How a measure is printed: the figure, its floor, its budget when an issue gives one."""

from collections.abc import Sequence
from typing import NamedTuple


class Ligne(NamedTuple):
    """One measure. For rates (`…/s`) the budget is a minimum, otherwise a maximum."""

    nom: str
    valeur: float
    unite: str
    plancher: float | None
    quoi: str
    """What the floor is."""
    budget: float | None
    detail: str = ""


def tenu(ligne: Ligne) -> bool:
    if ligne.budget is None:
        return True
    return ligne.valeur >= ligne.budget if ligne.unite.endswith("/s") else ligne.valeur <= ligne.budget


def imprimer(titre: str, lignes: Sequence[Ligne]) -> bool:
    """Print a family of measures; True when every budget is met."""
    print(f"\n== {titre}")
    for ligne in lignes:
        budget = (
            ""
            if ligne.budget is None
            else f"  budget {ligne.budget:,.0f} {'ok' if tenu(ligne) else 'MISSED'}"
        )
        plancher = "" if ligne.plancher is None else f"  floor {ligne.plancher:,.1f} ({ligne.quoi})"
        print(
            f"{ligne.nom:46} {ligne.valeur:12,.1f} {ligne.unite}{budget}{plancher}  {ligne.detail}".rstrip(),
            flush=True,
        )
    return all(tenu(ligne) for ligne in lignes)
