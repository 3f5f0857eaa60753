"""Registration of the slice: sessions, who acts in each request, its pages and its job."""

from typing import Any

from flask import Flask, Response, g
from flask_wtf.csrf import CSRFError

from tdba import access, courriels, errors, lectures
from tdba.access import CONNECTE
from tdba.comptes import (  # noqa: F401 - importing jobs registers them
    jobs,
    routes_facteurs,
    routes_facteurs_gestion,
    routes_lectures,
    routes_preferences,
    routes_saisies,
    routes_verrou,
    service_preferences,
    sessions,
)
from tdba.comptes.commandes import droits
from tdba.comptes.routes import bp
from tdba.comptes.routes_connexion import deconnexion, partir
from tdba.debits import debit


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Attach the sessions and the pages. Called after `web.installer` and before `access.garder` is attached."""
    app.session_interface = sessions.SessionsServeur()
    app.before_request(sessions.entrer)
    app.before_request(routes_verrou.garder)
    app.before_request(routes_saisies.a_la_porte)
    app.teardown_request(sessions.sortir)
    # The person comes from our own session, already read; flask-login keeps nothing in it, and remembers nobody.
    login.session_protection = None
    login.request_loader(lambda _requete: g.acteur)
    app.context_processor(routes_verrou.contexte)
    app.register_error_handler(CSRFError, _jeton_refuse)
    access.verifier_facteur_par(app, routes_facteurs.exiger)
    lectures.a_la_lecture(routes_lectures.compter)
    courriels.refuser_selon(service_preferences.refuse)
    app.context_processor(routes_preferences.contexte)
    app.register_blueprint(bp)
    app.cli.add_command(droits)
    _limiter_les_pages_du_compte(app)
    # These two check the form's token themselves: its absence, once the session is over, is not an error there.
    csrf.exempt(deconnexion)
    csrf.exempt(partir)
    # Sent by mail services, who hold no session: the signature in its address is its proof.
    csrf.exempt(routes_preferences.refuser_courriels)


def _limiter_les_pages_du_compte(app: Flask) -> None:
    """Every page of one's own account has the limit of accounts, unless it declares its own."""
    for nom, vue in app.view_functions.items():
        sien = nom.startswith(f"{bp.name}.") and access.acces_de(app, nom) == CONNECTE
        if sien and not hasattr(vue, "debit"):
            debit("compte")(vue)


def _jeton_refuse(_erreur: CSRFError) -> Response:
    """What the same person typed before another login is offered back; any other form is refused."""
    return routes_saisies.apres_jeton_refuse() or errors.page_erreur(400)
