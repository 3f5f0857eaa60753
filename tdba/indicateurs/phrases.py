"""Where the young people of a figure are trained, in words. Pure."""

from collections.abc import Mapping
from typing import Final

_REGIONS: Final[Mapping[str, str]] = {
    "01": "en Guadeloupe",
    "02": "en Martinique",
    "03": "en Guyane",
    "04": "à La Réunion",
    "06": "à Mayotte",
    "11": "en Île-de-France",
    "24": "en Centre-Val de Loire",
    "27": "en Bourgogne-Franche-Comté",
    "28": "en Normandie",
    "32": "dans les Hauts-de-France",
    "44": "dans le Grand Est",
    "52": "dans les Pays de la Loire",
    "53": "en Bretagne",
    "75": "en Nouvelle-Aquitaine",
    "76": "en Occitanie",
    "84": "en Auvergne-Rhône-Alpes",
    "93": "en Provence-Alpes-Côte d’Azur",
    "94": "en Corse",
}

_ENSEMBLES: Final[Mapping[str, str]] = {
    "ORGANISME_FORMATION": "dans vos établissements",
    "TETE_DE_RESEAU": "dans les CFA de votre réseau",
    "ACADEMIE": "dans votre académie",
}
"""Bodies whose reach is not a whole territory: its name would say more than what is counted."""

Noms = Mapping[str, str]
"""Names of territories by code."""


def lieu(type_organisation: str, regions: Noms, departements: Noms, filtre: str) -> str:
    """`en Bretagne`, `dans les CFA de votre réseau dans le Grand Est`…

    `filtre` is the territory asked for, as the address writes it ("R53", "D35"), or empty.
    """
    ensemble = _ENSEMBLES.get(type_organisation)
    if filtre:
        choisi = (
            _region(filtre[1:], regions) if filtre.startswith("R") else _departement(filtre[1:], departements)
        )
        return f"{ensemble} {choisi}" if ensemble else choisi
    if ensemble:
        return ensemble
    if type_organisation == "DDETS" and len(departements) == 1:
        return _departement(next(iter(departements)), departements)
    if len(regions) == 1:
        return _region(next(iter(regions)), regions)
    return "en France" if regions else "dans votre territoire"


def _region(code: str, noms: Noms) -> str:
    return _REGIONS.get(code) or f"dans la région {noms.get(code, code)}"


def _departement(code: str, noms: Noms) -> str:
    return f"dans le département {noms[code]} ({code})" if code in noms else f"dans le département {code}"
