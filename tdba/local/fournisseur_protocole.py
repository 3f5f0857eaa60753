"""The rules of the demo identity provider: who may ask what, codes that serve once, signed answers.

Shaped like ProConnect (identity-security.md §1): same endpoints, scopes and refusals, ES256 for both tokens. It
imports nothing of the application: the two know each other by the protocol alone. Its key lives in memory.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

DUREE_CODE: Final = 60
DUREE_JETON: Final = 60
DUREE_DEMANDE: Final = 3600

PARAMETRES: Final = frozenset(
    {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "claims",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "login_hint",
        "siret_hint",
        "idp_hint",
        "acr_values",
        "response_mode",
    }
)
"""Any other parameter is refused, `max_age` among them: ProConnect does the same (Y000400)."""

PORTEES: Final = ("given_name", "usual_name", "email", "uid", "siret", "idp_id", "organization_label")
"""Beside `openid`; each gives the claim of the same name."""
IDP_ID: Final = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Personne:
    """One invented person of the list."""

    sub: str
    given_name: str
    usual_name: str
    email: str
    siret: str
    organization_label: str
    acr: str = "eidas1"
    description: str = ""

    def claims(self) -> dict[str, str]:
        return {
            "given_name": self.given_name,
            "usual_name": self.usual_name,
            "email": self.email,
            "uid": self.sub,
            "siret": self.siret,
            "idp_id": IDP_ID,
            "organization_label": self.organization_label,
        }


def lire_personnes(fichier: Path) -> list[Personne]:
    """Read the list of people. Raises ValueError, OSError or TypeError when it is not one."""
    return [Personne(**valeurs) for valeurs in json.loads(fichier.read_text(encoding="utf-8"))]


@dataclass(frozen=True)
class Reglages:
    """The one client of this provider, and the provider's own address."""

    emetteur: str
    client_id: str
    client_secret: str = field(repr=False)
    retours: Sequence[str] = ()
    retours_fin: Sequence[str] = ()
    horloge: Callable[[], float] = time.time


class Refus(Exception):
    """The request breaks the protocol. `code` is the error of OAuth or ProConnect, safe to show."""

    def __init__(self, code: str, *, statut: int = 400) -> None:
        super().__init__(code)
        self.code, self.statut = code, statut


def niveaux_exiges(parametres: Mapping[str, str]) -> Sequence[str] | None:
    """The levels without which the client wants nobody (`claims`); none when it wishes only; None if malformed."""
    try:
        acr = json.loads(parametres.get("claims", "{}")).get("id_token", {}).get("acr") or {}
        niveaux = acr["values"] if acr.get("essential") is True else []
    except (ValueError, AttributeError, KeyError, TypeError):
        return None
    return niveaux if isinstance(niveaux, list) else None


@dataclass
class Code:
    """An authorisation given, waiting to be exchanged once."""

    personne: Personne
    demande: Mapping[str, str]
    fin: float
    jeton: str | None = None
    """The access token it was exchanged for: a second use takes it back."""


