"""The seal of a letter: what its reader alone was given opens it, and nothing kept here does (ADR 0024). Pure.

Three things make the key: the token of the link, known to the mail alone; the code, told by another channel; and the
secret of the service. The database holds none of them.
"""

import hashlib
import hmac
import re
import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHIFFRES: Final = 8
"""Digits of the code."""
_NONCE: Final = 12
_COUT: Final = 2**14
"""scrypt, 16 MiB and some 50 ms: 100 million codes cannot be tried quickly, even with the link and the secret."""


def nouveau_jeton() -> str:
    """A secret for an address: 256 bits."""
    return secrets.token_urlsafe(32)


def empreinte(jeton: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(jeton.encode()).digest()


def code_du_formulaire(cle: str, secret: str) -> str:
    """The code of the letter that this form asks for.

    The key of a form has 256 bits and is stored only as a hash: a double click shows the same code, the base none.
    """
    nombre = int.from_bytes(hmac.digest(secret.encode(), f"liaison:code:{cle}".encode(), "sha256")[:16])
    return f"{nombre % 10**CHIFFRES:0{CHIFFRES}d}"


def empreinte_du_formulaire(cle: str) -> str:
    """What is kept of a form's key, so that it sends once."""
    return hashlib.sha256(f"liaison:formulaire:{cle}".encode()).hexdigest()


def code_lu(saisie: str) -> str | None:
    """The digits of a code as a person types it, spaces and dots allowed; None when it cannot be one."""
    chiffres = re.sub(r"[\s.\-]", "", saisie)
    return chiffres if re.fullmatch(rf"[0-9]{{{CHIFFRES}}}", chiffres) else None


def en_groupes(code: str) -> str:
    """A code as it is told by phone: « 1234 5678 »."""
    return f"{code[:4]} {code[4:]}"


def sceller(contenu: bytes, uuid: UUID, *, jeton: str, code: str, secret: str) -> tuple[bytes, bytes]:
    """Return (what proves the code, the sealed content), both useless without the token and the secret."""
    cle, preuve = _cles(jeton, code, secret)
    nonce = secrets.token_bytes(_NONCE)
    return preuve, nonce + AESGCM(cle).encrypt(nonce, contenu, uuid.bytes)


def ouvrir(scelle: bytes, uuid: UUID, preuve: bytes, *, jeton: str, code: str, secret: str) -> bytes | None:
    """The content; None when the code is wrong. A content moved to another letter opens nothing."""
    cle, attendue = _cles(jeton, code, secret)
    if not hmac.compare_digest(attendue, preuve):
        return None
    try:
        return AESGCM(cle).decrypt(scelle[:_NONCE], scelle[_NONCE:], uuid.bytes)
    except InvalidTag:
        return None


def _cles(jeton: str, code: str, secret: str) -> tuple[bytes, bytes]:
    """The key, and what proves the code, from the same costly derivation."""
    sel = hmac.digest(secret.encode(), f"liaison:pli:{jeton}".encode(), "sha256")
    derives = hashlib.scrypt(code.encode(), salt=sel, n=_COUT, r=8, p=1, dklen=64)
    return derives[:32], derives[32:]
