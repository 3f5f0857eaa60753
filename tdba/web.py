"""What every page shares: page or fragment, headers, menu, safe addresses."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_login import current_user

from tdba import access, debits, horloge, journal, lectures, logs, scope
from tdba.config import Configuration
from tdba.db import db
from tdba.scope import Droit


@dataclass(frozen=True, slots=True)
class EntreeMenu:
    """One line of the menu. Shown only to those who hold `droit`, and when `si` (if any) is true."""

    ordre: int
    libelle: str
    endpoint: str
    droit: Droit | None
    si: Callable[[], bool] | None = None
    compte: Callable[[], int] | None = None
    """How many things wait there; asked by the page that shows the menu alone, never by a fragment nor an error page."""


@dataclass(frozen=True, slots=True)
class LigneMenu:
    libelle: str
    url: str
    actif: bool
    compter: Callable[[], int | None] | None = None

    @property
    def compte(self) -> int | None:
        """How many things wait there; may cost a query, so the layout alone asks."""
        return self.compter() if self.compter else None


@dataclass(frozen=True, slots=True)
class Menu:
    """What the layout shows around a page."""

    entrees: list[LigneMenu]
    organisation: str
    role: str
    personne: str
    recherche_url: str | None
    recherche_libelle: str
    recherche_exemples: str
    """What can be searched: a CFA finds its apprentices, support finds organismes too."""
    support_url: str
    changer_url: str | None
    """Where to act for another organisation, for those who have several."""
    liens: list[LigneMenu]


_MENU: list[EntreeMenu] = []


def entree_menu(
    ordre: int,
    libelle: str,
    endpoint: str,
    droit: Droit | None,
    si: Callable[[], bool] | None = None,
    *,
    compte: Callable[[], int] | None = None,
) -> None:
    """Declare a line of the menu (at import of a slice's routes)."""
    entree = EntreeMenu(ordre, libelle, endpoint, droit, si, compte)
    if entree not in _MENU:
        _MENU.append(entree)
        _MENU.sort(key=lambda e: e.ordre)


def entrees_permises() -> list[EntreeMenu]:
    """The menu lines that the current person may open, in order."""
    courant = scope.courant()
    return [e for e in _MENU if (e.droit is None or courant.a(e.droit)) and (e.si is None or e.si())]


def fragment_demande() -> bool:
    """True when htmx asks for a fragment, and neither boosts a link nor restores a page of the history."""
    entetes = request.headers
    return (
        entetes.get("HX-Request") == "true"
        and entetes.get("HX-Request-Type", "partial") == "partial"
        and entetes.get("HX-Boosted") != "true"
        and entetes.get("HX-History-Restore-Request") != "true"
    )


def page_or_partial(page: str, partial: str, *, code: int = 200, **contexte: Any) -> Response:
    """Render the fragment when htmx asked for one, the page otherwise; the same context for both."""
    reponse = make_response(render_template(partial if fragment_demande() else page, **contexte))
    reponse.status_code = code
    return reponse


def cle_demandee(nom: str) -> int | None:
    """A key that the address gives; None for what no key can be, which a statement would break on."""
    cle = request.args.get(nom, type=int)
    return cle if cle is not None and 0 <= cle < 2**63 else None


def adresse_locale(adresse: str | None) -> str | None:
    """Return the path of `adresse` when it belongs to this service, None otherwise: no open redirection."""
    if not adresse:
        return None
    morceaux = urlsplit(adresse)
    if morceaux.netloc and morceaux.netloc != request.host:
        return None
    chemin = morceaux.path + (f"?{morceaux.query}" if morceaux.query else "")
    if (
        not chemin.startswith("/")
        or chemin.startswith(("//", "/\\"))
        or "\\" in chemin
        or not chemin.isprintable()
    ):
        return None
    return chemin


def installer(app: Flask, configuration: Configuration) -> None:
    """Attach what runs around each request. Order matters: reference, then readings of names, then headers."""
    app.before_request(_commencer)
    app.after_request(_masquer)
    app.after_request(_entetes(configuration))
    app.after_request(lectures.consigner)  # runs before the headers: after_request functions run last first
    app.context_processor(_contexte)


def _commencer() -> None:
    journal.reference_requete.set(f"{secrets.token_hex(5)}")
    g.debut = time.perf_counter()
    vue = current_app.view_functions.get(request.endpoint or "")
    lecture = request.method in ("GET", "HEAD", "OPTIONS") and not hasattr(vue, "ecrit")
    scope.entrer(scope.courant(), lecture_seule=lecture)


def limiter_vue() -> None:
    """`before_request`: count the act that the view declares with `@debit`. A view without one costs nothing."""
    nom: str | None = getattr(current_app.view_functions.get(request.endpoint or ""), "debit", None)
    if nom is None:
        return
    if debits.DEBITS[nom].par is debits.Par.ADRESSE:
        limiter(nom, request.remote_addr or "")
    elif (personne_id := scope.courant().personne_id) is not None:
        limiter(nom, personne_id)


def limiter(nom: str, sujet: str | int) -> None:
    """Count one act of `sujet`. Raises DebitDepasse past the limit `nom` (decision 27 when Redis is away)."""
    configuration: Configuration = current_app.extensions["tdba"]
    if not configuration.debits_actifs:
        return
    cle = debits.cle_de(nom, sujet, configuration)
    if debits.compter_dans_redis(nom, cle, configuration) or not debits.DEBITS[nom].garde_sans_redis:
        return
    # A transaction of its own, kept whatever becomes of the request; nothing was written before it.
    db.session.commit()
    with scope.sous(scope.courant()):
        attente = debits.compter_dans_postgresql(nom, cle)
        db.session.commit()
    if attente is not None:
        raise debits.DebitDepasse(nom, attente)


def _masquer(reponse: Response) -> Response:
    """Hide one-time links from the server's own access log, which reads these once the answer has left."""
    for cle in ("RAW_URI", "REQUEST_URI", "HTTP_REFERER"):
        if cle in request.environ:
            request.environ[cle] = logs.masquer(str(request.environ[cle]))
    return reponse


_DIRECTIVES: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self' {emetteur}; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'; manifest-src 'self'; report-uri /csp; report-to csp"
)


