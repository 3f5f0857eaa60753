"""Sessions kept by the server (decision 27), and who acts in each request.

Flask's own session would live in the cookie and could not be ended from here. This one is read at most once per
request, with its person, in the transaction of the page; a browser without a cookie costs no query at all. It is
written after the page, in a transaction of its own, and only when something changed. Values must be JSON.
"""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final, cast

from flask import Flask, Request, Response, current_app, g, redirect, request, session, url_for
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError

from tdba import access, horloge, scope
from tdba.comptes import queries, saisies, service, service_sessions
from tdba.comptes.acteurs import Acteur, acteur_de
from tdba.comptes.queries import SessionLue
from tdba.comptes.service_sessions import LONGUEUR_JETON, PRECISION
from tdba.config import Configuration
from tdba.db import db
from tdba.scope import Scope

log = logging.getLogger("tdba.comptes.sessions")

__all__ = ["Acteur", "SessionServeur", "SessionsServeur", "aller", "entrer", "session_courante", "sortir"]


class SessionServeur(SessionMixin):
    """What the views see as `flask.session`: a mapping, read at its first use.

    Assign values, never change them in place: only assigned and deleted keys are written back, one by one, so that
    two tabs of one browser do not undo each other.
    """

    def __init__(self, jeton: str | None) -> None:
        self.jeton = jeton
        self.lue: SessionLue | None = None
        self.personne_id: int | None = None
        self.habilitation_id: int | None = None
        self.niveau: str | None = None
        self.facteur_le: datetime | None = None
        self.prouvee = False
        """A second factor was shown in this request: the identifier changes."""
        self.a_effacer: list[int] = []
        self.perimee = False
        """The cookie opens nothing any more: it is taken back."""
        self.muette = False
        """Not to be read nor written in this request."""
        self._chargee = jeton is None
        self._donnees: dict[str, Any] = {}
        self.changees: dict[str, Any] = {}
        self.retirees: set[str] = set()

    def charger(self) -> None:
        """Read the session if it was not yet. After a failure it stays empty and nothing is written."""
        if self._chargee or self.muette or self.jeton is None:
            return
        self._chargee = self.muette = True
        maintenant = horloge.maintenant()
        empreinte = service_sessions.empreinte(self.jeton)
        lue = queries.session_lue(empreinte, horloge.jour_de_paris(maintenant))
        self.muette = False
        if lue is None or _echue(lue):
            self.perimee = True
            self.a_effacer += [lue.session.id] if lue else []
            return
        self.lue = lue
        self.personne_id = lue.session.personne_id
        self.habilitation_id = lue.session.habilitation_id
        self.niveau, self.facteur_le = lue.session.niveau, lue.session.facteur_le
        self._donnees = dict(lue.session.donnees)

    def renouveler(
        self, personne_id: int | None = None, habilitation_id: int | None = None, niveau: str | None = None
    ) -> None:
        """Start again with a new identifier: at login, and at logout without a person.

        Nothing stays but what `saisies.a_emporter` says; a second factor is to be shown again.
        """
        self.charger()
        if saisies.VERROU in self._donnees and self.personne_id == personne_id:
            habilitation_id = self.habilitation_id
        emportees = saisies.a_emporter(self._donnees, de=self.personne_id, vers=personne_id)
        if self.lue is not None:
            self.a_effacer.append(self.lue.session.id)
        self.perimee = self.perimee or self.lue is not None
        self.lue = None
        self.personne_id, self.habilitation_id, self.niveau = personne_id, habilitation_id, niveau
        self._donnees, self.changees, self.retirees = emportees, {}, set()
        self.facteur_le, self.prouvee = None, False

    def prouver(self, maintenant: datetime) -> None:
        """Note that a second factor was shown: the lock opens, and the identifier changes (ASVS 7.2.4)."""
        self.charger()
        self.facteur_le, self.prouvee = maintenant, True
        self.pop(saisies.VERROU, None)

    @property
    def ligne_id(self) -> int | None:
        """Key of the stored row, once there is one."""
        self.charger()
        return self.lue.session.id if self.lue else None

    @property
    def a_ecrire(self) -> bool:
        """A stored session was changed by this request."""
        lue = self.lue
        deplacee = lue is not None and self.habilitation_id != lue.session.habilitation_id
        return bool(self.changees or self.retirees or deplacee or self.prouvee)

    def __getitem__(self, cle: str) -> Any:
        self.charger()
        return self._donnees[cle]

    def __setitem__(self, cle: str, valeur: Any) -> None:
        self.charger()
        self._donnees[cle] = self.changees[cle] = valeur
        self.retirees.discard(cle)

    def __delitem__(self, cle: str) -> None:
        self.charger()
        del self._donnees[cle]
        self.changees.pop(cle, None)
        self.retirees.add(cle)

    def __iter__(self) -> Iterator[str]:
        self.charger()
        return iter(self._donnees)

    def __len__(self) -> int:
        self.charger()
        return len(self._donnees)


