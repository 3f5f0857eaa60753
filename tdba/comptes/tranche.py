"""Registration of the slice: sessions, who acts in each request, its pages and its job."""

from typing import Any

from flask import Flask, g

from tdba.comptes import jobs, sessions  # noqa: F401 - importing jobs registers them
from tdba.comptes.routes import bp, deconnexion, partir


def installer(app: Flask, *, csrf: Any, login: Any) -> None:
    """Attach the sessions and the pages. Called after `web.installer` and before `access.garder` is attached."""
    app.session_interface = sessions.SessionsServeur()
    app.before_request(sessions.entrer)
    app.teardown_request(sessions.sortir)
    # The person comes from our own session, already read; flask-login keeps nothing in it, and remembers nobody.
    login.session_protection = None
    login.request_loader(lambda _requete: g.acteur)
    app.register_blueprint(bp)
    # These two check the form's token themselves: its absence, once the session is over, is not an error there.
    csrf.exempt(deconnexion)
    csrf.exempt(partir)
