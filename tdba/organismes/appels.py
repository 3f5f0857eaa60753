"""Asking a public API of the State over HTTP. For jobs only: no page and no reception of lines waits for an answer."""

from collections.abc import Mapping
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

DELAI: Final = (5.0, 15.0)
"""Seconds to connect, then between two bytes."""
ESSAIS: Final = 2
"""Calls made again after the first one, for what may be passing: no answer, 429, 502 to 504."""
PASSAGERS: Final = (429, 502, 503, 504)


class ApiIndisponible(Exception):
    """No usable answer. The message is a short reason, without any content of the answer."""


class ApiFermee(ApiIndisponible):
    """The key is refused: asking again would change nothing."""


class Appels:
    """Requests to one address, in JSON, made again a little when the failure may be passing."""

    def __init__(self, adresse: str, entetes: Mapping[str, str], *, attente: float = 1.0) -> None:
        """`attente`: seconds before the first retry, doubled for the next."""
        self._adresse = adresse
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", **entetes})
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

    def lire(self, parametres: Mapping[str, str]) -> object:
        """The JSON answered to a GET. Raises ApiIndisponible."""
        return self._demander("GET", params=parametres)

    def envoyer(self, corps: Mapping[str, str]) -> object:
        """The JSON answered to a POST, which is never made twice once it was received. Raises ApiIndisponible."""
        return self._demander("POST", json=corps)

    def _demander(self, methode: str, **contenu: Any) -> object:
        try:
            reponse = self._session.request(
                methode, self._adresse, timeout=DELAI, allow_redirects=False, **contenu
            )
            if reponse.status_code in (401, 403):
                raise ApiFermee("key")
            if reponse.status_code != 200:
                raise ApiIndisponible(f"status {reponse.status_code}")
            lu: object = reponse.json()
        except (requests.RequestException, ValueError) as erreur:
            raise ApiIndisponible(type(erreur).__name__) from erreur
        return lu
