"""The client of the identity provider: OpenID Connect, authorisation code with PKCE. It knows nothing of ProConnect
but what the configuration says; what comes back is believed only once `jetons` has verified it.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tdba import horloge
from tdba.comptes import jetons
from tdba.comptes.jetons import Attendu, CleInconnue, JetonRefuse
from tdba.comptes.service import Identite
from tdba.config import Configuration

PORTEES: Final = "openid given_name usual_name email uid siret idp_id organization_label"
VALIDITE_DECOUVERTE: Final = 3600
_POINTS: Final = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class FournisseurIndisponible(Exception):
    """The identity provider cannot be reached, or answers nonsense: try again later."""


class ConnexionRefusee(Exception):
    """The provider answered, and what it says opens nothing. The message is a code for the journal."""


@dataclass(frozen=True, slots=True)
class Tentative:
    """One login in progress, known to the browser's session only."""

    state: str
    nonce: str
    verifieur: str

    @classmethod
    def nouvelle(cls) -> "Tentative":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Exigence:
    """The levels of authentication asked of the provider; it must refuse the others when `imperative`."""

    niveaux: tuple[str, ...] = ()
    imperative: bool = False
    fraiche: bool = False
    """The person must prove again who they are, whatever session they have at the provider."""

    @classmethod
    def de_connexion(cls, configuration: Configuration, *, fraiche: bool = False) -> "Exigence":
        """Imperative only if every level that we accept is asked: the provider then refuses nobody that we want."""
        demandes, acceptes = configuration.acr_demandes, configuration.acr_connexion
        niveaux = demandes or acceptes
        imperative = bool(acceptes) and set(acceptes) <= set(niveaux)
        return cls(niveaux, imperative=imperative, fraiche=fraiche)

    @classmethod
    def sensible(cls, configuration: Configuration) -> "Exigence":
        return cls(configuration.acr_sensible, imperative=True)

    def claims(self) -> str:
        """The `claims` parameter. The provider tells the level of authentication only to those who ask."""
        acr = {"essential": self.imperative, "values": self.niveaux} if self.niveaux else None
        demandes: dict[str, Any] = {"acr": acr, "amr": None}
        if self.fraiche:
            demandes["auth_time"] = (
                None  # `prompt=login` passes through the browser, which may have taken it away
            )
        return json.dumps({"id_token": demandes}, separators=(",", ":"))


