"""The establishments that no longer send, for support (issue 4, "silence alerts")."""

from flask import Blueprint, Response, request

from tdba import horloge, web
from tdba.access import access
from tdba.scope import Droit
from tdba.transmissions import queries_silences
from tdba.transmissions.mots import rythme

bp = Blueprint("silences", __name__)

web.rattacher("transmissions.liste", "silences.liste")


@bp.get("/transmissions/silencieux")
@access(Droit.SUPPORT, facteur="l’assistance")
def liste() -> Response:
    """The longest silent first: the one to call."""
    silencieux, suite = queries_silences.silencieux(request.args.get("apres", type=int))
    return web.page_or_partial(
        "transmissions/silencieux.html",
        "transmissions/_silencieux.html",
        silencieux=silencieux,
        suivant=silencieux[-1].organisme_id if suite else None,
        jour=horloge.aujourd_hui(),
        rythme=rythme,
    )
