"""The end of a session: support's lock, the warning before any end, and staying connected (decision 27)."""

from typing import Any, Final, cast

from flask import Response, current_app, g, request, url_for

from tdba import access, horloge, scope, web
from tdba.access import connecte
from tdba.comptes import routes_saisies, verrou
from tdba.comptes.models import SessionWeb
from tdba.comptes.routes import bp
from tdba.comptes.saisies import VERROU
from tdba.comptes.service_sessions import PRECISION
from tdba.comptes.sessions import Acteur, aller, session_courante
from tdba.comptes.verrou import VERROUILLABLE
from tdba.config import Configuration
from tdba.scope import Scope

OUVERTES: Final = (
    "comptes.second_facteur",
    "comptes.presenter_cle",
    "comptes.defi_de_preuve",
    "comptes.verrouiller",
)
"""All that a locked session opens, with public pages: the ways to resume it."""
CONNEXION: Final = ("comptes.connexion", "comptes.partir", "comptes.retour")


def garder() -> Response | None:
    """`before_request`, once the person is known: a locked session keeps what was typed and asks to be resumed."""
    courante, acteur = session_courante(), cast("Acteur | None", g.acteur)
    if acteur is None or courante.lue is None or request.endpoint is None:
        return None
    configuration, maintenant = _configuration(), horloge.maintenant()
    deja = VERROU in courante
    if not verrou.verrouillee(
        genre=acteur.organisation_type,
        deja=deja,
        vue_le=courante.lue.session.vue_le,
        maintenant=maintenant,
        delai=configuration.session_verrou,
    ):
        if deja:
            del courante[VERROU]  # the session now acts for an organisation that does not lock
        g.session_reste = _reste(acteur, courante.lue.session)
        return None
    if not deja:
        courante[VERROU] = True
    return _au_verrou(acteur)


def _au_verrou(acteur: Acteur) -> Response | None:
    scope.entrer(Scope(personne_id=acteur.personne_id, habilitation_id=acteur.habilitation_id))
    if request.endpoint in CONNEXION:
        g.acteur = None  # identified again from the start: the login page must not lead back here
        return None
    if request.endpoint in OUVERTES or access.acces_de(current_app, request.endpoint or "") == access.ANONYME:
        return None
    return aller("comptes.second_facteur", suite=routes_saisies.adresse_de_retour())


def _reste(acteur: Acteur, session: SessionWeb) -> verrou.Reste:
    configuration, maintenant = _configuration(), horloge.maintenant()
    cfa = acteur.organisation_type == "ORGANISME_FORMATION"
    a_noter = maintenant - session.vue_le >= PRECISION
    return verrou.reste(
        genre=acteur.organisation_type,
        vue_le=maintenant if a_noter else session.vue_le,
        expire_le=session.expire_le,
        maintenant=maintenant,
        inactivite=configuration.session_inactivite if cfa else configuration.session_inactivite_autres,
        delai=configuration.session_verrou,
    )


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def contexte() -> dict[str, Any]:
    """What the layout says of the session, on the pages of somebody who works here."""
    return {"session_reste": None if g.get("page_erreur") else g.get("session_reste")}


@bp.post("/session/prolonger")
@connecte("chacun prolonge sa propre session")
def prolonger() -> Response:
    """Stay connected: asking is enough, the request itself is the activity. Also by keyboard and without a script."""
    if request.headers.get("X-Tdba-Session"):
        return Response(status=204)
    page = web.adresse_locale(request.referrer)
    return Response(status=303, headers={"Location": page or url_for("comptes.accueil")})


@bp.post("/session/verrouiller")
@connecte("chacun verrouille sa propre session")
def verrouiller() -> Response:
    """Lock now, when the time is up on screen: the page asked for hides what it showed, and nothing typed is lost."""
    acteur = cast("Acteur", g.acteur)
    if acteur.organisation_type == VERROUILLABLE:
        session_courante()[VERROU] = True
    return aller("comptes.second_facteur", suite=routes_saisies.adresse_de_retour())
