"""Guides by ERP: the page of one, from what support wrote in Markdown, and which software has one. Pure.

HTML is not read, images are not shown, and titles start under that of the page: a guide cannot break the page it is in.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

NOM_MAX: Final = 80
TEXTE_MAX: Final = 20_000
RESERVES: Final = frozenset({"nouveau"})
"""Words that already are an address beside those of the guides."""

_LECTEUR: Final = (
    MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table").disable("image")
)


def page(texte: str) -> Markup:
    """The guide as a page shows it."""
    morceaux = _LECTEUR.parse(texte)
    for morceau in morceaux:
        if morceau.type in ("heading_open", "heading_close"):
            morceau.tag = f"h{min(6, int(morceau.tag[1]) + 1)}"
    html = _LECTEUR.renderer.render(morceaux, _LECTEUR.options, {})
    # The reader knows no HTML: tags that somebody types come out escaped (`test_guides`).
    return Markup(html)  # noqa: S704  # nosec B704  # nosemgrep: docs.securite.html-compose


def code(nom: str) -> str:
    """The word that names a software in an address: "SC Form" is `sc-form`."""
    lettres = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", lettres).strip("-")[:60]


def du_logiciel(erp: str | None, codes: Collection[str]) -> str | None:
    """The guide of a software, as its key names it: "Ymag (Ypareo)" has that of Ymag, else that of Ypareo."""
    if not erp:
        return None
    entier = code(erp)
    mots = entier.split("-")
    essais = ["-".join(mots[a:b]) for b in range(len(mots), 0, -1) for a in range(b)]
    return next((e for e in (entier, *sorted(essais, key=len, reverse=True)) if e in codes), None)
