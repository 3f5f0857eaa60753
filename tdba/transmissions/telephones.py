"""From a received phone number to the one that is stored (domain.md §4.2). Pure.

libphonenumber takes about 30 µs a number. Ordinary metropolitan numbers are recognised by the very patterns
of the library's metadata, so the short way cannot drift from it when the library is updated.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from tdba.transmissions.refus import FORMAT_INVALIDE, TELEPHONE_INVALIDE, TELEPHONE_SPECIAL, Refus

# First digits of the national number, without the leading 0, of the territories that have their own country code.
_TERRITOIRES = {
    "590": "GP", "690": "GP", "691": "GP", "70900": "GP", "70901": "GP", "70902": "GP", "70903": "GP", "70904": "GP",
    "594": "GF", "694": "GF", "70930": "GF", "70931": "GF", "70932": "GF", "70933": "GF",
    "596": "MQ", "696": "MQ", "697": "MQ", "70910": "MQ", "70911": "MQ", "70912": "MQ", "70913": "MQ",
    "262": "RE", "692": "RE", "693": "RE", "70920": "RE", "70921": "RE", "70922": "RE", "70923": "RE",
    "269": "YT", "639": "YT", "70935": "YT", "70936": "YT", "70937": "YT",
}  # fmt: skip

_SPECIAUX = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.SHARED_COST,
    }
)

_PONCTUATION = re.compile(r"[-.()/\s]+")
_COMPOSABLE = re.compile(r"\+?[0-9]{1,20}")
_LONGUEUR_MAXIMALE = 64


def _motif_ordinaire() -> re.Pattern[str]:
    """Build, from the metadata of France, the pattern of its mobile and landline numbers.

    These metadata also take some first digits that overseas territories use (0596, 0269): left to the library.
    """
    france = PhoneMetadata.metadata_for_region("FR")
    if france is None or france.mobile is None or france.fixed_line is None:
        return re.compile(r"(?!)")  # matches nothing: everything goes through the library
    motifs = f"{france.mobile.national_number_pattern}|{france.fixed_line.national_number_pattern}"
    return re.compile(rf"(?:0|\+33)(?!{'|'.join(_TERRITOIRES)})({motifs})", re.ASCII)


_ORDINAIRE = _motif_ordinaire()


def telephone(recu: str) -> str | Refus | None:
    """Return `0XXXXXXXXX` for metropolitan France, else E.164 (overseas included); None when nothing is written.

    Refused: not a possible number ("Format invalide"), not a valid one, premium-rate, pager, voicemail, shared cost.
    """
    if len(recu) > _LONGUEUR_MAXIMALE:
        return FORMAT_INVALIDE
    if not recu or recu.isspace():
        return None
    numero = _PONCTUATION.sub("", recu)
    if ordinaire := _ORDINAIRE.fullmatch(numero):
        return "0" + ordinaire[1]
    return _selon_la_bibliotheque(numero)


def _selon_la_bibliotheque(numero: str) -> str | Refus:
    # The library looks for a number inside a text; the whole value must be one.
    if _COMPOSABLE.fullmatch(numero) is None:
        return FORMAT_INVALIDE
    try:
        lu = phonenumbers.parse(numero, _region(numero))
    except NumberParseException:
        return FORMAT_INVALIDE
    refuse = _refus(lu)
    if refuse is not None:
        return refuse
    if phonenumbers.region_code_for_number(lu) == "FR":
        national = f"0{lu.national_number}"
        # "+33 596…" is how some write a number of Martinique; kept as 0596… it would be read as such the next time.
        return national if _region(national) == "FR" else _selon_la_bibliotheque(national)
    return phonenumbers.format_number(lu, PhoneNumberFormat.E164)


def _refus(lu: PhoneNumber) -> Refus | None:
    if not phonenumbers.is_possible_number(lu):
        return FORMAT_INVALIDE
    if not phonenumbers.is_valid_number(lu):
        return TELEPHONE_INVALIDE
    return TELEPHONE_SPECIAL if phonenumbers.number_type(lu) in _SPECIAUX else None


def _region(numero: str) -> str:
    """Return the region a number without country code is to be read in, from its first digits."""
    national = numero.removeprefix("0")
    return _TERRITOIRES.get(national[:3]) or _TERRITOIRES.get(national[:5]) or "FR"
