"""Verification of what the identity provider signs (identity-security.md §2.3, "Strict"). Pure: keys and time are given.

Libraries accept by default what must be refused here: an algorithm that the provider's own document lists, a token
whose audience names somebody else too, two minutes after its end, an unsigned userinfo. Each rule is written out.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from tdba.config import FORME_ACR

MARGE: Final = 30
"""Seconds by which two clocks may differ."""

ALGORITHMES: Final = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
"""What may be configured: a signature with the client's secret would make each side able to forge the other's."""

LONGUEUR_MAX: Final = 256
FORME_IDP: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
"""Identifiers of identity providers are UUIDs today; the word is theirs."""


class JetonRefuse(Exception):
    """The token proves nothing. The message is a code for the journal: never a value of the token."""


class CleInconnue(JetonRefuse):
    """Signed by a key that was not published yet when the keys were read: they are to be read again, once."""


@dataclass(frozen=True, slots=True)
class Attendu:
    """What a token must say to be for us, now."""

    emetteur: str
    client_id: str
    algorithme: str
    maintenant: int


def verifier_id_token(
    jeton: object, cles: KeySet, attendu: Attendu, *, nonce: str, access_token: str
) -> Mapping[str, Any]:
    """Return the claims of an id_token that is signed, fresh, ours, and answers this very attempt."""
    claims = _verifier(jeton, cles, attendu, essentiels=("sub", "exp", "iat", "nonce"))
    if not _egal(claims["nonce"], nonce):
        raise JetonRefuse("nonce")
    if claims.get("azp", attendu.client_id) != attendu.client_id:
        raise JetonRefuse("azp")
    if "at_hash" in claims and not _egal(
        claims["at_hash"], _demi_empreinte(access_token, attendu.algorithme)
    ):
        raise JetonRefuse("at_hash")
    return claims


def verifier_userinfo(jeton: object, cles: KeySet, attendu: Attendu, *, sub: str) -> Mapping[str, Any]:
    """Return the claims of a signed userinfo about the same subject, with what an identity needs."""
    claims = _verifier(jeton, cles, attendu, essentiels=("sub",))
    if claims["sub"] != sub:
        raise JetonRefuse("sub")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", _texte(claims, "email")):
        raise JetonRefuse("email")
    if not re.fullmatch(r"[0-9]{14}", _texte(claims, "siret")):
        raise JetonRefuse("siret")
    for nom in ("given_name", "usual_name"):
        _texte(claims, nom)
    return claims


def _verifier(
    jeton: object, cles: KeySet, attendu: Attendu, *, essentiels: tuple[str, ...]
) -> Mapping[str, Any]:
    if attendu.algorithme not in ALGORITHMES:
        raise JetonRefuse("algorithme")
    if not isinstance(jeton, str):
        raise JetonRefuse("absent")
    options: dict[str, jwt.ClaimsOption] = {nom: {"essential": True} for nom in ("aud", *essentiels)}
    options["iss"] = {"essential": True, "value": attendu.emetteur}
    regles = jwt.JWTClaimsRegistry(now=attendu.maintenant, leeway=MARGE, **options)
    try:
        claims = jwt.decode(jeton, cles, algorithms=[attendu.algorithme]).claims
        regles.validate(claims)
    except InvalidKeyIdError as erreur:
        raise CleInconnue("cle") from erreur
    except (JoseError, ValueError) as erreur:
        raise JetonRefuse(getattr(erreur, "error", "format")) from erreur
    # An audience with other clients beside us was not meant for us alone: they could replay it here.
    if claims["aud"] not in (attendu.client_id, [attendu.client_id]):
        raise JetonRefuse("aud")
    if not 0 < len(claims["sub"]) <= LONGUEUR_MAX:
        raise JetonRefuse("sub")
    return claims


def idp_id(claims: Mapping[str, Any]) -> str | None:
    """Which identity provider vouched behind the federation; None when it is not told, or does not look like an id."""
    valeur = claims.get("idp_id")
    return valeur if isinstance(valeur, str) and FORME_IDP.fullmatch(valeur) else None


def _texte(claims: Mapping[str, Any], nom: str) -> str:
    valeur = claims.get(nom)
    if not isinstance(valeur, str) or not 0 < len(valeur) <= LONGUEUR_MAX or not valeur.isprintable():
        raise JetonRefuse(nom)
    return valeur


def _egal(recu: object, attendu: str) -> bool:
    """Equal, in a time that tells nothing of where they differ. JSON may hold half of a pair of code points."""
    return isinstance(recu, str) and hmac.compare_digest(
        recu.encode(errors="surrogatepass"), attendu.encode()
    )


def _demi_empreinte(access_token: str, algorithme: str) -> str:
    """`at_hash` of OpenID Connect Core §3.1.3.6: left half of the hash that the algorithm names."""
    hachage = hashlib.new(f"sha{algorithme[-3:]}", access_token.encode()).digest()
    return base64.urlsafe_b64encode(hachage[: len(hachage) // 2]).rstrip(b"=").decode()


def niveau(claims: Mapping[str, Any]) -> str | None:
    """The level of authentication (`acr`); None, the lowest, when it is not told or does not look like a code.

    No name of a level is known here: they have changed before, and are the configuration's.
    """
    acr = claims.get("acr")
    return acr if isinstance(acr, str) and FORME_ACR.fullmatch(acr) else None


def identifiee_le(claims: Mapping[str, Any]) -> int | None:
    """When the person last proved who they are to the provider (`auth_time`); None when it does not say."""
    instant = claims.get("auth_time")
    return instant if isinstance(instant, int) and not isinstance(instant, bool) else None


def fraiche(identifiee_le: int | None, depuis: int) -> bool:
    """The person proved who they are since that instant: their former session at the provider was not enough."""
    return identifiee_le is not None and identifiee_le >= depuis - MARGE


def suffit(niveau: str | None, acceptes: Collection[str]) -> bool:
    """Whether a level lets somebody in: without a list, any does; with one, a level that was not told is too low."""
    return not acceptes or niveau in acceptes


def suffit_aux_actes_sensibles(niveau: str | None, acceptes: Collection[str]) -> bool:
    """Whether a level dispenses with a second factor of ours: without a list, none does."""
    return niveau in acceptes
