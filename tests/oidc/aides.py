"""A browser at the provider, and the way through it to us."""

from typing import Any
from urllib.parse import urljoin

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import SessionWeb
from tests.comptes.aides import partir
from tests.pages import Navigateur

AUTRE_RETOUR = "http://127.0.0.1:5999/retour"
AUTRE_SECRET = "un-autre-secret-de-test-assez-long-9876543210"
MOT_DE_PASSE = {"acr": "eidas1", "amr": "pwd"}
SECOND_MOYEN = {"acr": "eidas2", "amr": "pwd otp mfa"}


class Chez:
    """A browser at the provider."""

    def __init__(self, moteur: str) -> None:
        self.moteur = moteur
        self.pots = requests.Session()
        self.ecrans = 0
        """How many times a person was asked who they are."""

    def suivre(self, adresse: str, qui: dict[str, str] | None = None) -> str:
        """Follow until the provider sends elsewhere, identifying as `qui` when asked; returns that address."""
        reponse = self.pots.get(adresse, allow_redirects=False, timeout=10)
        for _ in range(12):
            if (vers := reponse.headers.get("Location")) is not None:
                vers = urljoin(adresse, vers)
                if not vers.startswith(self.moteur):
                    return vers
                adresse, reponse = vers, self.pots.get(vers, allow_redirects=False, timeout=10)
            elif reponse.text.startswith("interaction "):
                self.ecrans += 1
                reponse = self.pots.post(adresse, data=qui or {}, allow_redirects=False, timeout=10)
            else:
                reponse = self._confirmer(reponse.text)
        raise AssertionError(reponse.text)

    def _confirmer(self, page: str) -> requests.Response:
        """Send the form that ends the provider's session: at logout, or before somebody else takes it."""
        assert "/session/end/confirm" in page, page
        formulaire = {"xsrf": page.split('name="xsrf" value="')[1].split('"', maxsplit=1)[0], "logout": "yes"}
        return self.pots.post(
            f"{self.moteur}/session/end/confirm", data=formulaire, allow_redirects=False, timeout=10
        )


def revenir(navigateur: Navigateur, adresse: str) -> Any:
    """Come back to us."""
    return navigateur.get("/" + adresse.split("/", 3)[3])


def entrer(navigateur: Navigateur, chez: Chez, compte: str = "camille", **par: str) -> Any:
    return revenir(navigateur, chez.suivre(partir(navigateur), {"compte": compte, **(par or MOT_DE_PASSE)}))


def niveaux(session: Session) -> list[str | None]:
    lus = select(SessionWeb.niveau).where(SessionWeb.personne_id.is_not(None)).order_by(SessionWeb.id)
    return list(session.execute(lus).scalars())
