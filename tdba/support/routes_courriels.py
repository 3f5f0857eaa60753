"""Mails that left, wait or were refused: a refusal is for support to explain, and its act to be done again."""

from flask import Response, make_response, render_template, request

from tdba import web
from tdba.access import access
from tdba.scope import Droit
from tdba.support import queries_courriels
from tdba.support.blueprint import bp
from tdba.support.queries_courriels import COURRIELS_MAX, ETATS

web.rattacher("support.travaux", "support.courriels")


@bp.get("/support/courriels")
@access(Droit.SUPPORT, facteur="l’assistance")
def courriels() -> Response:
    """The last mails, without their words. An unknown state in the address is no filter."""
    etat = request.args.get("etat")
    etat = etat if etat in ETATS else None
    return make_response(
        render_template(
            "support/courriels.html",
            courriels=queries_courriels.derniers(etat),
            nombres=queries_courriels.nombres(),
            etats=ETATS,
            etat=etat,
            maximum=COURRIELS_MAX,
        )
    )
