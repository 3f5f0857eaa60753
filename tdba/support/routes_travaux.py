"""The jobs, for support: what waits, what failed, and asking again for what stopped."""

from flask import Response, flash, url_for

from tdba import horloge, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit
from tdba.support import queries_travaux, service_travaux
from tdba.support.blueprint import CLE, bp, rendre, vers

web.entree_menu(70, "Travaux", "support.travaux", Droit.SUPPORT)


@bp.get("/support/travaux")
@access(Droit.SUPPORT, facteur="l’assistance")
def travaux() -> Response:
    """What the machine does, waits to do, and does by itself. Redis is not asked: this page opens without it."""
    return rendre("support/travaux.html", **queries_travaux.tableau()._asdict())


@bp.post(f"/support/taches/<{CLE}:tache_id>/relancer")
@access(Droit.SUPPORT, facteur="l’assistance")
def relancer(tache_id: int) -> Response:
    try:
        tache = service_travaux.relancer(tache_id, maintenant=horloge.maintenant())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        service_travaux.suggerer(tache)
        flash("Le travail est relancé.", "success")
    return vers(url_for("support.travaux"))