def session_courante() -> SessionServeur:
    """The session of this request, with what `flask.session` does not say."""
    return cast("SessionServeur", session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def _echue(lue: SessionLue) -> bool:
    genre = lue.usage.organisation.type if lue.usage else None
    return service_sessions.echue(lue.session, genre, horloge.maintenant(), _configuration())


class SessionsServeur(SessionInterface):
    """How Flask opens and saves the session of each request."""

    def open_session(self, app: Flask, request: Request) -> SessionServeur:
        """Come before everything else in a request, so what a former one left in this thread is dropped here."""
        portee: AbstractContextManager[None] = scope.sous(scope.VIDE)
        portee.__enter__()
        request.environ["tdba.portee"] = portee
        g.acteur = None
        g.pop("_login_user", None)  # flask-login would keep the person of another request
        configuration: Configuration = app.extensions["tdba"]
        jeton = request.cookies.get(configuration.cookie_session, "")
        return SessionServeur(jeton if len(jeton) == LONGUEUR_JETON and jeton.isascii() else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, SessionServeur)  # noqa: S101 - opened above
        if session.muette:
            return
        configuration: Configuration = app.extensions["tdba"]
        nouvelle = session.lue is None and bool(session or session.personne_id)
        if nouvelle:
            self._ouvrir(session, configuration, response)
        elif session.a_effacer or session.a_ecrire or _a_toucher(session):
            jeton = _ecrire(session)
            if jeton:
                _poser_cookie(response, configuration, jeton)
        if session.perimee and not nouvelle:
            response.delete_cookie(configuration.cookie_session, path="/", secure=_https(configuration))
        response.vary.add("Cookie")

    def _ouvrir(self, session: SessionServeur, configuration: Configuration, response: Response) -> None:
        _rendre_la_connexion()
        jeton = service_sessions.ouvrir(
            personne_id=session.personne_id,
            habilitation_id=session.habilitation_id,
            donnees=dict(session),
            maintenant=horloge.maintenant(),
            configuration=configuration,
            remplace=session.a_effacer,
            niveau=session.niveau,
        )
        _poser_cookie(response, configuration, jeton)


def _poser_cookie(response: Response, configuration: Configuration, jeton: str) -> None:
    response.set_cookie(
        configuration.cookie_session,
        jeton,
        path="/",
        secure=_https(configuration),
        httponly=True,
        samesite="Lax",
    )


def _https(configuration: Configuration) -> bool:
    return configuration.base_url.startswith("https://")


def _a_toucher(session: SessionServeur) -> bool:
    """A locked session is not in use, whatever its browser asks."""
    if session.lue is None or saisies.VERROU in session:
        return False
    return horloge.maintenant() - session.lue.session.vue_le >= PRECISION


def _ecrire(session: SessionServeur) -> str | None:
    """Write what changed; returns the new identifier when a second factor was shown."""
    _rendre_la_connexion()
    if session.a_effacer:
        service_sessions.effacer(session.a_effacer)
    ligne_id = session.ligne_id
    if ligne_id is None:
        return None
    if session.a_ecrire:
        return service_sessions.modifier(
            ligne_id,
            changees=session.changees,
            retirees=session.retirees,
            habilitation_id=session.habilitation_id,
            maintenant=horloge.maintenant(),
            facteur_le=session.facteur_le if session.prouvee else None,
        )
    try:
        service_sessions.toucher(ligne_id, horloge.maintenant())
    except SQLAlchemyError as erreur:
        # The page is ready: an idle time counted one minute short is no reason to lose it.
        log.warning("session not touched: %s", type(erreur).__name__)
    return None


def _rendre_la_connexion() -> None:
    """End the page's transaction, over by now: one request never holds two connections of a small pool."""
    db.session.rollback()


OUVERTES_AUX_BLOQUES: Final = ("comptes.sans_acces", "comptes.organisation")
"""With public pages (the logout is one), all that remains to somebody who is stopped."""


SANS_SESSION: Final = (None, "static", "csp", "sante.processus", "sante.service")
"""What is answered whoever asks, PostgreSQL away included: a probe may come with somebody's cookie."""


def entrer() -> Response | None:
    """`before_request`: set who acts and what they reach; lead whoever is stopped to the page that says why."""
    if request.endpoint in SANS_SESSION or _acces() == access.CLE_API or _en_cache():
        session_courante().muette = True
        return None
    courante = session_courante()
    courante.charger()
    if courante.lue is None or courante.lue.personne is None:
        return None
    g.acteur = acteur_de(courante.lue)
    if g.acteur.blocage is None:
        assert courante.lue.usage is not None  # noqa: S101 - without one, there is a reason to stop
        scope.entrer(service.portee_de(courante.lue.usage, horloge.aujourd_hui()))
        return None
    scope.entrer(Scope(personne_id=g.acteur.personne_id))
    if request.endpoint in OUVERTES_AUX_BLOQUES or _acces() == access.ANONYME or _meme_arrete():
        return None
    return aller("comptes.sans_acces")


def _meme_arrete() -> bool:
    """The view says that it is also for whoever is stopped (`access.connecte`)."""
    return bool(getattr(current_app.view_functions[request.endpoint or ""], "meme_arrete", False))


def _en_cache() -> bool:
    """The answer may be kept and given to others (`access.en_cache`): it must know nobody."""
    return access.cache_de(current_app, request.endpoint) is not None


def _acces() -> object:
    return access.acces_de(current_app, request.endpoint or "")


def aller(endpoint: str, **valeurs: Any) -> Response:
    """Redirect the page, also when a fragment was asked: htmx would put the other page inside this one."""
    adresse = url_for(endpoint, **valeurs)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": adresse})
    return cast("Response", redirect(adresse, 303))


def sortir(_erreur: BaseException | None = None) -> None:
    """`teardown_request`: leave no reach behind for whatever this thread does next."""
    portee: AbstractContextManager[None] | None = request.environ.pop("tdba.portee", None)
    if portee is not None:
        portee.__exit__(None, None, None)
