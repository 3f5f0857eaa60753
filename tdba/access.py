"""Who may open which view. A view that declares nothing does not boot (house rule 1).

`@access(Droit.X)` asks for a right held over at least one organisme; the rows are then limited by `scope`.
`@connecte` asks for a logged-in person, whatever their rights. `@public` and `@cle_api` say why no person is needed.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, redirect, request, url_for
from flask_login import current_user

from tdba import scope
from tdba.scope import Droit

Vue = TypeVar("Vue", bound=Callable[..., Any])

ANONYME: Final = "public"
CONNECTE: Final = "connecte"
CLE_API: Final = "cle_api"


class AccesNonDeclare(Exception):
    """A route has no declared access: the application refuses to start."""


class AccesRefuse(Exception):
    """The person is known and lacks the right (403)."""


def access(droit: Droit, *, facteur: str = "") -> Callable[[Vue], Vue]:
    """Declare that the view needs `droit`; with `facteur`, also a recent second factor (see `second_facteur`)."""

    def declarer(vue: Vue) -> Vue:
        return _declarer(droit)(second_facteur(facteur)(vue) if facteur else vue)

    return declarer


def public(raison: str) -> Callable[[Vue], Vue]:
    """Declare that anybody may open the view, and why."""
    return _declarer(ANONYME, raison)


def connecte(raison: str, *, meme_arrete: bool = False) -> Callable[[Vue], Vue]:
    """Declare that any logged-in person may open the view, and why no right is asked.

    `meme_arrete`: also somebody who waits for a right or has none left, to whom all else is closed.
    """

    def declarer(vue: Vue) -> Vue:
        vue.meme_arrete = meme_arrete  # type: ignore[attr-defined]
        return _declarer(CONNECTE, raison)(vue)

    return declarer


def cle_api(raison: str) -> Callable[[Vue], Vue]:
    """Declare that the view authenticates an API key by itself, in its blueprint's `before_request`."""
    return _declarer(CLE_API, raison)


def ecrit(raison: str) -> Callable[[Vue], Vue]:
    """Let a GET write (decision 37). The list of these views is reviewed by a test."""

    def marquer(vue: Vue) -> Vue:
        vue.ecrit = raison  # type: ignore[attr-defined]
        return vue

    return marquer


def en_cache(secondes: int, raison: str) -> Callable[[Vue], Vue]:
    """Let browsers and proxies keep the answers of a public view, and why. The list of these views is reviewed by a test.

    Such a view is answered without a session, so that it can hold nothing of whoever asks, and sets no cookie.
    """

    def marquer(vue: Vue) -> Vue:
        vue.en_cache = secondes  # type: ignore[attr-defined]
        vue.raison_cache = raison  # type: ignore[attr-defined]
        return vue

    return marquer


def cache_de(app: Flask, endpoint: str | None) -> int | None:
    """For how many seconds the answers of `endpoint` may be kept; None: they are not."""
    secondes: int | None = getattr(app.view_functions.get(endpoint or ""), "en_cache", None)
    return secondes


def second_facteur(raison: str) -> Callable[[Vue], Vue]:
    """Declare that the view also needs a recent second factor, and what it protects (decision 27)."""

    def marquer(vue: Vue) -> Vue:
        vue.second_facteur = raison  # type: ignore[attr-defined]
        return vue

    return marquer


def verifier_facteur_par(app: Flask, verification: Callable[[], Response | None]) -> None:
    """Say who checks the second factor: `verification` answers where to go when it is missing, None when it is there."""
    app.extensions["tdba_second_facteur"] = verification


def exiger_facteur() -> Response | None:
    """Where to prove a second factor when it is missing, for a view that asks it of some people only."""
    # No slice to check it is a mistake of assembly: it must stop here, not let through.
    verification: Callable[[], Response | None] = current_app.extensions["tdba_second_facteur"]
    return verification()


def _declarer(acces: Droit | str, raison: str = "") -> Callable[[Vue], Vue]:
    def marquer(vue: Vue) -> Vue:
        vue.acces = acces  # type: ignore[attr-defined]
        vue.raison_acces = raison  # type: ignore[attr-defined]
        return vue

    return marquer


def acces_de(app: Flask, endpoint: str) -> Droit | str:
    """Return what the view of `endpoint` declares. Raises AccesNonDeclare."""
    vue = app.view_functions[endpoint]
    acces: Droit | str | None = getattr(vue, "acces", None)
    if acces is None:
        raise AccesNonDeclare(f"{endpoint}: add @access, @connecte, @public or @cle_api")
    return acces


def verifier_declarations(app: Flask) -> None:
    """Refuse to boot when a route of the application declares no access, or keeps in a cache what is not for anybody."""
    for regle in app.url_map.iter_rules():
        acces = acces_de(app, regle.endpoint)
        if acces != ANONYME and cache_de(app, regle.endpoint) is not None:
            raise AccesNonDeclare(f"{regle.endpoint}: @en_cache goes with @public")


def garder() -> Response | None:
    """`before_request`: let the declared access through, send strangers to the login, raise AccesRefuse otherwise."""
    if request.endpoint is None:
        return None
    acces = acces_de(current_app, request.endpoint)
    if acces in (ANONYME, CLE_API):
        return None
    if not current_user.is_authenticated:
        return _vers_connexion()
    if isinstance(acces, Droit) and not scope.courant().a(acces):
        raise AccesRefuse(acces.value)
    if hasattr(current_app.view_functions[request.endpoint], "second_facteur"):
        return exiger_facteur()
    return None


def _vers_connexion() -> Response:
    """Send to the login and back. Inside an htmx fragment a redirect would be swapped in, so the page is told to go."""
    if request.headers.get("HX-Request"):
        suite = request.headers.get("HX-Current-URL")
    else:
        # A form sent from an ended session: back to the page that holds it, not to what only answers a POST.
        suite = request.full_path.rstrip("?") if request.method == "GET" else request.referrer
    adresse = url_for("comptes.connexion", suite=suite)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": adresse})
    reponse = redirect(adresse, 302 if request.method == "GET" else 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse
