"""The filter "à régler" of the list of effectifs: records with something left to settle, by consequence or by anomaly."""

from typing import Final

from sqlalchemy import ColumnElement, false, select

from tdba import scope
from tdba.anomalies.catalogue import LIBELLES
from tdba.anomalies.queries import GENRE
from tdba.effectifs.models import Effectif
from tdba.points.genres import CONSEQUENCES
from tdba.points.models import Point
from tdba.points.queries import visibles
from tdba.scope import Droit

TOUT: Final = "tout"

# One probe of an index for each word, however many points are open.
_PRESENTS: Final = """
SELECT c.valeur FROM unnest(%(consequences)s::text[]) AS c(valeur)
WHERE EXISTS (SELECT FROM point p WHERE p.organisme_id = ANY(%(organismes)s::int[]) AND p.clos_le IS NULL
                AND p.consequence = c.valeur::smallint AND p.effectif_id IS NOT NULL)
UNION ALL
SELECT a.code FROM unnest(%(codes)s::text[]) AS a(code)
WHERE EXISTS (SELECT FROM point p WHERE p.organisme_id = ANY(%(organismes)s::int[]) AND p.clos_le IS NULL
                AND p.genre = 'ANOMALIE' AND p.details ->> 'code' = a.code AND p.effectif_id IS NOT NULL)
"""


def choix() -> list[tuple[str, str]]:
    """What some record of the reach has left to settle. Nothing for who does not read the CFA's points (decision 26)."""
    acteur = scope.courant()
    organismes = acteur.portee(Droit.CORRIGER).organismes
    if not organismes or acteur.suivi is not None:
        return []
    mots = {str(c): mot for c, mot in CONSEQUENCES.items()}
    portee = {"organismes": sorted(organismes), "consequences": list(mots), "codes": list(LIBELLES)}
    presents = set(scope.connexion("points de la portée").exec_driver_sql(_PRESENTS, portee).scalars())
    offerts = [(valeur, mot) for valeur, mot in {**mots, **LIBELLES}.items() if valeur in presents]
    return [(TOUT, "Quelque chose à régler"), *offerts] if offerts else []


def condition(valeur: str) -> ColumnElement[bool]:
    """The records that have an open point of this sort; none for a value that does not exist."""
    points = select(Point.id).where(*visibles(), Point.effectif_id == Effectif.id)
    if valeur in LIBELLES:
        points = points.where(Point.genre == GENRE, Point.details["code"].astext == valeur)
    elif valeur in map(str, CONSEQUENCES):
        points = points.where(Point.consequence == int(valeur))
    elif valeur != TOUT:
        return false()
    return points.exists()
