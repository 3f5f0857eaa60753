"""The public API of certifications (API Apprentissage): what we ask of any catalogue, and the one that asks over HTTP.

For jobs only: no page and no reception of lines waits for it. `reponse_api.lire` alone knows the shape of an answer.
"""

from collections.abc import Mapping
from typing import Final, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tdba.organismes import reponse_api
from tdba.organismes.reponse_api import Reponse

DELAI: Final = (5.0, 15.0)
"""Seconds to connect, then between two bytes."""
ESSAIS: Final = 2
"""Calls made again after the first one, for what may be passing: no answer, 429, 502 to 504."""
PASSAGERS: Final = (429, 502, 503, 504)


class CatalogueIndisponible(Exception):
    """No usable answer. The message is a short reason, without any content of the answer."""


class CatalogueFerme(CatalogueIndisponible):
    """The key is refused: asking again would change nothing."""


class Catalogue(Protocol):
    """Anything that knows certifications by one of their codes."""

    def certifications(self, code: str) -> list[Reponse]:
        """Every certification that has this RNCP code or CFD; none when it knows it not.

        Raises CatalogueIndisponible.
        """
        ...


class ApiApprentissage:
    """`GET <address>/certification/v1?identifiant.rncp=…` or `identifiant.cfd=…`, with a bearer key."""

    def __init__(self, adresse: str, cle: str, *, attente: float = 1.0) -> None:
        """`attente`: seconds before the first retry, doubled for the next."""
        self._adresse = f"{adresse.rstrip('/')}/certification/v1"
        self._session = requests.Session()
        self._session.headers.update({"Authorization": f"Bearer {cle}", "Accept": "application/json"})
        reprises = Retry(
            total=ESSAIS,
            redirect=0,
            status_forcelist=PASSAGERS,
            backoff_factor=attente,
            backoff_max=30,
            respect_retry_after_header=False,
            raise_on_status=False,
        )
        for prefixe in ("https://", "http://"):
            self._session.mount(prefixe, HTTPAdapter(max_retries=reprises))

    def certifications(self, code: str) -> list[Reponse]:
        """See `Catalogue`."""
        nom = "rncp" if code.startswith("RNCP") else "cfd"
        objets = self._lire({f"identifiant.{nom}": code})
        if not isinstance(objets, list):
            raise CatalogueIndisponible("shape")
        try:
            return [reponse_api.lire(objet) for objet in objets]
        except reponse_api.ReponseIllisible as erreur:
            raise CatalogueIndisponible("shape") from erreur

    def _lire(self, parametres: Mapping[str, str]) -> object:
        try:
            reponse = self._session.get(
                self._adresse, params=parametres, timeout=DELAI, allow_redirects=False
            )
            if reponse.status_code in (401, 403):
                raise CatalogueFerme("key")
            if reponse.status_code != 200:
                raise CatalogueIndisponible(f"status {reponse.status_code}")
            lu: object = reponse.json()
        except (requests.RequestException, ValueError) as erreur:
            raise CatalogueIndisponible(type(erreur).__name__) from erreur
        return lu
