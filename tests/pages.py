"""The one browser of all tests, and the police of the pages it gets.

Every HTML answer of every test is checked, whatever the test is about; each rule has its own test on a bad page
(tests/architecture/test_police.py).
"""

import contextvars
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.comptes.models import Habilitation, SessionWeb

ESPACE = "{http://www.w3.org/1999/xhtml}"
EN_LIGNE = ("style", "hx-on", "data-hx-on")

EN_CACHE: Final = {"/impact": "public, max-age=3600"}
"""The reviewed list of what browsers and proxies may keep: public pages that say the same to all (`access.en_cache`)."""

Arbre = Any
"""An element of xml.etree, as html5lib builds it."""


class PageInterdite(AssertionError):
    """A page breaks a rule that every page keeps."""


class Navigateur:
    """A person's browser: keeps its cookies, sends the form token, runs each request apart from the test's context."""

    def __init__(self, app: Flask, session: Session, *, jeton: str | None = None) -> None:
        self.app, self.session, self.jeton = app, session, jeton
        self.identifiant: str | None = None
        self.client: FlaskClient = app.test_client()
        self.canaris: Callable[[TestResponse], None] | None = None

    def comme(self, habilitation: Habilitation) -> "Navigateur":
        """A browser logged in under that habilitation."""
        identifiant, secret = secrets.token_urlsafe(32), secrets.token_hex(20)
        maintenant = horloge.maintenant()
        self.session.add(
            SessionWeb(
                empreinte=hashlib.sha256(identifiant.encode()).digest(),
                personne_id=habilitation.personne_id,
                habilitation_id=habilitation.id,
                cree_le=maintenant,
                vue_le=maintenant,
                expire_le=maintenant + timedelta(hours=12),
                donnees={"csrf_token": secret},
            )
        )
        self.session.commit()
        signe = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(secret)
        autre = Navigateur(self.app, self.session, jeton=str(signe))
        autre.identifiant = identifiant
        autre.revenir()
        return autre

    def revenir(self) -> None:
        """Put the session cookie back, after a request that was undone had taken it away."""
        if self.identifiant:
            self.client.set_cookie(
                self.app.extensions["tdba"].cookie_session, self.identifiant, domain="localhost"
            )

    def get(self, adresse: str, *, htmx: bool = False, **options: Any) -> TestResponse:
        return self.ouvrir("GET", adresse, htmx=htmx, **options)

    def post(
        self, adresse: str, donnees: Mapping[str, Any] | None = None, *, htmx: bool = False, **options: Any
    ) -> TestResponse:
        return self.ouvrir("POST", adresse, htmx=htmx, data=dict(donnees or {}), **options)

    def ouvrir(
        self, methode: str, adresse: str, *, htmx: bool = False, jeton: bool = True, **options: Any
    ) -> TestResponse:
        """Send one request and police its answer. `jeton=False` leaves the form token out."""
        entetes = dict(options.pop("headers", {}))
        if htmx:
            entetes |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        if methode != "GET" and jeton and self.jeton:
            entetes["X-CSRFToken"] = self.jeton
        self.session.commit()
        reponse: TestResponse = contextvars.Context().run(
            lambda: self.client.open(adresse, method=methode, headers=entetes, buffered=True, **options)
        )
        self.session.rollback()
        self.session.expire_all()
        policer(reponse, fragment=htmx)
        if self.canaris is not None:
            self.canaris(reponse)
        return reponse


def arbre(reponse: TestResponse | str) -> Arbre:
    """The parsed page. Tables and texts are read from it, never from the bytes. To be read, not changed: it is kept."""
    return _analyser(reponse if isinstance(reponse, str) else reponse.get_data(as_text=True))[0]


@lru_cache(maxsize=16)
def _analyser(corps: str) -> tuple[Arbre, list[Any]]:
    """The page and the faults of its mark-up. Kept: what was just policed is read again by the test, often twice."""
    lecteur = html5lib.HTMLParser(namespaceHTMLElements=False)
    return lecteur.parse(corps), lecteur.errors


def texte(element: Arbre) -> str:
    """The words of an element, its white space folded."""
    return " ".join("".join(element.itertext()).split())


def tableau(reponse: TestResponse, ident: str | None = None) -> list[dict[str, str]]:
    """The rows of the (only, or named) table, as dictionaries keyed by the title of the column."""
    tables = [t for t in arbre(reponse).iter("table") if ident is None or t.get("id") == ident]
    if not tables:
        return []
    titres = [texte(th) for th in tables[0].find("thead").iter("th")]
    lignes = [tr for corps in tables[0].iter("tbody") for tr in corps.iter("tr")]
    return [
        dict(zip(titres, (texte(c) for c in tr if c.tag in ("td", "th")), strict=False))
        for tr in lignes
        if len([c for c in tr if c.tag in ("td", "th")]) == len(titres)
    ]


def titre(reponse: TestResponse) -> str:
    return texte(next(arbre(reponse).iter("h1")))


def liens(reponse: TestResponse) -> list[str]:
    return [str(a.get("href")) for a in arbre(reponse).iter("a") if a.get("href")]


def champs(reponse: TestResponse, action: str | None = None) -> dict[str, str]:
    """The values of the controls of the (only, or named by its action) POST form, as a browser would send them."""
    for formulaire in arbre(reponse).iter("form"):
        if str(formulaire.get("method", "")).lower() != "post":
            continue
        if action is None or formulaire.get("action") == action:
            return dict(_valeurs(formulaire))
    raise PageInterdite(f"no POST form to {action}")