def _entetes(configuration: Configuration) -> Callable[[Response], Response]:
    emetteur = urlsplit(configuration.oidc_issuer)
    # Chromium applies form-action to the redirection that follows a POST: login and logout go to the provider.
    politique = _DIRECTIVES.format(emetteur=f"{emetteur.scheme}://{emetteur.netloc}")
    fixes = {
        "Content-Security-Policy": politique,
        "Reporting-Endpoints": 'csp="/csp"',
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # says again `frame-ancestors`, to what reads only this one
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if configuration.base_url.startswith("https://"):
        fixes["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    def poser(reponse: Response) -> Response:
        for nom, valeur in fixes.items():
            reponse.headers[nom] = valeur
        if request.endpoint != "static":
            reponse.headers["Cache-Control"] = _conservation(reponse)
            reponse.headers.add("Vary", "HX-Request")
        return reponse

    return poser


def _conservation(reponse: Response) -> str:
    """Nothing is kept by anybody, but what a public view lets go, when it was found and read."""
    secondes = access.cache_de(current_app, request.endpoint)
    if secondes is None or request.method not in ("GET", "HEAD") or reponse.status_code != 200:
        return "no-store"
    return f"public, max-age={secondes}"


def _contexte() -> dict[str, Any]:
    """Values that every template may use. Never queries: an error page is rendered with it too."""
    configuration: Configuration = current_app.extensions["tdba"]
    return {
        "menu": menu_courant(),
        "demo": configuration.env == "demo",
        "contact_support": configuration.support_contact,
        "aujourd_hui": horloge.aujourd_hui(),
        "bandeau": g.get("bandeau"),
        "peut": scope.courant().a,
        "Droit": Droit,
    }


def menu_courant() -> Menu | None:
    """The menu of the person in session; None for a stranger, and on an error page, which must ask nothing."""
    acteur = None if g.get("page_erreur") else g.get("acteur")
    if acteur is None or not current_user.is_authenticated:
        return None
    entrees = [
        LigneMenu(
            e.libelle, url_for(e.endpoint), _actif(e.endpoint), e.compte or partial(_compte, e.endpoint)
        )
        for e in entrees_permises()
    ]
    courant = scope.courant()
    recherche, libelle, exemples = None, "", ""
    if courant.a(Droit.SUPPORT):
        recherche = url_for("support.chercher")
        libelle, exemples = "Rechercher un CFA, un apprenant, un numéro", "UAI, SIRET, nom, INE…"
    elif courant.a(Droit.CORRIGER):
        recherche = url_for("effectifs.chercher")
        libelle, exemples = "Rechercher un apprenant", "Nom, date de naissance, INE…"
    return Menu(
        entrees=entrees,
        organisation=acteur.organisation_nom,
        role=acteur.role,
        personne=acteur.nom_complet,
        recherche_url=recherche,
        recherche_libelle=libelle,
        recherche_exemples=exemples,
        support_url=url_for("support.ecrire", page=logs.masquer(request.path)),
        changer_url=url_for("comptes.mon_compte") if acteur.habilitations > 1 else None,
        liens=[
            LigneMenu("Mon compte", url_for("comptes.mon_compte"), request.endpoint == "comptes.mon_compte"),
            LigneMenu(
                "Mon équipe", url_for("habilitations.equipe"), request.endpoint == "habilitations.equipe"
            ),
            LigneMenu("Mes demandes", url_for("support.demandes"), request.endpoint == "support.demandes"),
        ],
    )


def _compte(endpoint: str) -> int | None:
    """The count that a slice already knew when the request began."""
    compte: int | None = g.get("comptes_menu", {}).get(endpoint)
    return compte


def _actif(endpoint: str) -> bool:
    courant = request.endpoint or ""
    return courant == endpoint or courant in _RATTACHEMENTS.get(endpoint, ())


_RATTACHEMENTS: dict[str, set[str]] = {}


def rattacher(endpoint_menu: str, *endpoints: str) -> None:
    """Say that these pages belong under that line of the menu."""
    _RATTACHEMENTS.setdefault(endpoint_menu, set()).update(endpoints)
