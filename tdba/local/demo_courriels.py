"""The demonstration's mailbox: no mail leaves it, so this page shows them all. Registered by `wsgi.py` in the demo only."""

from flask import Blueprint, Response, make_response, render_template, url_for
from sqlalchemy import select

from tdba import scope
from tdba.access import public
from tdba.courriels import Courriel
from tdba.db import db

MONTRES = 100

bp = Blueprint("demo", __name__)


@bp.app_context_processor
def _adresse() -> dict[str, str]:
    """Every page of the demonstration leads to its mailbox."""
    return {"demo_courriels": url_for("demo.courriels")}


@bp.get("/demo/courriels")
@public("la démonstration montre les courriels qu’elle n’envoie pas, à des personnes inventées")
def courriels() -> Response:
    """The last mails written, the newest first."""
    db.session.rollback()
    with scope.systeme("courriels de la démonstration"):
        colonnes = (Courriel.id, Courriel.sujet, Courriel.destinataire, Courriel.cree_le, Courriel.texte)
        lus = db.session.execute(select(*colonnes).order_by(Courriel.id.desc()).limit(MONTRES)).all()
        db.session.rollback()
    return make_response(render_template("demo/courriels.html", courriels=lus, menu=None))
