"""The state of the figures pages, read from their address and written back to it. Pure.

What means nothing is set aside and said, never obeyed. "Today" stays out of the address until a day is chosen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from tdba.effectifs.filtres import NIVEAUX
from tdba.indicateurs.tableau import DES_SEGMENTS, DES_STATUTS, TRIS

PREMIER_JOUR: Final = date(2015, 1, 1)
"""Before the first transmissions of any CFA."""
SENS: Final = ("asc", "desc")

_TERRITOIRE: Final = re.compile(r"[RD][0-9AB]{2,3}")
_JOUR: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """Which figures are asked for, and how the table is shown."""

    jour: date
    choisi: bool = False
    """The day was written in the address."""
    niveau: int | None = None
    territoire: str = ""
    """`R` and the code of a région, or `D` and that of a département; empty: the whole reach."""
    comparer: bool = False
    tri: str = ""
    """A column of the table shown; empty: the one that calls for action first."""
    sens: str = "desc"
    apres: int | None = None
    ignores: tuple[str, ...] = ()
    """Parameters that were set aside."""

    @property
    def colonne(self) -> str:
        """The column that the table is sorted by."""
        return self.tri or ("sc75" if self.niveau is None else "inscrits")


def lire(arguments: Mapping[str, str], aujourd_hui: date) -> Demande:
    """Read the arguments of an address, on that day."""
    recus = {nom: valeur.strip() for nom, valeur in arguments.items() if valeur.strip()}
    lus: dict[str, Any] = {"jour": aujourd_hui}
    ignores = []
    for nom in ("jour", "niveau", "territoire", "comparer", "tri", "sens", "apres"):
        if nom in recus:
            valeur = _valeur(nom, recus[nom], aujourd_hui)
            if valeur is None:
                ignores.append(nom)
            else:
                lus[nom] = valeur
    demande = Demande(**lus, choisi="jour" in recus and "jour" not in ignores, ignores=tuple(ignores))
    absents = DES_STATUTS if demande.niveau is None else DES_SEGMENTS
    return replace(demande, tri="", sens="desc") if not demande.tri or demande.tri in absents else demande


def _valeur(nom: str, texte: str, aujourd_hui: date) -> Any:
    if nom == "jour":
        return _jour(texte, aujourd_hui)
    if nom == "territoire":
        return texte if _TERRITOIRE.fullmatch(texte) else None
    if nom in ("niveau", "apres"):
        nombre = int(texte) if re.fullmatch(r"[0-9]{1,9}", texte) else None
        return None if nom == "niveau" and nombre not in NIVEAUX else nombre
    admis = {"comparer": ("1",), "tri": TRIS, "sens": SENS}[nom]
    if texte not in admis:
        return None
    return True if nom == "comparer" else texte


def _jour(texte: str, aujourd_hui: date) -> date | None:
    """A day that exists and is past: figures tell what was, never what will be."""
    trouve = _JOUR.fullmatch(texte)
    if trouve is None:
        return None
    annee, mois, quantieme = trouve.group(1, 2, 3) if trouve[1] else trouve.group(6, 5, 4)
    try:
        jour = date(int(annee), int(mois), int(quantieme))
    except ValueError:
        return None
    return jour if PREMIER_JOUR <= jour <= aujourd_hui else None


def parametres(demande: Demande, **changements: Any) -> dict[str, Any]:
    """The arguments of the address of another state; it starts at its first page unless a cursor is given."""
    etat = replace(demande, **({"apres": None} | changements))
    valeurs: dict[str, Any] = {
        "jour": etat.jour.isoformat() if etat.choisi else None,
        "niveau": etat.niveau,
        "territoire": etat.territoire,
        "comparer": 1 if etat.comparer else None,
        "tri": etat.tri,
        "sens": etat.sens if etat.tri else None,
        "apres": etat.apres,
    }
    return {nom: valeur for nom, valeur in valeurs.items() if valeur}


def trier(demande: Demande, tri: str) -> dict[str, Any]:
    """The arguments that sort by `tri`: names from A, figures from the largest, the other way when already so."""
    premier = "asc" if tri in ("nom", "reception") else "desc"
    inverse = {"asc": "desc", "desc": "asc"}[premier]
    sens = inverse if (demande.colonne, demande.sens) == (tri, premier) else premier
    return parametres(demande, tri=tri, sens=sens)
