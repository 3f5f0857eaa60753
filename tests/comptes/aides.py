"""The demo identity provider on a loopback port, able to misbehave, and a browser that goes through it."""

import base64
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask, Response
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.comptes.models import Organisation, SessionWeb
from tdba.config import Configuration
from tdba.journal import Evenement
from tdba.local.fournisseur import servir
from tdba.local.fournisseur_protocole import Code, Fournisseur, Personne, Reglages
from tests import factories as f
from tests.pages import Navigateur, champs, titre

CAMILLE = Personne(
    sub="sub-camille",
    given_name="Camille",
    usual_name="Le Goff",
    email="camille@exemple.invalid",
    siret="11111111100018",
    organization_label="CFA de Rennes",
    acr="eidas2",
)

Claims = dict[str, Any]


def cas(*numeros: int) -> pytest.MarkDecorator:
    """The numbered cases of identity-security.md §1.13 that a test of this folder proves: see test_soixante_cas.py."""
    return pytest.mark.cas(*numeros)


class FournisseurDeTest(Fournisseur):
    """A provider whose answers a test may falsify, one at a time."""

    alterer_id_token: Callable[[Claims], Claims] = staticmethod(lambda claims: claims)
    alterer_infos: Callable[[Claims], Claims] = staticmethod(lambda claims: claims)
    alterer_reponse: Callable[[Claims], Claims] = staticmethod(lambda reponse: reponse)
    alterer_decouverte: Callable[[Claims], Claims] = staticmethod(lambda document: document)
    signature: Callable[["FournisseurDeTest", Claims], str] | None = None
    signature_infos: Callable[["FournisseurDeTest", Claims], str] | None = None
    alterer_http: Callable[[Response], Response] = staticmethod(lambda reponse: reponse)
    dernier_jeton = ""

    def decouverte(self) -> Claims:
        return self.alterer_decouverte(super().decouverte())

    def reponse_jeton(self, code: Code, jeton: str) -> Claims:
        self.dernier_jeton = jeton
        return self.alterer_reponse(super().reponse_jeton(code, jeton))

    def signer_id_token(self, claims: Claims) -> str:
        claims = self.alterer_id_token(claims)
        return self.signature(self, claims) if self.signature else super().signer_id_token(claims)

    def signer_userinfo(self, claims: Claims) -> str:
        claims = self.alterer_infos(claims)
        if self.signature_infos:
            return self.signature_infos(self, claims)
        return super().signer_userinfo(claims)


def autre_cle_meme_kid(fournisseur: FournisseurDeTest, claims: Claims) -> str:
    return jwt.encode({"alg": "ES256", "kid": fournisseur.cle.kid}, claims, ECKey.generate_key("P-256"))


def cle_jamais_publiee(_fournisseur: FournisseurDeTest, claims: Claims) -> str:
    return jwt.encode({"alg": "ES256", "kid": "inconnue"}, claims, ECKey.generate_key("P-256"))


def secret_du_client(fournisseur: FournisseurDeTest, claims: Claims) -> str:
    cle = OctKey.import_key(fournisseur.reglages.client_secret)
    return jwt.encode({"alg": "HS256", "kid": fournisseur.cle.kid}, claims, cle)


def cle_publique_en_secret(fournisseur: FournisseurDeTest, claims: Claims) -> str:
    """HS256 "signed" with what everybody can read: the published key. Written by hand: libraries now refuse to."""
    debut = _compact({"alg": "HS256", "kid": fournisseur.cle.kid}, claims)
    signature = hmac.digest(fournisseur.cle.as_pem(private=False), debut.encode(), "sha256")
    return f"{debut}.{_base64(signature)}"


def sans_signature(fournisseur: FournisseurDeTest, claims: Claims) -> str:
    return _compact({"alg": "none", "kid": fournisseur.cle.kid}, claims) + "."


def _compact(*parties: Claims) -> str:
    return ".".join(_base64(json.dumps(partie).encode()) for partie in parties)


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


