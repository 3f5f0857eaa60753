"""Identifiers of the demo: well formed, with the right keys, and belonging to nobody. Pure.

A SIREN that starts with 000 is never given, and UAI numbers do not reach 8000 in any département, so no invented
organisme can be mistaken for a real one.
"""

import hashlib
import hmac
import uuid
from typing import Final

from tdba.transmissions.identifiants import LETTRES_UAI

PREFIXE_SIREN: Final = "000"
_CORSE: Final = {"2A": "720", "2B": "620"}


def _cle_luhn(chiffres: str) -> str:
    """The digit that makes `chiffres` + digit right by Luhn."""
    total = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        valeur = int(chiffre) * (2 if rang % 2 == 0 else 1)
        total += valeur - 9 if valeur > 9 else valeur
    return str(-total % 10)


def siren(numero: int) -> str:
    """The invented SIREN number `numero`, up to 99,999."""
    base = f"{PREFIXE_SIREN}{numero:05d}"
    return base + _cle_luhn(base)


def siret(numero: int, etablissement: int = 1) -> str:
    """The SIRET of an establishment of the invented SIREN number `numero`."""
    base = siren(numero) + f"{etablissement:04d}"
    return base + _cle_luhn(base)


def uai(departement: str, numero: int) -> str:
    """The invented UAI number `numero`, up to 1,999, of a département."""
    local = 9000 + numero if numero < 1000 else 7000 + numero
    chiffres = f"{_CORSE.get(departement, departement.zfill(3))}{local}"
    return chiffres + LETTRES_UAI[int(chiffres) % 23]


def cle_api(secret: str, code: str) -> str:
    """The API key of a demo CFA, shaped as a UUID 4: the same as long as the installation keeps its secret."""
    empreinte = hmac.new(secret.encode(), f"demo/cle-api/{code}".encode(), hashlib.sha256).digest()
    return str(uuid.UUID(bytes=empreinte[:16], version=4))


def empreinte_cle(cle: str) -> bytes:
    """What `cle_api.empreinte` holds of a key (decision 12: only its hash is kept)."""
    return hashlib.sha256(cle.encode()).digest()
