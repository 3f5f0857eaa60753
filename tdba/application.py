"""The application factory."""

from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, IntegerConverter, ValidationError

from tdba import access, courriels, errors, file_rq, formats, jobs, logs, scope, tranches, web
from tdba.config import Configuration, lire_environnement
from tdba.db import db

RACINE = Path(__file__).resolve().parent.parent

csrf = CSRFProtect()
login = LoginManager()
migrate = Migrate(directory=str(RACINE / "migrations"))
htmx = Htmx()


def create_app(configuration: Configuration | None = None) -> Flask:
    """Build the application. Raises ConfigurationInvalide or AccesNonDeclare rather than start unsafe."""
    configuration = configuration or lire_environnement()
    app = Flask(__name__, static_folder="static")
    _regler(app, configuration)
    logs.installer()
    scope.installer()
    jobs.installer()
    courriels.installer(configuration)
    file_rq.brancher(app, configuration)
    db.init_app(app)
    migrate.init_app(app, db)
    login.init_app(app)
    htmx.init_app(app)
    errors.installer(app)
    web.installer(app, configuration)
    tranches.enregistrer(app, csrf, login)
    app.before_request(access.garder)
    app.before_request(web.limiter_vue)
    # After the guard: a form sent once the session has ended leads to the login, not to an error about its token.
    csrf.init_app(app)
    csrf.exempt(errors.recevoir_rapport)
    _gabarits(app, configuration)
    access.public("feuilles de style, scripts et images")(app.view_functions["static"])
    access.verifier_declarations(app)
    return app


class Cle(IntegerConverter):
    """An id in an address: past a bigint it names nothing, which is a 404 and not an error of the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", 2**63 - 1)
        super().__init__(*args, **kwargs)


class Jeton(BaseConverter):
    """A one-time secret in an address, as its mail wrote it; what a mail reader cut short gets the page that says so."""

    regex = "[A-Za-z0-9_-]{1,100}"


class Jour(BaseConverter):
    """A day in an address, `2026-11-18`; one that no calendar has is a 404."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError as erreur:
            raise ValidationError from erreur

    def to_url(self, value: date) -> str:
        return value.isoformat()


def _regler(app: Flask, configuration: Configuration) -> None:
    app.url_map.converters["int"] = Cle
    app.url_map.converters["jeton"] = Jeton
    app.url_map.converters["jour"] = Jour
    app.extensions["tdba"] = configuration
    app.config.update(
        SECRET_KEY=configuration.secret_key,
        SQLALCHEMY_DATABASE_URI=configuration.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=options_moteur(configuration),
        MAX_CONTENT_LENGTH=10 * 1024 * 1024,
        WTF_I18N_ENABLED=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    if configuration.proxys:
        # Without a proxy of ours, whoever calls could write these headers and choose the address that limits count.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=configuration.proxys, x_proto=configuration.proxys
        )


def options_moteur(configuration: Configuration) -> dict[str, Any]:
    """Options of the SQLAlchemy engine: a small pool that notices a restarted server, and a bound on statements."""
    options = f"-c timezone=UTC -c statement_timeout={configuration.delai_requete_ms} -c lock_timeout=5000"
    return {
        "pool_size": configuration.pool_taille,
        "max_overflow": 2,
        "pool_pre_ping": True,
        "pool_timeout": 10,
        "connect_args": {"options": options, "connect_timeout": 5, "application_name": "tdba"},
    }


def _gabarits(app: Flask, configuration: Configuration) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    formats.enregistrer(app.jinja_env)
    if configuration.theme_dir:
        theme = FileSystemLoader(Path(configuration.theme_dir) / "templates")
        app.jinja_loader = ChoiceLoader([theme, app.jinja_loader])  # type: ignore[list-item]
