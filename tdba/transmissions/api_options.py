"""What a sender asks for beside the lines it sends: the options of a call, read and checked. Pure.

`?complet=1`: this call holds every record of the organismes and years it names. `?envoi=…&partie=…&parties=…`: so do
these calls together. `?essai=1`: read and answer, store nothing. `Idempotency-Key`: the same call sent twice is stored
once. Other parameters are ignored, as the existing service does.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

ENVOI_MAX: Final = 64
PARTIES_MAX: Final = 999
CLE_MAX: Final = 255

VISIBLES: Final = re.compile(r"[\x21-\x7e]+")
_ENTIER: Final = re.compile(r"[0-9]{1,9}")
_BOOLEENS: Final = {"": False, "0": False, "1": True}
_TYPES_JSON: Final = re.compile(r"application/(?:[a-z0-9.!#$&^_-]+\+)?json")


class OptionRefusee(Exception):
    """An option that cannot be understood; the sentence is for whoever writes the sender."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(option)
        self.option, self.message = option, message


class Idempotence(NamedTuple):
    """The sender's key and what it was sent with, both hashed: neither is kept."""

    cle: bytes
    corps: bytes


class Options(NamedTuple):
    """What one call asks for. `partie` of `parties`, 1 first, when a complete sending is made of several calls."""

    essai: bool = False
    complete: bool = False
    envoi: str | None = None
    partie: int | None = None
    parties: int | None = None
    idempotence: Idempotence | None = None


def lire(parametres: Mapping[str, str], cle: str | None, corps: bytes) -> Options:
    """Read the options of one call. Raises OptionRefusee."""
    essai, complet = (_booleen(parametres, nom) for nom in ("essai", "complet"))
    envoi, partie, parties = _parts(parametres)
    options = Options(essai, complet or envoi is not None, envoi, partie, parties)
    return options if cle is None else options._replace(idempotence=_idempotence(cle, corps, options))


def _booleen(parametres: Mapping[str, str], nom: str) -> bool:
    lu = _BOOLEENS.get(parametres.get(nom, ""))
    if lu is None:
        raise OptionRefusee(nom, f"Le paramètre « {nom} » vaut 0 ou 1.")
    return lu


def _parts(parametres: Mapping[str, str]) -> tuple[str | None, int | None, int | None]:
    envoi = parametres.get("envoi")
    if envoi is None:
        if orphelin := next((nom for nom in ("partie", "parties") if nom in parametres), None):
            raise OptionRefusee(orphelin, f"Le paramètre « {orphelin} » demande aussi « envoi ».")
        return None, None, None
    if not VISIBLES.fullmatch(envoi) or len(envoi) > ENVOI_MAX:
        message = f"Le paramètre « envoi » est un nom de 1 à {ENVOI_MAX} caractères visibles, sans accent ni espace."
        raise OptionRefusee("envoi", message)
    partie, parties = (_rang(parametres, nom) for nom in ("partie", "parties"))
    if partie > parties:
        raise OptionRefusee("partie", "Le paramètre « partie » ne peut pas dépasser « parties ».")
    return envoi, partie, parties


def _rang(parametres: Mapping[str, str], nom: str) -> int:
    texte = parametres.get(nom, "")
    rang = int(texte) if _ENTIER.fullmatch(texte) else 0
    if not 1 <= rang <= PARTIES_MAX:
        raise OptionRefusee(nom, f"Le paramètre « {nom} » est un nombre de 1 à {PARTIES_MAX}.")
    return rang


def _idempotence(cle: str, corps: bytes, options: Options) -> Idempotence:
    """The options belong to what was asked: the same lines, complete or not, are two requests."""
    if not VISIBLES.fullmatch(cle) or len(cle) > CLE_MAX:
        message = (
            f"L’en-tête Idempotency-Key compte de 1 à {CLE_MAX} caractères visibles, sans accent ni espace."
        )
        raise OptionRefusee("Idempotency-Key", message)
    demande = repr((options.complete, options.envoi, options.partie, options.parties)).encode()
    return Idempotence(
        hashlib.sha256(cle.encode()).digest(), hashlib.sha256(demande + b"\n" + corps).digest()
    )


def est_du_json(type_: str, jeu: str | None) -> bool:
    """A declared type that is JSON in UTF-8; nothing declared is taken for it, as senders' libraries often forget."""
    return (not type_ or _TYPES_JSON.fullmatch(type_.lower()) is not None) and (jeu or "utf-8").lower() in (
        "utf-8",
        "utf8",
        "us-ascii",
    )