class Fournisseur:
    """State and rules. Methods that make tokens are meant to be overridden by tests that play a bad provider."""

    def __init__(self, reglages: Reglages, personnes: Callable[[], list[Personne]]) -> None:
        self.reglages = reglages
        self.personnes = personnes
        self.cle = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        self._verrou = threading.Lock()
        self._demandes: dict[str, tuple[float, Mapping[str, str]]] = {}
        self._codes: dict[str, Code] = {}
        self._jetons: dict[str, Code] = {}

    def maintenant(self) -> float:
        return self.reglages.horloge()

    def decouverte(self) -> dict[str, Any]:
        e = self.reglages.emetteur
        return {
            "issuer": e,
            "authorization_endpoint": f"{e}/authorize",
            "token_endpoint": f"{e}/token",
            "userinfo_endpoint": f"{e}/userinfo",
            "jwks_uri": f"{e}/jwks",
            "end_session_endpoint": f"{e}/session/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "scopes_supported": ["openid", *PORTEES],
            "id_token_signing_alg_values_supported": ["ES256"],
            "userinfo_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        }

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self.cle.as_dict(private=False)]}

    def demander(self, parametres: Mapping[str, str]) -> str:
        """Check an authorisation request and keep it; returns the name under which it waits for a person."""
        p = parametres
        connu = p.get("client_id") == self.reglages.client_id
        if not connu or p.get("redirect_uri") not in self.reglages.retours:
            raise Refus("Y030031")
        portees = p.get("scope", "").split()
        conforme = (
            set(p) <= PARAMETRES
            and p.get("response_type") == "code"
            and min(len(p.get("state", "")), len(p.get("nonce", ""))) >= 32
            and p.get("code_challenge_method") == "S256"
            and len(p.get("code_challenge", "")) == 43
            and "openid" in portees
            and set(portees) <= {"openid", *PORTEES}
            and niveaux_exiges(p) is not None
        )
        if not conforme:
            raise Refus("Y000400")
        nom = secrets.token_urlsafe(16)
        with self._verrou:
            limite = self.maintenant() - DUREE_DEMANDE
            self._demandes = {n: d for n, d in self._demandes.items() if d[0] > limite}
            self._demandes[nom] = (self.maintenant(), dict(p))
        return nom

    def prendre(self, nom: str) -> Mapping[str, str]:
        """Take back a waiting request: it is answered once."""
        with self._verrou:
            attente = self._demandes.pop(nom, None)
        if attente is None:
            raise Refus("Y030110")
        return attente[1]

    def refuse_le_niveau(self, demande: Mapping[str, str], sub: str) -> bool:
        """The client demands levels, and that person has another."""
        exiges = niveaux_exiges(demande)
        return bool(exiges) and any(p.sub == sub and p.acr not in (exiges or ()) for p in self.personnes())

    def autoriser(self, demande: Mapping[str, str], sub: str) -> str:
        """Return a code for that person, or raise Refus when the list holds nobody of that name."""
        personne = next((p for p in self.personnes() if p.sub == sub), None)
        if personne is None:
            raise Refus("access_denied")
        code = secrets.token_urlsafe(32)
        with self._verrou:
            self._codes[code] = Code(personne, demande, self.maintenant() + DUREE_CODE)
        return code

    def echanger(self, p: Mapping[str, str]) -> dict[str, Any]:
        """Answer the token endpoint."""
        attendus = (self.reglages.client_id, self.reglages.client_secret)
        if not all(
            hmac.compare_digest(p.get(nom, "").encode(), valeur.encode())
            for nom, valeur in zip(("client_id", "client_secret"), attendus, strict=True)
        ):
            raise Refus("invalid_client", statut=401)
        if p.get("grant_type") != "authorization_code":
            raise Refus("unsupported_grant_type")
        with self._verrou:
            code = self._codes.get(p.get("code", ""))
            self._exiger_echangeable(code, p)
            assert code is not None  # noqa: S101 - just checked
            code.jeton = secrets.token_urlsafe(32)
            self._jetons[code.jeton] = code
        return self.reponse_jeton(code, code.jeton)

    def _exiger_echangeable(self, code: Code | None, p: Mapping[str, str]) -> None:
        if code is None or code.fin < self.maintenant():
            raise Refus("invalid_grant")
        if code.jeton is not None:
            self._jetons.pop(code.jeton, None)
            raise Refus("invalid_grant")
        defi = base64.urlsafe_b64encode(hashlib.sha256(p.get("code_verifier", "").encode()).digest())
        if (
            defi.rstrip(b"=").decode() != code.demande["code_challenge"]
            or p.get("redirect_uri") != code.demande["redirect_uri"]
        ):
            raise Refus("invalid_grant")

    def infos(self, jeton: str) -> str:
        """Answer the userinfo endpoint with a signed token."""
        code = self._jetons.get(jeton)
        if code is None or code.fin + DUREE_JETON < self.maintenant():
            raise Refus("invalid_token", statut=401)
        permis = code.demande["scope"].split()
        claims = {nom: valeur for nom, valeur in code.personne.claims().items() if nom in permis}
        return self.signer_userinfo({**self._communs(code), **claims})

    def adresse_fin(self, p: Mapping[str, str]) -> str | None:
        """Check a logout request; returns where to send the browser back, if anywhere."""
        if "id_token_hint" in p:
            try:
                jwt.decode(p["id_token_hint"], self.cle, algorithms=["ES256"])
            except (JoseError, ValueError) as erreur:
                raise Refus("Y000019") from erreur
        elif p.get("client_id") != self.reglages.client_id:
            raise Refus("Y000400")
        retour = p.get("post_logout_redirect_uri")
        if retour is not None and retour not in self.reglages.retours_fin:
            raise Refus("Y030111")
        return retour

    def _communs(self, code: Code) -> dict[str, Any]:
        maintenant = int(self.maintenant())
        return {
            "iss": self.reglages.emetteur,
            "aud": self.reglages.client_id,
            "sub": code.personne.sub,
            "iat": maintenant,
            "exp": maintenant + DUREE_JETON,
        }

    def reponse_jeton(self, code: Code, jeton: str) -> dict[str, Any]:
        empreinte = hashlib.sha256(jeton.encode()).digest()[:16]
        claims = self._communs(code) | {
            "nonce": code.demande["nonce"],
            "at_hash": base64.urlsafe_b64encode(empreinte).rstrip(b"=").decode(),
            "acr": code.personne.acr,
            "amr": ["pwd"],
            "auth_time": int(code.fin) - DUREE_CODE,  # somebody is chosen on screen each time
        }
        return {
            "access_token": jeton,
            "token_type": "Bearer",
            "expires_in": DUREE_JETON,
            "scope": code.demande["scope"],
            "id_token": self.signer_id_token(claims),
        }

    def signer_id_token(self, claims: dict[str, Any]) -> str:
        return self._signer(claims)

    def signer_userinfo(self, claims: dict[str, Any]) -> str:
        return self._signer(claims)

    def _signer(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.cle.kid}, claims, self.cle, algorithms=["ES256"])
