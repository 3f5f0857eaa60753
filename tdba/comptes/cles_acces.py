"""Passkeys, by the maintained `webauthn` library: what is asked of the browser, and what its answer proves.

No database and no request here. User verification is preferred, not required: the provider has already checked one
factor, and this one proves possession (decision 27).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NOM_DU_SERVICE: Final = "Tableau de bord de l’apprentissage"
REPONSE_MAX: Final = 20_000
"""Longest answer of a browser that is read at all."""


class CleRefusee(Exception):
    """The browser's answer proves nothing."""


@dataclass(frozen=True, slots=True)
class CleNeuve:
    """What is kept of a passkey: nothing in it is secret."""

    cle_id: bytes
    publique: bytes
    compteur: int


@dataclass(frozen=True, slots=True)
class Demande:
    """What the browser is asked, and the challenge that its answer must have signed."""

    options: str
    defi: bytes


def possibles(base_url: str) -> bool:
    """Passkeys are bound to a domain name: an address made of numbers has none."""
    try:
        ip_address(_domaine(base_url))
    except ValueError:
        return True
    return False


def demander_creation(base_url: str, *, identifiant: bytes, compte: str, deja: Sequence[bytes]) -> Demande:
    """Ask for a new passkey, on a device that holds none of `deja`."""
    options = webauthn.generate_registration_options(
        rp_id=_domaine(base_url),
        rp_name=NOM_DU_SERVICE,
        user_id=identifiant,
        user_name=compte,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=cle_id) for cle_id in deja],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return Demande(webauthn.options_to_json(options), options.challenge)


def verifier_creation(base_url: str, *, reponse: str, defi: bytes) -> CleNeuve:
    """Read a new passkey. Raises CleRefusee."""
    try:
        lue = webauthn.verify_registration_response(
            credential=_bornee(reponse),
            expected_challenge=defi,
            expected_rp_id=_domaine(base_url),
            expected_origin=_origine(base_url),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as erreur:
        raise CleRefusee from erreur
    return CleNeuve(lue.credential_id, lue.credential_public_key, lue.sign_count)


def demander_preuve(base_url: str, *, cles: Sequence[bytes]) -> Demande:
    """Ask for a signature by one of `cles`."""
    options = webauthn.generate_authentication_options(
        rp_id=_domaine(base_url),
        allow_credentials=[PublicKeyCredentialDescriptor(id=cle_id) for cle_id in cles],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Demande(webauthn.options_to_json(options), options.challenge)


def cle_annoncee(reponse: str) -> bytes:
    """Which passkey an answer says it comes from; nothing is proved yet. Raises CleRefusee."""
    try:
        return parse_authentication_credential_json(_bornee(reponse)).raw_id
    except (WebAuthnException, ValueError, KeyError, TypeError) as erreur:
        raise CleRefusee from erreur


def verifier_preuve(base_url: str, *, reponse: str, defi: bytes, publique: bytes, compteur: int) -> int:
    """Check a signature; returns the passkey's new counter. A counter that goes back is a copy. Raises CleRefusee."""
    try:
        lue = webauthn.verify_authentication_response(
            credential=_bornee(reponse),
            expected_challenge=defi,
            expected_rp_id=_domaine(base_url),
            expected_origin=_origine(base_url),
            credential_public_key=publique,
            credential_current_sign_count=compteur,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as erreur:
        raise CleRefusee from erreur
    return lue.new_sign_count


def _bornee(reponse: str) -> str:
    if len(reponse) > REPONSE_MAX:
        raise CleRefusee
    return reponse


def _domaine(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""


def _origine(base_url: str) -> str:
    morceaux = urlsplit(base_url)
    return f"{morceaux.scheme}://{morceaux.netloc}"
