"""A person of support with factors, and a device that holds passkeys, as a browser would answer for it."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import saisies, totp
from tdba.comptes.models import Facteur, Habilitation, Personne, SessionWeb
from tdba.config import Configuration
from tests import factories as f
from tests.pages import Navigateur, champs


def une_assistante(session: Session) -> Habilitation:
    """Somebody of support, validated by a second person."""
    support = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    autre = f.une_personne(session, "Dominique", "Kerjean")
    return f.une_habilitation(session, f.une_personne(session, "Maud", "Rivoal"), support, validee_par=autre)


def une_application(session: Session, personne: Personne | int, app: Flask) -> bytes:
    """Record an application of codes; returns its secret."""
    configuration: Configuration = app.extensions["tdba"]
    personne_id = personne if isinstance(personne, int) else personne.id
    secret = totp.nouveau_secret()
    session.add(
        Facteur(
            personne_id=personne_id,
            genre="TOTP",
            nom="Mon téléphone",
            secret=totp.chiffrer(secret, cle=configuration.secret_key, personne_id=personne_id),
            cree_le=horloge.maintenant(),
        )
    )
    session.flush()
    return secret


def code(secret: bytes, *, ecart: int = 0) -> str:
    """What the application shows now, or `ecart` steps away."""
    return totp.code(secret, int(horloge.maintenant().timestamp()) // totp.PAS + ecart)


@contextmanager
def reglage(app: Flask, **valeurs: Any) -> Iterator[None]:
    """Other settings for the time of a test."""
    avant = app.extensions["tdba"]
    app.extensions["tdba"] = replace(avant, **valeurs)
    try:
        yield
    finally:
        app.extensions["tdba"] = avant


def prouver(navigateur: Navigateur, saisi: str, *, suite: str = "/mon-compte") -> Any:
    """Give a code; the new identifier of the session stays in the browser."""
    return navigateur.post("/second-facteur", {"code": saisi, "suite": suite})


def nommer_le_jeton(app: Flask, session: Session, navigateur: Navigateur) -> str:
    """Give the session form tokens that name their person, as a login does; returns one."""
    empreinte = hashlib.sha256(str(navigateur.identifiant).encode()).digest()
    ligne = session.execute(select(SessionWeb).where(SessionWeb.empreinte == empreinte)).scalar_one()
    assert ligne.personne_id is not None
    secret = saisies.jeton_de(ligne.personne_id)
    ligne.donnees = {**ligne.donnees, "csrf_token": secret}
    session.flush()
    navigateur.jeton = str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(secret))
    return navigateur.jeton


def codes_affiches(reponse: Any) -> list[str]:
    return re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", reponse.get_data(as_text=True))


def ajouter_par_l_ecran(navigateur: Navigateur, *, suite: str | None = None) -> tuple[bytes, Any]:
    """Add an application as a person does; returns its secret and the answer."""
    page = navigateur.get(
        "/mon-compte/facteurs/application", query_string={"suite": suite} if suite else None
    )
    assert page.status_code == 200
    texte = page.get_data(as_text=True).split('id="cle-totp">')[1].split("<")[0]
    secret = base64.b32decode(texte)
    formulaire = champs(page, "/mon-compte/facteurs/application") | {"nom": "Téléphone", "code": code(secret)}
    return secret, navigateur.post("/mon-compte/facteurs/application", formulaire)


def _b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _octets(texte: str) -> bytes:
    return base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4))


@dataclass
class Appareil:
    """A device with one passkey. Its answers are those of the WebAuthn recommendation, without attestation."""

    origine: str = "http://localhost:5000"
    cle: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    cle_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    compteur: int = 0

    def creer(self, options: dict[str, Any]) -> str:
        point = self.cle.public_key().public_numbers()
        publique = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        donnees = self._entete(options["rp"]["id"], 0x41) + bytes(16)
        donnees += len(self.cle_id).to_bytes(2, "big") + self.cle_id + publique
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": donnees})
        client = self._client("webauthn.create", options["challenge"])
        return self._reponse({"clientDataJSON": _b64(client), "attestationObject": _b64(attestation)})

    def prouver(self, options: dict[str, Any]) -> str:
        self.compteur += 1
        donnees = self._entete(options["rpId"], 0x01)
        client = self._client("webauthn.get", options["challenge"])
        signature = self.cle.sign(donnees + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._reponse(
            {
                "clientDataJSON": _b64(client),
                "authenticatorData": _b64(donnees),
                "signature": _b64(signature),
            }
        )

    def _entete(self, domaine: str, drapeaux: int) -> bytes:
        return (
            hashlib.sha256(domaine.encode()).digest() + bytes([drapeaux]) + self.compteur.to_bytes(4, "big")
        )

    def _client(self, genre: str, defi: str) -> bytes:
        return json.dumps({"type": genre, "challenge": defi, "origin": self.origine}).encode()

    def _reponse(self, reponse: dict[str, str]) -> str:
        identifiant = _b64(self.cle_id)
        return json.dumps(
            {"id": identifiant, "rawId": identifiant, "type": "public-key", "response": reponse}
        )