def _valeurs(formulaire: Arbre) -> Iterable[tuple[str, str]]:
    for element in formulaire.iter():
        nom = element.get("name")
        if not nom or element.tag == "button":
            continue
        if element.tag == "select":
            choisie = [o for o in element.iter("option") if o.get("selected") is not None]
            yield nom, str((choisie or list(element.iter("option")))[0].get("value", ""))
        elif element.tag == "textarea":
            yield nom, "".join(element.itertext())
        elif element.tag == "input" and element.get("type") in ("radio", "checkbox"):
            if element.get("checked") is not None:
                yield nom, str(element.get("value", "on"))
        elif element.tag == "input":
            yield nom, str(element.get("value", ""))


def policer(reponse: TestResponse, *, fragment: bool = False) -> None:
    """Apply every rule to an answer. Raises PageInterdite naming the first that it breaks."""
    entetes = reponse.headers
    _exiger("Content-Security-Policy" in entetes, "an answer leaves without its content policy")
    statique = reponse.request.path.startswith("/static/")
    garde = entetes.get("Cache-Control", "")
    en_cache = garde == EN_CACHE.get(reponse.request.path) and "Set-Cookie" not in entetes
    _exiger(statique or "no-store" in garde or en_cache, "an answer may be cached")
    if reponse.mimetype != "text/html" or not reponse.data or 300 <= reponse.status_code < 400:
        return
    corps = reponse.get_data(as_text=True)
    entier = "<html" in corps[:400]
    _exiger(entier or fragment or reponse.status_code >= 400, "a whole page was expected")
    policer_html(corps, entier=entier)


_VOLATIL: Final = re.compile(r'(?<=value=")[\w.-]{60,}(?=")|(?<=<code>)[0-9a-f]{10}(?=</code>)')
"""What two answers of the same page differ by: the form token and the reference of the request."""

_POLICES: Final[set[tuple[bytes, bool]]] = set()
"""Fingerprints of the answers found good, so that a page that everybody gets, like a refusal, is parsed once."""


def policer_html(corps: str, *, entier: bool) -> None:
    """Apply the rules that need only the mark-up; `entier` for a whole page, otherwise a fragment."""
    for reste in ("{{", "}}", "{%", "Undefined"):
        _exiger(reste not in corps, f"left-over of a template: {reste}")
    empreinte = hashlib.sha256(_VOLATIL.sub("", corps).encode()).digest(), entier
    if empreinte not in _POLICES:
        _policer_elements(*(_analyser(corps) if entier else _analyser_fragment(corps)), entier=entier)
        _POLICES.add(empreinte)


def _analyser_fragment(corps: str) -> tuple[Arbre, list[Any]]:
    lecteur = html5lib.HTMLParser(namespaceHTMLElements=False)
    return lecteur.parseFragment(corps, container=_contenant(corps)), lecteur.errors


def _policer_elements(document: Arbre, fautes: list[Any], *, entier: bool) -> None:
    _exiger(not fautes, f"the mark-up is wrong: {fautes}")
    elements = list(document.iter())
    _sans_code_en_ligne(elements)
    idents = [e.get("id") for e in elements if e.get("id")]
    _exiger(len(idents) == len(set(idents)), f"an id stands twice: {_doubles(idents)}")
    _champs_nommes(elements)
    if entier:
        _exiger(len(list(document.iter("h1"))) == 1, "a page has exactly one h1")
        titres = [e for e in elements if e.tag == "title"]
        _exiger(bool(titres) and bool(texte(titres[0])), "a page has a title")
        for e in elements:
            cible = e.get("data-hx-target")
            if cible and cible.startswith("#"):
                _exiger(cible[1:] in idents, f"htmx target {cible} is not in the page")


def _contenant(corps: str) -> str:
    debut = corps.lstrip()[:6].lower()
    if debut.startswith("<tr"):
        return "tbody"
    return "tr" if debut.startswith(("<td", "<th ")) else "div"


def _sans_code_en_ligne(elements: list[Arbre]) -> None:
    for e in elements:
        if not isinstance(e.tag, str):
            continue
        _exiger(e.tag != "script" or bool(e.get("src")), "a script stands inline")
        _exiger(e.tag != "style", "a style sheet stands inline")
        for attribut, valeur in e.attrib.items():
            nom = str(attribut)
            _exiger(not nom.startswith(("on", *EN_LIGNE)), f"attribute {nom} holds code or style")
            _exiger(not str(valeur).strip().lower().startswith(("javascript:", "js:")), f"{nom} holds code")


def _champs_nommes(elements: list[Arbre]) -> None:
    """Each control of a form has a name that a screen reader says."""
    etiquettes = {e.get("for") for e in elements if e.tag == "label"}
    enfants = {enfant for e in elements if e.tag == "label" for enfant in e.iter()}
    for e in elements:
        if e.tag not in ("input", "select", "textarea") or e.get("type") in ("hidden", "submit"):
            continue
        nomme = e.get("id") in etiquettes or e in enfants or e.get("aria-label") or e.get("aria-labelledby")
        _exiger(bool(nomme), f"control {e.get('name')} has no label")


def _doubles(idents: list[str]) -> list[str]:
    return sorted({i for i in idents if idents.count(i) > 1})


def _exiger(condition: bool, regle: str) -> None:
    if not condition:
        raise PageInterdite(regle)
