"""What a browser brings: the case that support works under, its searches, the page someone writes from.

The case in use is kept in the web session; leaving it, or closing it, masks its records again at the next request
(decision 24). Searches are kept there too, because they may hold names (decision 35).
"""

import secrets
from typing import Any, Final, cast

from flask import Response, current_app, g, redirect, request, session, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from tdba import horloge, scope, web
from tdba.effectifs import recherche
from tdba.scope import Droit
from tdba.support import queries, service
from tdba.support.service import FicheFermee

CLE: Final = "demande_id"
RECHERCHES: Final = "recherches_support"
PAGE_MAX: Final = 300


def entrer() -> None:
    """`before_request`, once the person is known: read the case in use, and forget one that is closed."""
    if not scope.courant().a(Droit.SUPPORT):
        return
    g.setdefault("comptes_menu", {})["support.bureau"] = queries.attente().nombre
    if CLE not in session:
        return
    demande_id: int = session[CLE]
    if not queries.est_ouverte(demande_id):
        quitter()
        return
    g.demande_id = demande_id
    g.bandeau = Markup(
        'Vous travaillez sous la demande n° {}. <a href="{}">Voir la demande ou la quitter</a>'
    ).format(demande_id, url_for("support.dossier", demande_id=demande_id))


def demande_en_cours() -> int | None:
    """The case in use in this request."""
    return cast("int | None", g.get("demande_id"))


def prendre(demande_id: int) -> None:
    session[CLE] = demande_id


def quitter() -> None:
    session.pop(CLE, None)


def garder(effectif_id: int) -> int | None:
    """The guard of every sheet: support passes with a case under which the record is opened, others freely."""
    if not scope.courant().a(Droit.SUPPORT):
        return None
    return service.exiger_ouverte(demande_en_cours(), effectif_id)


def demander_pourquoi(fermee: FicheFermee) -> Response:
    """Send to the page that asks why. Inside an htmx fragment a redirect would be swapped in, so the page is told to go."""
    adresse = url_for("support.fiche", effectif_id=fermee.effectif_id)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": adresse})
    return cast("Response", redirect(adresse, 303))


def retenir(texte: str) -> str:
    """Keep a search in the session. Returns the random reference that stands for it in addresses."""
    reference = secrets.token_urlsafe(9)
    session[RECHERCHES] = recherche.ranger(_recherches(), reference, texte, horloge.maintenant())
    return reference


def texte_cherche(reference: str) -> str | None:
    """The text of a search of this session; None for somebody else's, or an old one."""
    return recherche.retrouver(_recherches(), reference, horloge.maintenant())


def _recherches() -> dict[str, Any]:
    return cast("dict[str, Any]", dict(session).get(RECHERCHES, {}))


def page_d_origine(adresse: str | None) -> tuple[str | None, dict[str, Any]]:
    """The path of the page someone writes from, without its query string, and the keys it holds; nothing else is kept."""
    chemin = (web.adresse_locale(adresse) or "").partition("?")[0]
    adaptateur = current_app.create_url_adapter(request)
    if not chemin or len(chemin) > PAGE_MAX or adaptateur is None:
        return None, {}
    for methode in ("GET", "POST"):
        try:
            endpoint, cles = adaptateur.match(chemin, method=methode)
        except HTTPException:
            continue
        return (None, {}) if endpoint in ("support.ecrire", "static") else (chemin, dict(cles))
    return None, {}
