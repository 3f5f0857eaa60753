"""The confidentiality commitment, before anything else for whoever has not accepted its version in force."""

from typing import cast

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from tdba import access, horloge, web
from tdba.access import connecte
from tdba.config import Configuration
from tdba.db import db
from tdba.habilitations import engagement, service_engagement
from tdba.habilitations.blueprint import bp

OUVERTES_AVANT = (
    "habilitations.page_engagement",
    "habilitations.accepter_engagement",
    "comptes.organisation",
)


def exiger() -> Response | None:
    """`before_request`, once the person is known: lead to the commitment whoever has not accepted it.

    What was checked stays in the session: no other page asks PostgreSQL. Whoever is stopped sees no data yet, and is
    asked later.
    """
    acteur = g.get("acteur")
    if acteur is None or acteur.blocage is not None or not _exige() or _ouverte_avant():
        return None
    if engagement.CLE in session and not engagement.a_demander(session[engagement.CLE]):
        return None
    if service_engagement.acceptee_le(acteur.personne_id) is not None:
        session[engagement.CLE] = engagement.VERSION
        return None
    suite = request.full_path.rstrip("?") if request.method == "GET" else None
    adresse = url_for("habilitations.page_engagement", suite=suite)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": url_for("habilitations.page_engagement")})
    return cast("Response", redirect(adresse, 303))


def _exige() -> bool:
    return cast("Configuration", current_app.extensions["tdba"]).engagement


def _ouverte_avant() -> bool:
    """Public pages (the logout is one), what is also for whoever is stopped, and the commitment itself."""
    endpoint = request.endpoint or ""
    if not endpoint or endpoint in OUVERTES_AVANT or endpoint == "static":
        return True
    vue = current_app.view_functions[endpoint]
    return getattr(vue, "meme_arrete", False) or getattr(vue, "acces", None) in (
        access.ANONYME,
        access.CLE_API,
    )


@bp.get("/engagement")
@connecte("chacun lit ce à quoi il s’engage")
def page_engagement() -> Response:
    return make_response(
        render_template(
            "habilitations/engagement.html",
            version=engagement.VERSION,
            acceptee_le=service_engagement.acceptee_le(g.acteur.personne_id),
            suite=web.adresse_locale(request.args.get("suite")),
        )
    )


@bp.post("/engagement")
@connecte("chacun s’engage pour soi")
def accepter_engagement() -> Response:
    """Accept the version that the page showed: a newer one, published meanwhile, is shown first."""
    suite = web.adresse_locale(request.form.get("suite"))
    if request.form.get("version") != engagement.VERSION:
        return cast("Response", redirect(url_for("habilitations.page_engagement", suite=suite), 303))
    service_engagement.accepter(g.acteur.personne_id, horloge.maintenant())
    db.session.commit()
    session[engagement.CLE] = engagement.VERSION
    flash("Votre engagement est enregistré.", "success")
    return cast("Response", redirect(suite or url_for("comptes.accueil"), 303))
