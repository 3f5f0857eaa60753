"""The site as people reach it: two servers on loopback, a database of its own, the world of the access tests."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tdba import horloge, scope
from tdba.application import create_app
from tdba.comptes.models import Habilitation, Personne
from tdba.config import Configuration
from tdba.db import db
from tdba.local.fournisseur import servir
from tdba.local.fournisseur_protocole import Fournisseur, Reglages
from tdba.local.fournisseur_protocole import Personne as PersonneConnue
from tdba.sifa import a_regler, tranche
from tests import base_test
from tests.access.monde import construire
from tests.browser import vitrine_acces, vitrine_fiches, vitrine_reception, vitrine_suivi, vitrine_travaux
from tests.browser.vitrine import adresses_du_monde, garnir
from tests.comptes.aides import port_libre
from tests.conftest import MIDI
from tests.pages import Navigateur

VENDOR = base_test.RACINE / "tdba" / "static" / "vendor"
HOTE = "127.0.0.1"


@dataclass
class Site:
    """What the tests know of the site: its address, its people, and a way to add rows to it."""

    configuration: Configuration
    fabrique: Flask
    """The same application on the superuser's login: makes rows, serves nobody."""
    habilitations: dict[str, int] = field(default_factory=dict)
    """Everybody who can log in, by the name the tests give them."""
    adresses: dict[str, str] = field(default_factory=dict)
    """Where the pages about one object are, by the name the tests give them."""
    arrivants: list[PersonneConnue] = field(default_factory=list)
    """People whom the identity provider knows, and we do not yet."""

    @property
    def url(self) -> str:
        return self.configuration.base_url

    @contextlib.contextmanager
    def systeme(self) -> Iterator[Session]:
        """A session that writes any row, for the factories; committed at the end."""
        with self.fabrique.app_context(), scope.systeme("test"):
            yield db.session()
            db.session.commit()

    def jeton(self, qui: str) -> str:
        """The cookie of a session just opened by that person."""
        with self.systeme() as session:
            habilitation = session.get_one(Habilitation, self.habilitations[qui])
            identifiant = Navigateur(self.fabrique, session).comme(habilitation).identifiant
        assert identifiant is not None
        return identifiant

    def accueillir(self, session: Session, qui: str, habilitation: Habilitation) -> None:
        """Let a person made by the factories log in: these know another issuer than ours."""
        self.habilitations[qui] = habilitation.id
        personne = session.get_one(Personne, habilitation.personne_id)
        personne.emetteur = self.configuration.oidc_issuer
        session.commit()

    def personnes(self) -> list[PersonneConnue]:
        """Everybody, as the identity provider lists them."""
        with self.systeme() as session:
            return self.arrivants + [
                PersonneConnue(
                    p.sub, p.prenom, p.nom, p.courriel, "11111111100018", "Employeur de test", "eidas2"
                )
                for p in session.execute(select(Personne).order_by(Personne.id)).scalars()
            ]


@contextlib.contextmanager
def ouvrir_site(worker: str) -> Iterator[Site]:
    """Prepare the database, then serve the site and its identity provider."""
    with contextlib.ExitStack() as pile:
        urls = base_test.preparer(pile, f"nav_{worker}")
        port = port_libre()
        serveur = make_server(HOTE, 0, _en_attente, threaded=True, request_handler=_Silencieux)
        pile.callback(serveur.server_close)
        configuration = Configuration(
            env="test",
            secret_key="une-cle-de-test-assez-longue-0123456789",
            database_url=urls["web"],
            redis_url=urls["redis"],
            base_url=f"http://{HOTE}:{serveur.server_port}",
            oidc_issuer=f"http://{HOTE}:{port}/api/v2",
            oidc_client_id="tdba-test",
            oidc_client_secret="un-secret-de-test-assez-long-0123456789",
            pool_taille=4,
            engagement=False,
            debits=False,
        )
        fabrique = create_app(replace(configuration, database_url=urls["superutilisateur"]))
        site = Site(configuration, fabrique)
        pile.callback(_rendre_les_liens, fabrique)
        _peupler(site)
        application = create_app(configuration)
        pile.callback(_rendre_les_liens, application)
        serveur.app = application
        pile.enter_context(_en_marche(serveur))
        pile.enter_context(_en_marche(servir(_fournisseur(site), HOTE, port)))
        yield site


@contextlib.contextmanager
def enquete_ouverte() -> Iterator[None]:
    """The yearly survey is prepared, its campaign open at the tests' noon; then as other tests of this worker left it."""
    avant = a_regler.reglages()
    tranche.activer(a_regler.Reglages(actif=True, ouverture="11-02", cloture="02-15"))
    try:
        yield
    finally:
        tranche.activer(avant)


def _peupler(site: Site) -> None:
    with enquete_ouverte(), horloge.regler(MIDI), site.systeme() as session:
        monde = construire(site.fabrique, session)
        for qui, habilitation in monde.habilitations.items():
            if habilitation is not None:
                site.accueillir(session, qui, habilitation)
        site.adresses |= adresses_du_monde(monde)
        directrice, adresses = garnir(site.fabrique, session)
        site.accueillir(session, "directrice de la vitrine", directrice)
        site.adresses |= adresses
        dossier = site.adresses["dossier du support"]
        site.adresses |= {"appelant": f"{dossier}/appelant", "voir comme": f"{dossier}/voir-comme"}
        site.adresses |= vitrine_acces.garnir(site.fabrique, session, monde, directrice)
        reception, adresses = vitrine_reception.garnir(site.fabrique, session, monde)
        site.accueillir(session, vitrine_reception.DIRECTRICE, reception)
        site.adresses |= adresses
        directrice, fiches = vitrine_fiches.ouvrir(site.fabrique, session)
        site.accueillir(session, vitrine_fiches.DIRECTRICE, directrice)
        site.adresses |= vitrine_fiches.garnir(fiches) | vitrine_travaux.garnir(fiches)
        directrice, suivis = vitrine_suivi.ouvrir(site.fabrique, session)
        site.accueillir(session, vitrine_suivi.DIRECTRICE, directrice)
        site.adresses |= vitrine_suivi.garnir(suivis)


def _fournisseur(site: Site) -> Fournisseur:
    reglages = Reglages(
        emetteur=site.configuration.oidc_issuer,
        client_id=site.configuration.oidc_client_id,
        client_secret=site.configuration.oidc_client_secret,
        retours=(f"{site.url}/connexion/retour",),
        retours_fin=(f"{site.url}/deconnexion/retour",),
        horloge=lambda: horloge.maintenant().timestamp(),
    )
    return Fournisseur(reglages, site.personnes)


@contextlib.contextmanager
def _en_marche(serveur: BaseWSGIServer) -> Iterator[None]:
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.02})
    fil.start()
    try:
        yield
    finally:
        serveur.shutdown()
        fil.join()
        serveur.server_close()


def _rendre_les_liens(app: Flask) -> None:
    """A database with connections left open could not be dropped without a word of error in the logs."""
    with app.app_context():
        db.engine.dispose()


def _en_attente(_environ: object, _repondre: Callable[..., object]) -> list[bytes]:
    raise AssertionError("asked before the site was ready")


class _Silencieux(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep the output of the tests readable."""
