"""Addresses of the public service of offers (La bonne alternance), built here without asking anybody. Pure.

An address holds the commune and the trade, never a name nor where somebody lives in that commune (decision 35).
"""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple
from urllib.parse import urlencode

RAYON_KM: Final = 30
ROMES_MAX: Final = 20
"""Trades of one search: the service reads no more."""
CELIA: Final = "https://celia.emploi.gouv.fr/"
"""Where the contract of a public employer is deposited."""
OPCO: Final = "https://quel-est-mon-opco.francecompetences.fr/"
"""Which OPCO a private employer depends on: its contract is deposited there. Nothing is written in the address."""
_RAYON_DE_LA_TERRE: Final = 6371.0


class Lieu(NamedTuple):
    """A commune; its centre when it is known."""

    code_insee: str
    nom: str
    latitude: float | None = None
    longitude: float | None = None


class Point(NamedTuple):
    latitude: float
    longitude: float


def offres(base: str, romes: Sequence[str], intitule: str | None, lieu: Lieu | None) -> str:
    """Offers and companies around a commune: by trade when the certification's are known, by its title otherwise."""
    parametres: dict[str, str] = {}
    if romes:
        parametres["romes"] = ",".join(romes[:ROMES_MAX])
    if intitule:
        parametres["job_name"] = intitule
    if lieu is not None:
        parametres["address"] = lieu.nom
        parametres["radius"] = str(RAYON_KM)
        if lieu.latitude is not None and lieu.longitude is not None:
            parametres |= {"lat": str(lieu.latitude), "lon": str(lieu.longitude)}
    adresse = f"{base.rstrip('/')}/recherche"
    return f"{adresse}?{urlencode(parametres)}" if parametres else adresse


def depot(base: str) -> str:
    """Where an employer, or a CFA in their name, deposits an offer."""
    return f"{base.rstrip('/')}/acces-recruteur"


def distance_km(a: Point, b: Point) -> float:
    """Kilometres between two points as the crow flies (haversine, on a round Earth)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    corde = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _RAYON_DE_LA_TERRE * asin(min(1.0, sqrt(corde)))
