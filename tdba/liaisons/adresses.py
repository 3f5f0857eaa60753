"""Addresses that leave the service: the mail of a contact, the public page of a mission locale. Pure.

Mails go out one after the other, so an address that the mail server or its library would choke on is refused when it is
typed: ASCII only, no control character, no display name.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

COURRIEL_MAX: Final = 254
NOM_MAX: Final = 120
_LOCALE: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAINE: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
_COURRIEL: Final = re.compile(rf"(?=.{{6,{COURRIEL_MAX}}}\Z)(?=[^@]{{1,64}}@){_LOCALE}@{_DOMAINE}")


def courriel(brut: str) -> str | None:
    """The address, or None when a mail could not go there."""
    return brut if _COURRIEL.fullmatch(brut) else None


def nom(brut: str) -> str | None:
    """A name as it is shown, its spaces folded; None when it has none, is too long, or hides something."""
    net = " ".join(unicodedata.normalize("NFC", brut).split())
    return net if 0 < len(net) <= NOM_MAX and net.isprintable() and re.search(r"[^\W\d_]", net) else None


def page_publique(brut: str) -> str | None:
    """An http or https address of the web, or None: nothing else is ever put behind a link (domain.md §7.4)."""
    try:
        morceaux = urlsplit(brut)
    except ValueError:
        return None
    lisible = brut.isprintable() and not re.search(r"\s", brut) and len(brut) <= 500
    permise = morceaux.scheme in ("http", "https") and "." in (morceaux.hostname or "")
    return brut if lisible and permise and not morceaux.username else None
