"""Codes of an authenticator application (RFC 6238) and recovery codes, without any database (decision 27).

One code every 30 seconds, accepted one step early or late for clocks that drift; a step serves once, whoever keeps
the last one. Shared secrets are stored encrypted and bound to their owner; recovery codes as a keyed digest, so that a
dump of the base gives neither. Both keys come from the secret key of the configuration.
"""

import base64
import hashlib
import hmac
import secrets
import struct
from typing import Final
from urllib.parse import quote, urlencode

import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PAS: Final = 30
CHIFFRES: Final = 6
FENETRE: Final = 1
"""Steps accepted before and after the current one."""
EMETTEUR: Final = "Tableau de bord de l’apprentissage"
NOMBRE_DE_CODES: Final = 10
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the characters that one reads for another."""
_LONGUEUR: Final = 12
_NONCE: Final = 12


def nouveau_secret() -> bytes:
    """A shared secret of 160 bits, the length that RFC 4226 asks for."""
    return secrets.token_bytes(20)


def en_texte(secret: bytes) -> str:
    """The secret as applications expect it to be typed."""
    return base64.b32encode(secret).decode()


def code(secret: bytes, pas: int) -> str:
    """The code of a time step."""
    condense = hmac.new(secret, struct.pack(">Q", pas), hashlib.sha1).digest()
    debut = condense[-1] & 0x0F
    (valeur,) = struct.unpack(">I", condense[debut : debut + 4])
    return f"{(valeur & 0x7FFFFFFF) % 10**CHIFFRES:0{CHIFFRES}d}"


def pas_accepte(secret: bytes, saisi: str, *, instant: float, dernier: int) -> int | None:
    """Return the time step that `saisi` is the code of, later than `dernier`; None when it is none.

    A code serves once (RFC 6238 §5.2): the caller keeps the step returned and gives it back as `dernier`.
    """
    courant = int(instant) // PAS
    trouve = None
    for pas in range(courant - FENETRE, courant + FENETRE + 1):
        egal = hmac.compare_digest(code(secret, pas).encode(), saisi.encode())
        if egal and pas > dernier and trouve is None:
            trouve = pas
    return trouve


def adresse(secret: bytes, compte: str) -> str:
    """What the QR code says to the application."""
    nom = quote(f"{EMETTEUR}:{compte}", safe="")
    parametres = {"secret": en_texte(secret), "issuer": EMETTEUR}
    return f"otpauth://totp/{nom}?{urlencode(parametres, quote_via=quote)}"


def image(adresse_otp: str) -> str:
    """The QR code as the address of an inline image: our content policy allows `data:` for images alone."""
    return str(segno.make(adresse_otp, micro=False, error="m").svg_data_uri(scale=4, light="white"))


def nouveaux_codes() -> list[str]:
    """Ten recovery codes of 58 bits, written in groups of four."""
    bruts = ["".join(secrets.choice(ALPHABET) for _ in range(_LONGUEUR)) for _ in range(NOMBRE_DE_CODES)]
    return ["-".join(brut[i : i + 4] for i in range(0, _LONGUEUR, 4)) for brut in bruts]


def normaliser(saisi: str) -> str:
    """What was meant by what was typed: neither spaces, dashes nor case count."""
    return "".join(c for c in saisi.upper() if c.isalnum())


def empreinte_de_secours(saisi: str, *, cle: str, personne_id: int) -> bytes:
    """The digest kept for a recovery code: keyed, and different from one person to another."""
    message = f"{personne_id}:{normaliser(saisi)}".encode()
    return hmac.new(_derivee(cle, b"codes de secours"), message, hashlib.sha256).digest()


def anonyme(cle: str, personne_id: int) -> bytes:
    """The handle that a passkey keeps for a person: it says nothing of who they are (WebAuthn §14.6.1)."""
    return hmac.new(_derivee(cle, b"identifiant de cle"), str(personne_id).encode(), hashlib.sha256).digest()


def chiffrer(secret: bytes, *, cle: str, personne_id: int) -> bytes:
    """Encrypt a shared secret for its owner: put in somebody else's row, it opens nothing."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_derivee(cle, b"secrets totp")).encrypt(nonce, secret, _lien(personne_id))


def dechiffrer(chiffre: bytes, *, cle: str, personne_id: int) -> bytes | None:
    """The shared secret; None when it was not encrypted for that person under that key."""
    try:
        coffre = AESGCM(_derivee(cle, b"secrets totp"))
        return coffre.decrypt(chiffre[:_NONCE], chiffre[_NONCE:], _lien(personne_id))
    except (InvalidTag, ValueError):
        return None


def _lien(personne_id: int) -> bytes:
    return f"personne {personne_id}".encode()


def _derivee(cle: str, usage: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tdba " + usage).derive(cle.encode())
