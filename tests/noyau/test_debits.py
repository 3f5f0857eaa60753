"""Limits by address, person and key: 429, when to come back, and what becomes of them without Redis (decision 27)."""

import itertools
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest
from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import debits
from tdba.application import create_app
from tdba.config import Configuration
from tdba.limites import Limite
from tests import factories as f
from tests.pages import Navigateur, arbre, texte, titre

TROP = "Vous avez fait beaucoup de demandes en peu de temps."
SANS_REDIS = "unix:///nulle-part/redis.sock"

_suite = itertools.count(1)


@pytest.fixture
def limitee(app: Flask, configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with limits of two, whose counts in Redis belong to this test alone."""
    monkeypatch.setattr(
        debits,
        "DEBITS",
        MappingProxyType({nom: replace(regle, maximum=2) for nom, regle in debits.DEBITS.items()}),
    )
    app.extensions["tdba"] = replace(configuration, debits=True, secret_key=secrets.token_urlsafe(32))
    yield app
    app.extensions["tdba"] = configuration


class Recueil(logging.Handler):
    """What the technical log was told."""

    def __init__(self) -> None:
        super().__init__()
        self.lignes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lignes.append(record.getMessage())


@pytest.fixture
def vainement() -> Iterator[Recueil]:
    """A line for each time that Redis was asked in vain."""
    recueil, source = Recueil(), logging.getLogger("tdba.debits")
    source.addHandler(recueil)
    yield recueil
    source.removeHandler(recueil)


def regler(app: Flask, **valeurs: object) -> None:
    app.extensions["tdba"] = replace(app.extensions["tdba"], **valeurs)


def depuis(adresse: str) -> dict[str, dict[str, str]]:
    return {"environ_base": {"REMOTE_ADDR": adresse}}


def essayer_de_se_connecter(qui: Navigateur, adresse: str = "192.0.2.1", **options: object) -> TestResponse:
    """The provider is away: what matters is whether the attempt was let through (303 or 503) or not (429)."""
    page = qui.get("/connexion")
    jeton = next(e.get("value") for e in arbre(page).iter("input") if e.get("name") == "csrf_token")
    return qui.post("/connexion", {"csrf_token": jeton}, **depuis(adresse), **options)  # type: ignore[arg-type]


def envoyer(qui: Navigateur, cle: str, adresse: str = "192.0.2.1") -> TestResponse:
    entetes = {"Authorization": f"Bearer {cle}"}
    return qui.post("/api/v3/dossiers-apprenants/test", headers=entetes, **depuis(adresse))


@pytest.fixture(params=["redis", "postgresql"])
def compteur(request: pytest.FixtureRequest, limitee: Flask) -> str:
    """What opens a door is counted the same with Redis and without it."""
    if request.param == "postgresql":
        regler(limitee, redis_url=SANS_REDIS)
    return str(request.param)


def test_trop_de_connexions_d_une_adresse_attendent(navigateur: Navigateur, compteur: str) -> None:
    assert compteur
    assert [essayer_de_se_connecter(navigateur).status_code for _ in range(3)] == [503, 503, 429]


def test_une_autre_adresse_n_attend_pas(navigateur: Navigateur, compteur: str) -> None:
    assert compteur
    for _ in range(3):
        essayer_de_se_connecter(navigateur)
    assert essayer_de_se_connecter(navigateur, "192.0.2.2").status_code == 503


def test_la_page_dit_quoi_faire_et_quand_revenir(navigateur: Navigateur, compteur: str) -> None:
    assert compteur
    reponse = [essayer_de_se_connecter(navigateur) for _ in range(3)][-1]
    assert titre(reponse) == TROP
    assert "Attendez un peu" in texte(arbre(reponse))
    assert 800 < int(reponse.headers["Retry-After"]) <= 900


def test_un_fragment_recoit_la_meme_phrase(navigateur: Navigateur, limitee: Flask) -> None:
    assert limitee
    reponse = [essayer_de_se_connecter(navigateur, htmx=True) for _ in range(3)][-1]
    assert reponse.status_code == 429
    corps = reponse.get_data(as_text=True)
    assert TROP in corps
    assert "<html" not in corps


def test_le_retour_du_fournisseur_est_limite(navigateur: Navigateur, compteur: str) -> None:
    assert compteur
    codes = [navigateur.get("/connexion/retour?state=x", **depuis("192.0.2.1")).status_code for _ in range(3)]
    assert codes == [400, 400, 429]


def test_une_adresse_ne_se_lit_pas_dans_le_compteur(
    navigateur: Navigateur, limitee: Flask, session: Session
) -> None:
    regler(limitee, redis_url=SANS_REDIS)
    essayer_de_se_connecter(navigateur)
    (cle,) = session.execute(select(Limite.cle)).scalars()
    assert cle.startswith("debit:connexion:")
    assert "192.0.2.1" not in cle


@pytest.fixture
def cles(session: Session) -> list[str]:
    """The keys of two organismes."""
    f.les_territoires(session)
    return [f.une_cle(session, f.un_organisme(session, nom)) for nom in ("Dunes", "Falaises")]


def test_trop_de_mauvaises_cles_attendent_et_la_bonne_cle_de_la_meme_adresse_passe(
    navigateur: Navigateur, compteur: str, cles: list[str]
) -> None:
    """One ERP sends for many CFA from one address: a wrong key among them must not stop the others."""
    assert compteur
    codes = [envoyer(navigateur, "x" * 40).status_code for _ in range(3)]
    assert codes == [403, 403, 429]
    assert envoyer(navigateur, cles[0]).status_code == 200


def test_une_cle_est_limitee_par_organisme(navigateur: Navigateur, compteur: str, cles: list[str]) -> None:
    assert compteur
    reponses = [envoyer(navigateur, cles[0]) for _ in range(3)]
    assert [r.status_code for r in reponses] == [200, 200, 429]
    assert reponses[-1].get_json()["message"] == "Trop de requêtes"
    assert 0 < int(reponses[-1].headers["Retry-After"]) <= 60
    assert envoyer(navigateur, cles[1]).status_code == 200


@pytest.fixture
def directrice(navigateur: Navigateur, session: Session) -> Callable[[], Navigateur]:
    """A director, in as many browsers as asked."""
    f.les_territoires(session)
    cfa = f.une_organisation(
        session,
        "ORGANISME_FORMATION",
        "Dunes",
        regle="ETABLISSEMENTS",
        organismes=[f.un_organisme(session, "Dunes")],
    )
    habilitation = f.une_habilitation(session, f.une_personne(session, "Anne"), cfa)
    return lambda: navigateur.comme(habilitation)


def chercher(qui: Navigateur) -> int:
    return qui.post("/effectifs/recherche", {"q": "Goff"}, **depuis(f"192.0.2.{next(_suite)}")).status_code


def test_les_recherches_par_nom_sont_limitees_par_personne_d_ou_qu_elle_vienne(
    limitee: Flask, directrice: Callable[[], Navigateur]
) -> None:
    assert limitee
    un, deux = directrice(), directrice()
    assert [chercher(un), chercher(deux), chercher(un), chercher(deux)] == [303, 303, 429, 429]


def test_sans_redis_la_lecture_reste_ouverte(limitee: Flask, directrice: Callable[[], Navigateur]) -> None:
    regler(limitee, redis_url=SANS_REDIS)
    elle = directrice()
    assert [chercher(elle) for _ in range(4)] == [303] * 4


def test_les_pages_du_compte_sont_limitees(limitee: Flask, directrice: Callable[[], Navigateur]) -> None:
    assert limitee
    elle = directrice()
    assert [elle.get("/mon-compte").status_code for _ in range(3)] == [200, 200, 429]


def test_une_page_sans_limite_ne_demande_rien_a_redis(
    limitee: Flask, directrice: Callable[[], Navigateur], vainement: Recueil
) -> None:
    regler(limitee, redis_url=SANS_REDIS)
    elle = directrice()
    assert elle.get("/effectifs").status_code == 200
    assert vainement.lignes == []
    chercher(elle)
    assert vainement.lignes == ["limits without Redis: ConnectionError"]


def test_chaque_limite_dit_d_ou_vient_son_chiffre_et_sert() -> None:
    assert all(regle.source and regle.maximum > 0 and regle.secondes > 0 for regle in debits.DEBITS.values())


def test_les_limites_se_coupent_pour_une_mesure(configuration: Configuration) -> None:
    assert not configuration.debits_actifs
    assert replace(configuration, debits=True).debits_actifs
    assert not replace(configuration, debits=True, env="bench").debits_actifs


@pytest.mark.parametrize(
    ("proxys", "recue", "lue"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
    ],
)
def test_l_adresse_vient_du_mandataire_de_confiance_et_de_nul_autre(
    configuration: Configuration, proxys: int, recue: str, lue: str
) -> None:
    application = create_app(replace(configuration, proxys=proxys))
    vues: list[str | None] = []
    application.before_request(lambda: vues.append(request.remote_addr))
    application.test_client().get("/healthz", headers={"X-Forwarded-For": recue})
    assert vues == [lue]
