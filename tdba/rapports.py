"""What browsers report of the content policy (ASVS 3.4.7), reduced to what serves a correction. Pure.

A report quotes whole addresses, of the page and of what it blocked: only the directive, the host that was blocked and
the path of our page, ids masked, are kept. Never a query string, a fragment, nor a sample of the page.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

TAILLE_MAX: Final = 10 * 1024
CONSTATS_MAX: Final = 10
"""Reports read in one sending: browsers group a few."""

_DIRECTIVE: Final = re.compile(r"[a-z][a-z-]{1,39}")
_HOTE: Final = re.compile(r"[a-z0-9.:-]{1,100}")
_SEGMENT: Final = re.compile(r"[a-z][a-z-]{0,39}")
_MOTS: Final = ("inline", "eval", "wasm-eval", "self", "data", "blob", "trusted-types-policy")
"""What stands for an address when none was asked."""


class Constat(NamedTuple):
    directive: str
    bloque: str
    page: str


def lire(corps: bytes) -> list[Constat]:
    """The reports of a sending, in either of the two shapes that browsers use; nothing of one that is not readable."""
    try:
        recu = json.loads(corps)
    except (ValueError, RecursionError):
        return []
    constats = (_constat(rapport) for rapport in _rapports(recu))
    return [constat for constat in constats if constat is not None][:CONSTATS_MAX]


def _rapports(recu: Any) -> Iterator[dict[str, Any]]:
    """`report-uri` sends one object, `report-to` a list of reports of several kinds."""
    if isinstance(recu, dict) and isinstance(recu.get("csp-report"), dict):
        ancien = recu["csp-report"]
        yield {
            "effectiveDirective": ancien.get("effective-directive") or ancien.get("violated-directive"),
            "blockedURL": ancien.get("blocked-uri"),
            "documentURL": ancien.get("document-uri"),
        }
    for rapport in recu if isinstance(recu, list) else ():
        if (
            isinstance(rapport, dict)
            and rapport.get("type") == "csp-violation"
            and isinstance(rapport.get("body"), dict)
        ):
            yield rapport["body"]


def _constat(rapport: dict[str, Any]) -> Constat | None:
    # An old browser adds the sources of the directive after its name.
    directive = (str(rapport.get("effectiveDirective")).split() or [""])[0]
    if not _DIRECTIVE.fullmatch(directive):
        return None
    return Constat(directive, _hote(str(rapport.get("blockedURL"))), _chemin(str(rapport.get("documentURL"))))


def _hote(adresse: str) -> str:
    """The host of an address, or the word that stands for one."""
    if adresse in _MOTS:
        return adresse
    hote = (_decouper(adresse)[0] or "").lower()
    return hote if _HOTE.fullmatch(hote) else "?"


def _chemin(adresse: str) -> str:
    """The path of one of our pages, where all that is not a word of our own addresses is masked."""
    morceaux = _decouper(adresse)[1].split("/")[:8]
    return "/".join(m if not m or _SEGMENT.fullmatch(m) else "…" for m in morceaux) or "?"


def _decouper(adresse: str) -> tuple[str | None, str]:
    try:
        morceaux = urlsplit(adresse)
    except ValueError:
        return None, ""
    return morceaux.hostname, morceaux.path
