"""The invented files of tests/data/referentiel, imported through the service."""

from pathlib import Path
from typing import Final

from tdba.organismes import service
from tdba.organismes.jeux import Jeu
from tdba.organismes.service import Bilan

EXEMPLES: Final = Path(__file__).parents[1] / "data" / "referentiel"
TERRITOIRES: Final = EXEMPLES / "territoires"
REPONSES: Final = Path(__file__).parents[1] / "data" / "certifications_coiffure.json"
"""Answers of the public API of certifications about hairdressing, cut to the fields that we read."""


def charger_les_territoires() -> Bilan:
    noms = ("regions.json", "departements.json", "communes.json")
    regions, departements, communes = ((TERRITOIRES / nom).read_bytes() for nom in noms)
    return service.importer_territoires(regions, departements, communes)


def importer(nom: str, jeu: Jeu | None = None) -> Bilan:
    return service.importer((EXEMPLES / nom).read_bytes(), jeu=jeu)


def comptes(bilan: Bilan) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused."""
    return bilan.compte.crees, bilan.compte.modifies, bilan.compte.inchanges, len(bilan.refus)
