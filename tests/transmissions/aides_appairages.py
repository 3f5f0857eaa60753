"""What an ERP and a person do to pair: ask, type the code, agree, take the key."""

from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from tdba import horloge
from tdba.transmissions import service_appairages as appairages
from tests.conftest import MIDI
from tests.pages import Navigateur

INCONNU = " ".join(appairages.CodeRefuse.INCONNU.value.split())
"""As `texte` reads it: white space folded."""


def demander(erp: Navigateur, **corps: Any) -> dict[str, Any]:
    """An ERP asks; returns what it is answered."""
    reponse = erp.ouvrir("POST", "/api/v3/appairages", json={"erp": "Ymag"} | corps)
    assert reponse.status_code == 200, reponse.json
    assert isinstance(reponse.json, dict)
    return reponse.json


def prendre(erp: Navigateur, demande: dict[str, Any], *, apres: int = 0) -> TestResponse:
    """The ERP asks for its key, so many seconds after noon."""
    with horloge.regler(MIDI + timedelta(seconds=apres)):
        return erp.ouvrir("POST", "/api/v3/appairages/cle", json={"code_appareil": demande["code_appareil"]})


def saisir(qui: Navigateur, code: str) -> TestResponse:
    return qui.post("/connexion-api", {"code": code})


def accorder(qui: Navigateur, demande: dict[str, Any], organisme: int) -> TestResponse:
    assert saisir(qui, demande["code_utilisateur"]).status_code == 303
    return qui.post("/connexion-api/accorder", {"organisme": str(organisme)})


def message(reponse: TestResponse) -> tuple[int, str]:
    assert isinstance(reponse.json, dict)
    return reponse.status_code, str(reponse.json["message"])
