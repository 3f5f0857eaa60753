"""What the tests of comparisons make and read."""

from typing import Any

from werkzeug.test import TestResponse

from tests.pages import Navigateur, tableau

MULTIPART = "multipart/form-data"


def comparer(navigateur: Navigateur, **champs: Any) -> TestResponse:
    """Send the form, and go where it leads."""
    donnees = {"annee": "2026-2027", "jour": "2026-11-18", "population": "APPRENTIS", "avec": "TRANSMISSION"}
    envoi = navigateur.post("/rapprochement", donnees | champs, content_type=MULTIPART)
    if envoi.status_code != 303:
        return envoi
    return navigateur.get(str(envoi.location))


def rangees(page: TestResponse) -> list[dict[str, str]]:
    """The rows, white space folded."""
    return tableau(page, "ecarts")


def raisons(page: TestResponse) -> list[str]:
    """What each row says, no-break spaces folded."""
    return [rangee["Raison"].replace("\xa0", " ") for rangee in rangees(page)]


def phrase(page: TestResponse) -> str:
    return " ".join(page.text.split()).replace("\xa0", " ").replace("&nbsp;", " ")
