"""What a free note may not hold (decision 16). Pure."""

import re
from typing import Final

NOTE_MAX: Final = 500

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
