"""Text normalising shared by every accent-free search (`organisme.recherche`, `effectif.recherche`).

Pure: no I/O, no clock. The stored column and the typed query go through the same function,
so that "Lycée Saint-Éloi", "LYCEE SAINT ELOI" and "lycee saint eloi" all meet.
"""

import re
import unicodedata
from typing import Final

# Letters that NFKD does not decompose, with the spelling people type instead.
_LETTRES_LIEES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)

# Apostrophes and hyphens of every keyboard and word processor separate words, as spaces do.
_SEPARATEURS = str.maketrans(dict.fromkeys("'’‘ʼ`´′-‐‑‒–—―−", " "))


def sans_accents(texte: str) -> str:
    """Return the text in capitals, without accents, words separated by single spaces.

    >>> sans_accents("  Lycée  Saint-Éloi, cœur d’Aix ")
    'LYCEE SAINT ELOI, COEUR D AIX'
    """
    # Separators first: NFKD would turn an isolated acute accent into a space and a combining mark.
    separe = texte.translate(_SEPARATEURS).translate(_LETTRES_LIEES)
    decompose = unicodedata.normalize("NFKD", separe)
    nu = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    # A compatibility form may decompose into a separator (full-width hyphen): translate again.
    return " ".join(nu.translate(_SEPARATEURS).upper().split())


_SEPARE: Final = r"[\s.\-/]{0,2}"
_NIR: Final = re.compile(
    # Sex; year, month and first character of the département; its second one, a letter in Corsica; then six digits,
    # and the key when it is written.
    rf"(?<![0-9])[1-478](?:{_SEPARE}[0-9]){{5}}{_SEPARE}[0-9AB](?:{_SEPARE}[0-9]){{6}}"
    rf"(?:(?:{_SEPARE}[0-9]){{2}})?(?![0-9])",
    re.IGNORECASE,
)


def ressemble_a_un_nir(texte: str) -> bool:
    """True when the text holds 13 or 15 digits written like a social-security number, whatever the spacing."""
    return _NIR.search(texte) is not None


def refus_de_texte_libre(texte: str, maximum: int) -> str | None:
    """Why what a person typed freely may not be kept (too long, a social-security number: decision 16); None when it may."""
    if len(texte) > maximum:
        return f"Ce texte est trop long : {maximum} caractères au plus."
    if ressemble_a_un_nir(texte):
        return (
            "Ce texte contient ce qui ressemble à un numéro de sécurité sociale. Retirez-le : il ne doit pas être "
            "conservé ici."
        )
    return None
