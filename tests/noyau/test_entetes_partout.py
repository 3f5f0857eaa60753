"""Every answer carries every header of safety, errors and redirections included; reports of the policy are collected."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask, abort
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import access
from tdba.application import create_app
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import PAGES
from tests.conftest import isolement
from tests.factories import les_territoires, un_organisme, une_habilitation, une_organisation, une_personne
from tests.noyau.test_debits import Recueil
from tests.pages import EN_CACHE, Navigateur

ENTETES = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self' https://identite.exemple.fr; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; manifest-src 'self'; report-uri /csp; report-to csp",
    "Reporting-Endpoints": 'csp="/csp"',
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@pytest.fixture(scope="module")
def publique(configuration: Configuration) -> Flask:
    """The application under a public address, with a page that fails with each code."""
    application = create_app(
        replace(
            configuration,
            base_url="https://tdba.exemple.fr",
            oidc_issuer="https://identite.exemple.fr/api/v2",
        )
    )
    application.config["PROPAGATE_EXCEPTIONS"] = False

    def echouer(code: int) -> None:
        if code == 500:
            raise ValueError
        abort(code)

    application.add_url_rule("/echouer/<int:code>", "echouer", access.public("essai")(echouer))
    return application


@pytest.fixture
def inconnu(publique: Flask, configuration: Configuration) -> Iterator[Navigateur]:
    """A stranger's browser on that application."""
    with isolement(publique, configuration):
        yield Navigateur(publique, db.session())


def verifier(reponse: TestResponse) -> None:
    assert {nom: reponse.headers.get(nom) for nom in ENTETES} == ENTETES
    assert all(len(reponse.headers.getlist(nom)) == 1 for nom in ENTETES)
    assert "Access-Control-Allow-Origin" not in reponse.headers


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("code", PAGES)
def test_les_pages_d_erreur_portent_tous_les_entetes(inconnu: Navigateur, code: int, htmx: bool) -> None:
    reponse = inconnu.get(f"/echouer/{code}", htmx=htmx)
    assert reponse.status_code == code
    verifier(reponse)
    assert reponse.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("methode", "adresse", "code"),
    [
        ("GET", "/connexion", 200),
        ("GET", "/mon-compte", 302),
        ("GET", "/effectifs?statut=3", 302),
        ("POST", "/mon-compte/sessions/fermer", 303),
        ("GET", "/nulle-part", 404),
        ("PUT", "/connexion", 405),
        ("OPTIONS", "/connexion", 200),
        ("POST", "/api/v3/dossiers-apprenants", 403),
        ("GET", "/healthz", 200),
        ("POST", "/csp", 204),
        ("GET", "/static/app.css", 200),
        ("GET", "/static/absent.css", 404),
    ],
)
def test_les_redirections_et_le_reste_aussi(
    inconnu: Navigateur, methode: str, adresse: str, code: int
) -> None:
    reponse = inconnu.ouvrir(methode, adresse, headers={"Origin": "https://ailleurs.invalid"})
    assert reponse.status_code == code
    verifier(reponse)


# --- What may be kept -------------------------------------------------------------------------------------------


def test_seules_les_pages_de_la_liste_revue_se_gardent(app: Flask) -> None:
    gardees = {
        regle.rule: f"public, max-age={secondes}"
        for regle in app.url_map.iter_rules()
        if (secondes := access.cache_de(app, regle.endpoint)) is not None
    }
    assert gardees == EN_CACHE


@pytest.mark.parametrize("adresse", EN_CACHE)
def test_une_page_gardee_est_la_meme_pour_tous_et_ne_pose_aucun_cookie(
    session: Session, navigateur: Navigateur, adresse: str
) -> None:
    les_territoires(session)
    organisme = un_organisme(session, "CFA Rennes")
    organisation = une_organisation(
        session, "ORGANISME_FORMATION", "CFA", regle="ETABLISSEMENTS", organismes=[organisme]
    )
    connecte = navigateur.comme(une_habilitation(session, une_personne(session, "Dominique"), organisation))
    inconnue, connue = navigateur.get(adresse), connecte.get(adresse)
    for reponse in (inconnue, connue):
        assert reponse.status_code == 200
        assert reponse.headers["Cache-Control"] == EN_CACHE[adresse]
        assert "Set-Cookie" not in reponse.headers
        assert "Cookie" not in reponse.headers.get("Vary", "")
    assert connue.data == inconnue.data
    assert navigateur.ouvrir("OPTIONS", adresse).headers["Cache-Control"] == "no-store"
    assert connecte.get("/mon-compte").headers["Cache-Control"] == "no-store"


