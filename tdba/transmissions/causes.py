"""Refused lines counted by cause. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tdba.transmissions.catalogue_causes import ACTEURS, Cause, cause
from tdba.transmissions.libelles import libelle

__all__ = ["ACTEURS", "EXEMPLES", "Cause", "CauseComptee", "Groupe", "cause", "de_cette_cause", "regrouper"]

EXEMPLES: Final = 5
"""Ranks shown of the lines of a cause."""


class Groupe(NamedTuple):
    """Lines refused with the very same errors: how many, the transmission that brought them last, ranks of some in it."""

    erreurs: Sequence[Mapping[str, Any]]
    nombre: int
    rangs: Sequence[int] = ()
    derniere: Any = None


class CauseComptee(NamedTuple):
    """A cause, and the lines that it refuses. A line with two causes counts in both."""

    cle: str
    cause: Cause
    champs: Sequence[str]
    """Words of the fields it bears on."""
    nombre: int
    rangs: Sequence[int]
    derniere: Any


def cle_de(erreur: Mapping[str, Any]) -> str:
    """What tells a cause from another: its code, and the field when the gesture depends on it."""
    trouvee, champ = cause(erreur["message"]), _champ(erreur)
    return f"{trouvee.code}-{champ}" if trouvee.par_champ and champ else trouvee.code


def _champ(erreur: Mapping[str, Any]) -> str:
    chemin = erreur.get("path") or [""]
    return str(chemin[0] or "")


def regrouper(groupes: Iterable[Groupe]) -> list[CauseComptee]:
    """The causes of these lines, the most frequent first. Groups come with the last transmission first."""
    lignes: dict[str, int] = defaultdict(int)
    rangs: dict[str, list[int]] = defaultdict(list)
    derniere: dict[str, Any] = {}
    vues: dict[str, dict[str, Cause]] = defaultdict(dict)
    for groupe in groupes:
        cles = {cle_de(erreur) for erreur in groupe.erreurs}
        for erreur in groupe.erreurs:
            vues[cle_de(erreur)][_champ(erreur)] = cause(erreur["message"])
        for cle in cles:
            lignes[cle] += groupe.nombre
            if derniere.setdefault(cle, groupe.derniere) == groupe.derniere:
                rangs[cle] += groupe.rangs
    comptees = [
        CauseComptee(
            cle,
            next(iter(champs.values())),
            [libelle(champ) for champ in champs if champ],
            lignes[cle],
            sorted(rangs[cle])[:EXEMPLES],
            derniere[cle],
        )
        for cle, champs in vues.items()
    ]
    return sorted(comptees, key=lambda c: (-c.nombre, c.cle))


def de_cette_cause(groupes: Iterable[Groupe], cle: str) -> list[Sequence[Mapping[str, Any]]]:
    """The sets of errors that hold this cause: what the lines of a cause are found by."""
    return [g.erreurs for g in groupes if any(cle_de(erreur) == cle for erreur in g.erreurs)]
