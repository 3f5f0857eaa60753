"""What the template tests share: our Jinja settings, a strict parse, and what every fragment must respect."""

import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import jinja2

from tdba import formats

RACINE = Path(__file__).resolve().parents[2] / "tdba"
GABARITS = RACINE / "templates"


def regler(env: jinja2.Environment) -> None:
    """As the application does: undefined is an error, and block lines leave no trace."""
    env.undefined = jinja2.StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(csrf_token=lambda: "jeton", url_for=lambda _, filename="": f"/static/{filename}")
    formats.enregistrer(env)


def sain(html: str) -> None:
    assert not re.search(r"<[^>]*\s(?:style|on\w+|hx-[\w:-]+|data-hx-on[\w:-]*)=", html)
    assert "javascript:" not in html
    assert "js:" not in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for attribut in ("for", "aria-labelledby", "aria-describedby"):
        for valeur in re.findall(rf'\s{attribut}="([^"]*)"', html):
            assert valeur.split(), f"empty {attribut}"
            assert set(valeur.split()) <= set(ids), f"{attribut} names nothing: {valeur}"
    texte = re.sub(r"<[^>]+>", "", re.sub(r"<(script|style|template).*?</\1>", "", html, flags=re.DOTALL))
    assert not re.search(r"\w'\w", texte), "typewriter apostrophe"
    assert not re.search(r"[^\s] [:;?!»]|« ", texte), "breaking space before double punctuation"


def lire(html: str, *, fragment: bool = False) -> Element:
    """Parse as strictly as the specification, and forget namespaces (html5lib keeps SVG's)."""
    sain(html)
    analyseur = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    racine: Any = analyseur.parseFragment(html) if fragment else analyseur.parse(html)
    for elt in racine.iter():
        if isinstance(elt.tag, str):
            elt.tag = elt.tag.rpartition("}")[2]
    return racine


def texte(elt: Element) -> str:
    return " ".join("".join(elt.itertext()).split())
