"""Régions, départements and communes of the npm package `@etalab/decoupage-administratif`. Pure: JSON in, rows out."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tdba.organismes.academies import ACADEMIE_DU_DEPARTEMENT, ACADEMIES
from tdba.organismes.lecture_csv import FichierRefuse

Rangee = dict[str, Any]

# Delegated and associated communes are no row of their own: their code, when they had one, stands for the current one.
TYPES_DE_COMMUNE: Final = frozenset({"commune-actuelle", "arrondissement-municipal"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the package, and how one of its items becomes a row of ours."""

    fichier: str
    rangee: Callable[[Mapping[str, Any]], Rangee | None]


def region(item: Mapping[str, Any]) -> Rangee:
    return {"code": item["code"], "nom": item["nom"]}


def departement(item: Mapping[str, Any]) -> Rangee:
    """The académie comes from our own table: the package does not know académies."""
    return {
        "code": item["code"],
        "nom": item["nom"],
        "region_code": item["region"],
        "academie_code": ACADEMIE_DU_DEPARTEMENT.get(item["code"]),
    }


def commune(item: Mapping[str, Any]) -> Rangee | None:
    if item["type"] not in TYPES_DE_COMMUNE:
        return None
    return {
        "code_insee": item["code"],
        "nom": item["nom"],
        "departement_code": item["departement"],
        "codes_postaux": item.get("codesPostaux", []),
        "population": item.get("population"),
    }


def absorbee(item: Mapping[str, Any]) -> Rangee | None:
    """A former commune that had a code of its own."""
    if item["type"] in TYPES_DE_COMMUNE or item["chefLieu"] == item["code"]:
        return None
    return {"code": item["code"], "actuelle": item["chefLieu"]}


REGIONS: Final = Source("regions.json", region)
DEPARTEMENTS: Final = Source("departements.json", departement)
COMMUNES: Final = Source("communes.json", commune)
ABSORBEES: Final = Source("communes.json", absorbee)


def academies() -> list[Rangee]:
    return [{"code": code, "nom": nom} for code, nom in ACADEMIES.items()]


def communes(contenu: bytes) -> list[Rangee]:
    """Current communes, each with the codes of those that it absorbed."""
    rangees = lire(COMMUNES, contenu)
    anciens: dict[str, list[str]] = defaultdict(list)
    for item in lire(ABSORBEES, contenu, vide=True):
        anciens[item["actuelle"]].append(item["code"])
    return [r | {"anciens_codes": sorted(anciens[r["code_insee"]])} for r in rangees]


def lire(source: Source, contenu: bytes, *, vide: bool = False) -> list[Rangee]:
    """Rows of one file, at least one unless `vide`. Raises FichierRefuse when it is not the file of the package."""
    try:
        items = json.loads(contenu)
        rangees = [rangee for item in items if (rangee := source.rangee(item)) is not None]
    except (ValueError, KeyError, TypeError, RecursionError) as erreur:
        raise FichierRefuse(
            f"{source.fichier} n’est pas celui de @etalab/decoupage-administratif ({type(erreur).__name__})"
        ) from erreur
    if not rangees and not vide:
        raise FichierRefuse(f"{source.fichier} est vide")
    return rangees
