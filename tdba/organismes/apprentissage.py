"""The public API of certifications (API Apprentissage): what we ask of any catalogue, and the one that asks over HTTP.

`reponse_api.lire` alone knows the shape of an answer.
"""

from typing import Protocol

from tdba.organismes import reponse_api
from tdba.organismes.appels import ApiIndisponible, Appels
from tdba.organismes.reponse_api import Reponse


class Catalogue(Protocol):
    """Anything that knows certifications by one of their codes."""

    def certifications(self, code: str) -> list[Reponse]:
        """Every certification that has this RNCP code or CFD; none when it knows it not.

        Raises ApiIndisponible.
        """
        ...


class ApiApprentissage:
    """`GET <address>/certification/v1?identifiant.rncp=…` or `identifiant.cfd=…`, with a bearer key."""

    def __init__(self, adresse: str, cle: str, *, attente: float = 1.0) -> None:
        """`attente`: seconds before the first retry, doubled for the next."""
        entetes = {"Authorization": f"Bearer {cle}"}
        self._appels = Appels(f"{adresse.rstrip('/')}/certification/v1", entetes, attente=attente)

    def certifications(self, code: str) -> list[Reponse]:
        """See `Catalogue`."""
        nom = "rncp" if code.startswith("RNCP") else "cfd"
        objets = self._appels.lire({f"identifiant.{nom}": code})
        if not isinstance(objets, list):
            raise ApiIndisponible("shape")
        try:
            return [reponse_api.lire(objet) for objet in objets]
        except reponse_api.ReponseIllisible as erreur:
            raise ApiIndisponible("shape") from erreur