class ClientOidc:
    """Talks to one identity provider, and remembers its public documents for this process."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._decouverte: tuple[float, dict[str, Any]] | None = None
        self._cles: KeySet | None = None

    @property
    def emetteur(self) -> str:
        return self._configuration.oidc_issuer

    def adresse_autorisation(self, tentative: Tentative, exigence: Exigence, retour: str) -> str:
        """Return where to send the browser so that it comes back to `retour` with a code."""
        point = self._point("authorization_endpoint")
        invite = (
            {"prompt": "login"} if exigence.fraiche else {}
        )  # `max_age` is refused (identity-security.md §1.2)
        with self._session(retour) as client:
            adresse: str
            adresse, _ = client.create_authorization_url(
                point,
                state=tentative.state,
                code_verifier=tentative.verifieur,
                nonce=tentative.nonce,
                claims=exigence.claims(),
                **invite,
            )
        return adresse

    def identifier(self, code: str, tentative: Tentative, retour: str) -> tuple[Identite, str]:
        """Exchange a code for a verified identity and the id_token that the logout will show.

        Raises FournisseurIndisponible or ConnexionRefusee.
        """
        with self._session(retour) as client:
            recus = self._echanger(client, code, tentative)
            id_token, acces = recus.get("id_token"), recus.get("access_token")
            if not isinstance(acces, str) or not isinstance(id_token, str):
                raise ConnexionRefusee("jeton_absent")
            try:
                claims = self._verifie(
                    lambda cles: jetons.verifier_id_token(
                        id_token, cles, self._attendu(), nonce=tentative.nonce, access_token=acces
                    )
                )
                reponse = self._userinfo(client)
                infos = self._verifie(
                    lambda cles: jetons.verifier_userinfo(reponse, cles, self._attendu(), sub=claims["sub"])
                )
            except JetonRefuse as erreur:
                raise ConnexionRefusee(f"jeton_{erreur}") from erreur
        return self._identite(claims, infos), id_token

    def adresse_fin(self, id_token: str | None, state: str, retour: str) -> str | None:
        """Return where the browser ends its session at the provider; None when there is no such place."""
        point = self.decouverte().get("end_session_endpoint")
        if not isinstance(point, str) or not self._sur(point):
            return None
        qui = {"id_token_hint": id_token} if id_token else {"client_id": self._configuration.oidc_client_id}
        return f"{point}?{urlencode({**qui, 'state': state, 'post_logout_redirect_uri': retour})}"

    def verifier_emetteur(self, annonce: str | None) -> None:
        """Check the issuer that the return names (RFC 9207): compulsory once the provider says that it gives it.

        Raises ConnexionRefusee, or FournisseurIndisponible.
        """
        promis = self.decouverte().get("authorization_response_iss_parameter_supported") is True
        if annonce != self.emetteur and (promis or annonce is not None):
            raise ConnexionRefusee("emetteur")

    def decouverte(self) -> dict[str, Any]:
        """Return the provider's own description, read at first need and again every hour."""
        maintenant = horloge.maintenant().timestamp()
        if self._decouverte is not None and 0 <= maintenant - self._decouverte[0] < VALIDITE_DECOUVERTE:
            return self._decouverte[1]
        document = self._lire(f"{self.emetteur}/.well-known/openid-configuration")
        if document.get("issuer") != self.emetteur:
            raise FournisseurIndisponible("issuer")
        if not all(self._sur(document.get(nom)) for nom in _POINTS):
            raise FournisseurIndisponible("endpoints")
        # Keys are read again as often: one that was withdrawn must not be believed for the life of a process.
        self._decouverte, self._cles = (maintenant, document), None
        return document

    def _sur(self, adresse: object) -> bool:
        """An address as protected on its way as the issuer's."""
        return isinstance(adresse, str) and urlsplit(adresse).scheme == urlsplit(self.emetteur).scheme

    def _point(self, nom: str) -> str:
        return str(self.decouverte()[nom])

    def _session(self, retour: str) -> OAuth2Session:
        configuration = self._configuration
        return OAuth2Session(
            client_id=configuration.oidc_client_id,
            client_secret=configuration.oidc_client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
            scope=PORTEES,
            redirect_uri=retour,
            code_challenge_method="S256",
            # `timeout` would be ignored in silence (identity-security.md §2.3).
            default_timeout=configuration.oidc_delai,
            # The access token is used at once; with the default margin a token of 60 s would be born expired.
            leeway=0,
        )

    def _echanger(self, client: OAuth2Session, code: str, tentative: Tentative) -> Mapping[str, Any]:
        try:
            recus: Mapping[str, Any] = client.fetch_token(
                self._point("token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=tentative.verifieur,
                allow_redirects=False,
            )
        except AuthlibBaseError as erreur:
            raise ConnexionRefusee("code") from erreur
        except (requests.RequestException, ValueError, TypeError) as erreur:
            raise FournisseurIndisponible("token") from erreur
        return recus

    def _userinfo(self, client: OAuth2Session) -> str:
        try:
            reponse = client.get(self._point("userinfo_endpoint"), allow_redirects=False)
        except AuthlibBaseError as erreur:
            raise ConnexionRefusee("userinfo") from erreur
        except requests.RequestException as erreur:
            raise FournisseurIndisponible("userinfo") from erreur
        if reponse.status_code >= 500:
            raise FournisseurIndisponible("userinfo")
        genre = reponse.headers.get("Content-Type", "").partition(";")[0].strip()
        if reponse.status_code != 200 or genre != "application/jwt":
            raise ConnexionRefusee("userinfo")
        return str(reponse.text)

    def _verifie(self, verification: Any) -> Mapping[str, Any]:
        """Verify with the known keys, and once more with those of now when the signing key is a new one."""
        if self._cles is not None:
            try:
                return dict(verification(self._cles))
            except CleInconnue:
                pass
        self._cles = self._lire_cles()
        return dict(verification(self._cles))

    def _lire_cles(self) -> KeySet:
        document = self._lire(self._point("jwks_uri"))
        try:
            cles = [cle for cle in document["keys"] if cle.get("kty") != "oct" and cle.get("use") != "enc"]
            return KeySet.import_key_set({"keys": cles})
        except (JoseError, KeyError, TypeError, AttributeError, ValueError) as erreur:
            raise FournisseurIndisponible("jwks") from erreur

    def _lire(self, adresse: str) -> dict[str, Any]:
        try:
            reponse = requests.get(adresse, timeout=self._configuration.oidc_delai, allow_redirects=False)
            document = reponse.json()
        except (requests.RequestException, ValueError) as erreur:
            raise FournisseurIndisponible("document") from erreur
        if reponse.status_code != 200 or not isinstance(document, dict):
            raise FournisseurIndisponible("document")
        return document

    def _attendu(self) -> Attendu:
        configuration = self._configuration
        return Attendu(
            configuration.oidc_issuer,
            configuration.oidc_client_id,
            configuration.oidc_alg,
            int(horloge.maintenant().timestamp()),
        )

    def _identite(self, claims: Mapping[str, Any], infos: Mapping[str, Any]) -> Identite:
        return Identite(
            emetteur=self.emetteur,
            sub=claims["sub"],
            courriel=infos["email"].strip(),
            prenom=infos["given_name"].strip(),
            nom=infos["usual_name"].strip(),
            siret=infos["siret"],
            idp_id=jetons.idp_id(infos),
            niveau=jetons.niveau(claims),
            identifiee_le=jetons.identifiee_le(claims),
        )
