"""What can go wrong, and the page that says so: a sentence, what to do, a reference; never a detail (ux.md 3)."""

import logging
from typing import Any, Final

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, TooManyRequests

from tdba import journal, rapports
from tdba.access import AccesRefuse, public
from tdba.db import db
from tdba.debits import DebitDepasse, debit
from tdba.scope import Introuvable

log = logging.getLogger("tdba.errors")

PAGES: Final = (400, 403, 404, 405, 413, 429, 500, 503)


class ErreurMetier(Exception):
    """A rule refuses what was asked. `message` is for the person; `champ` is the form field it belongs to."""

    def __init__(self, message: str, champ: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.champ = champ


class JournalIndisponible(Exception):
    """A reading of names could not be journaled: the answer must not leave (decision 34)."""


def installer(app: Flask) -> None:
    """Attach the handlers of every error to the application."""
    app.register_error_handler(Introuvable, lambda _: page_erreur(404))
    app.register_error_handler(AccesRefuse, lambda _: page_erreur(403))
    app.register_error_handler(JournalIndisponible, lambda _: page_erreur(503))
    app.register_error_handler(DebitDepasse, _trop)
    app.register_error_handler(CSRFError, lambda _: page_erreur(400))
    app.register_error_handler(OperationalError, _base_absente)
    app.register_error_handler(InterfaceError, _base_absente)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _imprevue)
    app.add_url_rule("/csp", "csp", recevoir_rapport, methods=["POST"])


def page_erreur(code: int, *, apres: int = 30) -> Response:
    """Answer the page of `code`: JSON for the API, a fragment inside htmx, a whole page otherwise.

    `apres`: seconds to wait before coming back, for those codes that say so.
    """
    code = code if code in PAGES else (400 if code < 500 else 500)
    reference = journal.reference_requete.get()
    g.page_erreur = True
    if request.path.startswith("/api/"):
        corps = {
            "error": _TITRES[code],
            "message": _TITRES[code],
            "details": {"reference": reference},
            "issues": [],
        }
        reponse = jsonify(corps)
    else:
        fragment = bool(request.headers.get("HX-Request"))
        gabarit = "errors/_fragment.html" if fragment else f"errors/{code}.html"
        reponse = make_response(render_template(gabarit, code=code, reference=reference, menu=None))
    reponse.status_code = code
    if code in (429, 503):
        reponse.headers["Retry-After"] = str(apres)
    return reponse


_TITRES: Final = {
    400: "Requête invalide",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode non autorisée",
    413: "Requête trop volumineuse",
    429: "Trop de requêtes",
    500: "Erreur interne",
    503: "Service momentanément indisponible",
}


@public("un navigateur rapporte ce que la politique de contenu a bloqué, connecté ou non")
@debit("rapport")
def recevoir_rapport() -> Response:
    """Note what a browser blocked on a page of ours: one line of the technical log each, and nothing personal."""
    request.max_content_length = rapports.TAILLE_MAX
    for constat in rapports.lire(request.get_data()):
        # The path under a name of its own: `chemin` is that of the request.
        log.warning("content policy: %s blocked %s on %s", constat.directive, constat.bloque, constat.page)
    return Response(status=204)


def _trop(erreur: DebitDepasse) -> Response:
    log.warning("limit passed: %s", erreur)
    _abandonner()
    return page_erreur(429, apres=erreur.secondes)


def _http(erreur: HTTPException) -> Response:
    cause = getattr(erreur, "original_exception", None)
    if isinstance(erreur, InternalServerError) and cause is not None:
        return _imprevue(cause)
    if erreur.code is not None and erreur.code < 400:
        reponse = erreur.get_response()
        assert isinstance(reponse, Response)  # noqa: S101 - redirections raised by the router
        return reponse
    if isinstance(erreur, TooManyRequests):
        return page_erreur(429)
    reponse = page_erreur(erreur.code or 500)
    if isinstance(erreur, MethodNotAllowed) and erreur.valid_methods:
        reponse.headers["Allow"] = ", ".join(sorted(erreur.valid_methods))
    return reponse


def _base_absente(erreur: DBAPIError) -> Response:
    """PostgreSQL cannot answer: a clear 503. The pool recovers by itself once it is back."""
    log.error("database unavailable: %s", type(erreur.orig).__name__)
    _abandonner()
    return page_erreur(503)


def _imprevue(erreur: BaseException) -> Response:
    if isinstance(erreur, (OperationalError, InterfaceError)):
        return _base_absente(erreur)
    if isinstance(erreur, JournalIndisponible):  # raised once the view is over, where Flask only knows a 500
        _abandonner()
        return page_erreur(503)
    # The message of an exception may quote a value: only where it happened is logged.
    log.error("unexpected %s", type(erreur).__name__, extra={"trace": _trace(erreur)})
    _abandonner()
    return page_erreur(500)


def _trace(erreur: BaseException) -> list[str]:
    etapes: list[str] = []
    trace: Any = erreur.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        etapes.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return etapes[-12:]


def _abandonner() -> None:
    try:
        db.session.rollback()
    except Exception:  # noqa: BLE001 - the connection is already lost, and the answer matters more
        log.warning("rollback failed")
