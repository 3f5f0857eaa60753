"""Keys of the public identifiers, and the shape of a social-security number. Pure.

- SIRET: Luhn over 14 digits; La Poste (SIREN 356000000) numbers its offices otherwise (decision 13).
- UAI: the letter is the rank of the seven digits modulo 23 in an alphabet without I, O, Q.
- NIR: never stored, so what looks like one must be recognised wherever it is written (decision 16).
"""

import re
from datetime import date

from stdnum.fr import nir

LETTRES_UAI = "ABCDEFGHJKLMNPRSTUVWXYZ"
SIREN_LA_POSTE = "356000000"

MASQUE_NIR = "[NIR masqué]"

# Weight of two digits at once, the first one doubled: 7 look-ups instead of 14 conversions.
_LUHN_PAR_PAIRE = {f"{n:02d}": sum(divmod(n // 10 * 2, 10)) + n % 10 for n in range(100)}

# One group a component, separators between groups only: two phone numbers side by side do not match.
# First digit: 1, 2, or 3, 4, 7, 8 for people not yet registered for good. Month: pseudo-months 20, 30-42, 50-99 included.
_SEPARATEUR = r"[\s.\-]{0,2}"
_FORME_NIR = re.compile(
    r"(?<![0-9+])[1-478]"
    + _SEPARATEUR
    + r"(?P<annee>[0-9]{2})"
    + _SEPARATEUR
    + r"(?P<mois>0[1-9]|1[0-2]|20|3[0-9]|4[0-2]|[5-9][0-9])"
    + _SEPARATEUR
    + r"(?:2[ABab]|(?!00)[0-9]{2})"
    + _SEPARATEUR
    + r"[0-9]{3}"
    + _SEPARATEUR
    + r"[0-9]{3}(?P<cle>"
    + _SEPARATEUR
    + r"[0-9]{2})?(?![0-9])"
)
_LONGUEUR_NIR = 13


def siret_valide(siret: str) -> bool:
    """Say whether a text is a SIRET: 14 digits without separators, and the right check key (decision 13).

    A La Poste office is right when the sum of its digits is a multiple of 5; its head office follows Luhn like anybody.
    """
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    total = 0
    for rang in range(0, 14, 2):
        total += _LUHN_PAR_PAIRE[siret[rang : rang + 2]]
    if total % 10 == 0:
        return True
    return siret.startswith(SIREN_LA_POSTE) and sum(map(int, siret)) % 5 == 0


def uai_valide(uai: str) -> bool:
    """Say whether a text is an UAI: 7 digits, then the upper-case letter that these digits give (decision 13)."""
    chiffres = uai[:7]
    if len(uai) != 8 or not (chiffres.isascii() and chiffres.isdigit()):
        return False
    return LETTRES_UAI[int(chiffres) % 23] == uai[7]


def contient_un_nir(texte: str) -> bool:
    """Say whether a free text holds 13 or 15 digits shaped like a NIR, whatever its key (decision 16)."""
    return len(texte) >= _LONGUEUR_NIR and _FORME_NIR.search(texte) is not None


def est_un_nir(identifiant: str, naissance: date | None) -> bool:
    """Say whether an identifier chosen by an ERP is, or holds, a NIR (decision 16).

    Some ERP number their apprentices with 13 digits, dates first: the shape alone would refuse a whole CFA.
    So 15 digits must also carry the right key, and 13 digits must also agree with the birth date when it is known.
    """
    if len(identifiant) < _LONGUEUR_NIR or (forme := _FORME_NIR.search(identifiant)) is None:
        return False
    if forme["cle"]:
        return nir.is_valid(re.sub(r"[\s.\-]", "", forme[0]))
    if naissance is None:
        return True
    mois = int(forme["mois"])
    return int(forme["annee"]) == naissance.year % 100 and (mois > 12 or mois == naissance.month)


def masquer_nir(texte: str) -> str:
    """Replace every run shaped like a NIR, for the copy of the line that is stored (decision 16)."""
    return _FORME_NIR.sub(MASQUE_NIR, texte) if len(texte) >= _LONGUEUR_NIR else texte