def test_garder_une_page_qui_n_est_pas_publique_refuse_de_demarrer() -> None:
    application = Flask("essai", static_folder=None)
    vue = access.en_cache(60, "essai")(access.connecte("essai")(lambda: ""))
    application.add_url_rule("/essai", "essai", vue)
    with pytest.raises(access.AccesNonDeclare, match="en_cache"):
        access.verifier_declarations(application)


# --- Reports ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lignes() -> Iterator[Callable[[], list[str]]]:
    """What the technical log says of the policy."""
    recueil, source = Recueil(), logging.getLogger("tdba.errors")
    source.addHandler(recueil)
    yield lambda: recueil.lignes
    source.removeHandler(recueil)


def rapporter(qui: Navigateur, corps: object) -> int:
    brut = corps if isinstance(corps, bytes) else json.dumps(corps).encode()
    return qui.ouvrir("POST", "/csp", data=brut, content_type="application/csp-report").status_code


ANCIEN = {
    "csp-report": {
        "document-uri": "https://tdba.exemple.fr/effectifs/42?nom=CANARI#CANARI",
        "violated-directive": "script-src-elem",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://espion.invalid/lu.js?qui=CANARI",
        "script-sample": "CANARI",
        "referrer": "https://tdba.exemple.fr/?CANARI",
    }
}
RECENT = [
    {
        "type": "csp-violation",
        "url": "https://tdba.exemple.fr/effectifs/42?nom=CANARI",
        "body": {
            "documentURL": "https://tdba.exemple.fr/effectifs/42?nom=CANARI",
            "effectiveDirective": "style-src-attr",
            "blockedURL": "inline",
            "sample": "CANARI",
        },
    },
    {"type": "deprecation", "body": {"message": "CANARI"}},
]


@pytest.mark.parametrize(
    ("corps", "ligne"),
    [
        (ANCIEN, "content policy: script-src-elem blocked espion.invalid on /effectifs/…"),
        (RECENT, "content policy: style-src-attr blocked inline on /effectifs/…"),
    ],
)
def test_un_rapport_donne_une_ligne_sans_rien_de_personnel(
    navigateur: Navigateur, lignes: Callable[[], list[str]], corps: object, ligne: str
) -> None:
    assert rapporter(navigateur, corps) == 204
    assert lignes() == [ligne]


@pytest.mark.parametrize(
    "corps",
    [
        b"",
        b"pas du json",
        b"[" * 5000,
        b"[1, null, {}]",
        b'{"csp-report": 3}',
        {"csp-report": {"effective-directive": "x\ny"}},
        {"csp-report": {"effective-directive": None, "document-uri": "https://["}},
    ],
)
def test_ce_qui_n_est_pas_un_rapport_ne_laisse_rien(
    navigateur: Navigateur, lignes: Callable[[], list[str]], corps: object
) -> None:
    assert rapporter(navigateur, corps) == 204
    assert lignes() == []


def test_une_adresse_bloquee_illisible_ne_passe_pas_dans_le_journal(
    navigateur: Navigateur, lignes: Callable[[], list[str]]
) -> None:
    rapport = {
        "effective-directive": "img-src",
        "blocked-uri": "https://é\n.invalid/",
        "document-uri": "/a/Jeanne",
    }
    rapporter(navigateur, {"csp-report": rapport})
    assert lignes() == ["content policy: img-src blocked ? on /a/…"]


def test_un_rapport_trop_gros_est_refuse(navigateur: Navigateur, lignes: Callable[[], list[str]]) -> None:
    assert rapporter(navigateur, b" " * (10 * 1024 + 1)) == 413
    assert rapporter(navigateur, b" " * (10 * 1024)) == 204
    assert lignes() == []