@contextmanager
def fournisseur_en_marche(app: Flask, configuration: Configuration) -> Iterator[FournisseurDeTest]:
    """Serve a provider and make it the application's, for the time of a test."""
    reglages = Reglages(
        emetteur="",
        client_id=configuration.oidc_client_id,
        client_secret=configuration.oidc_client_secret,
        retours=(f"{configuration.base_url}/connexion/retour",),
        retours_fin=(f"{configuration.base_url}/deconnexion/retour",),
        horloge=lambda: horloge.maintenant().timestamp(),
    )
    port = port_libre()
    emetteur = f"http://127.0.0.1:{port}/api/v2"
    fournisseur = FournisseurDeTest(replace(reglages, emetteur=emetteur), lambda: [CAMILLE])
    serveur = servir(fournisseur, "127.0.0.1", port)
    # Read at each answer: a test sets it once the server runs.
    serveur.app.after_request(lambda reponse: fournisseur.alterer_http(reponse))  # type: ignore[attr-defined]  # noqa: PLW0108
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.02})
    fil.start()
    app.extensions["tdba"] = replace(configuration, oidc_issuer=emetteur, oidc_delai=2.0)
    try:
        yield fournisseur
    finally:
        app.extensions["tdba"] = configuration
        app.extensions.pop("tdba_oidc", None)
        serveur.shutdown()
        fil.join()
        serveur.server_close()


def regler(app: Flask, **valeurs: Any) -> None:
    """Change settings of the application for the rest of the test; the provider's fixture puts them back."""
    app.extensions["tdba"] = replace(app.extensions["tdba"], **valeurs)


def changer(**valeurs: Any) -> Callable[[Claims], Claims]:
    """A falsification that replaces claims, and removes those given as None."""
    return lambda claims: {nom: v for nom, v in (claims | valeurs).items() if v is not None}


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def partir(navigateur: Navigateur, *, suite: str | None = None) -> str:
    """Press the button of the login page; returns the address at the provider where the browser is sent."""
    page = navigateur.get("/connexion", query_string={"suite": suite} if suite else None)
    assert page.status_code == 200
    reponse = navigateur.post("/connexion", champs(page, "/connexion"))
    assert reponse.status_code == 303
    return str(reponse.location)


def choisir(adresse: str, *, sub: str | None = CAMILLE.sub) -> str:
    """At the provider, choose a person (None: give up); returns our address where the browser comes back."""
    page = requests.get(adresse, timeout=5)
    assert page.status_code == 200, page.text
    morceaux = urlsplit(adresse)
    choix = {"sub": sub} if sub else {"annuler": "1"}
    demande = page.text.split('name="demande" value="')[1].split('"')[0]
    reponse = requests.post(
        f"{morceaux.scheme}://{morceaux.netloc}/api/v2/interaction",
        data={"demande": demande, **choix},
        allow_redirects=False,
        timeout=5,
    )
    retour = urlsplit(reponse.headers["Location"])
    return f"{retour.path}?{retour.query}"


def se_connecter(navigateur: Navigateur, *, suite: str | None = None) -> TestResponse:
    """The whole journey; returns the answer to the provider's return."""
    return navigateur.get(choisir(partir(navigateur, suite=suite)))


def parametres(adresse: str) -> dict[str, str]:
    return {nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(adresse).query).items()}


COOKIE = "tdba-5000"
"""The port keeps two checkouts apart: see `Configuration.cookie_session`."""


def une_dreets(session: Session) -> Organisation:
    return f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")


def lignes(session: Session) -> list[SessionWeb]:
    return list(session.execute(select(SessionWeb).order_by(SessionWeb.id)).scalars())


def cookie(navigateur: Navigateur) -> str:
    trouve = navigateur.client.get_cookie(COOKIE)
    assert trouve is not None
    return str(trouve.value)


def ouverte(navigateur: Navigateur) -> bool:
    return navigateur.get("/mon-compte").status_code == 200


PAS_VERIFIEE = "Votre identité n’a pas pu être vérifiée."


def journal(session: Session) -> list[tuple[str, dict[str, Any]]]:
    lignes = session.execute(select(Evenement.evenement, Evenement.details).order_by(Evenement.id))
    return [(evenement, details) for evenement, details in lignes]


def refusee(session: Session, reponse: Any, *, code: int = 403, phrase: str = PAS_VERIFIEE) -> None:
    """Refused with a sentence, and nobody is logged in nor created."""
    assert (reponse.status_code, titre(reponse)) == (code, phrase)
    ouvertes = select(func.count()).select_from(SessionWeb).where(SessionWeb.personne_id.is_not(None))
    assert session.execute(ouvertes).scalar_one() == 0
    assert "compte.connecte" not in [evenement for evenement, _ in journal(session)]


EXPIREE: dict[str, Any] = {"code": 400, "phrase": "Cette identification n’est plus valable."}
INCOMPLETE: dict[str, Any] = {"phrase": "Votre compte professionnel est incomplet."}
ABSENTE: dict[str, Any] = {"code": 503, "phrase": "L’identification est momentanément indisponible."}

AUTRE = "https://ailleurs.invalid/api/v2"
