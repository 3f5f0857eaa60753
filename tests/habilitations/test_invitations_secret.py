"""The link of an invitation is a one-time secret: no technical log keeps it (decision 35)."""

import contextvars
import json
import logging

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder

from tdba import logs
from tests.habilitations.aides_equipe import connectee_sans_habilitation, lien_recu, une_equipe, une_invitee
from tests.pages import Navigateur, liens


def test_le_jeton_n_entre_pas_dans_les_journaux_techniques() -> None:
    jeton = "A-z_0123456789abcdefghijklmnopqrstuvwxyz012"
    assert logs.masquer(f"GET /invitation/{jeton} HTTP/1.1") == "GET /invitation/… HTTP/1.1"
    assert jeton not in logs.masquer(f"/connexion?suite=%2Finvitation%2F{jeton}")
    assert jeton not in logs.masquer(f"/connexion?suite=/invitation/{jeton}&x=1")
    fiche = logging.LogRecord("tdba", logging.INFO, "", 0, f"lien /invitation/{jeton}", None, None)
    fiche.chemin = f"/invitation/{jeton}"
    assert jeton not in json.dumps(json.loads(logs.FormatJson().format(fiche)))


@pytest.mark.usefixtures("session")
def test_le_serveur_web_ne_lit_plus_le_jeton_dans_l_adresse(app: Flask) -> None:
    """What the access log of the server is made from, once the answer has left."""
    adresse = "/invitation/" + "a" * 43
    environ = EnvironBuilder(adresse, headers={"Referer": f"http://localhost{adresse}"}).get_environ()
    contextvars.Context().run(lambda: list(app(environ, lambda *_: None)))
    assert environ["RAW_URI"].endswith("/invitation/…")
    assert environ["HTTP_REFERER"].endswith("/invitation/…")


def test_la_page_ne_redonne_le_jeton_a_aucune_autre_adresse(navigateur: Navigateur, session: Session) -> None:
    """ "Write to support" carries the address of the page: not this one's secret."""
    directrice = navigateur.comme(une_equipe(session).directrice)
    directrice.post("/equipe/inviter", {"courriel": "noa@exemple.invalid", "role": "membre"})
    lien = lien_recu(session)
    noa = connectee_sans_habilitation(navigateur, une_invitee(session, "noa@exemple.invalid"))
    for page in (noa.get(lien), directrice.get(lien), directrice.get(lien + "/rien")):
        assert [a for a in liens(page) if lien.removeprefix("/invitation/") in a] == []
