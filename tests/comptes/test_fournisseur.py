"""The demo identity provider refuses what ProConnect refuses, and never leaves this machine (decision 44)."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask.testing import FlaskClient

from tdba.local import fournisseur as module
from tdba.local.commun import Echec
from tdba.local.fournisseur import creer, servir
from tdba.local.fournisseur_protocole import Fournisseur, Personne, Reglages, lire_personnes
from tests.comptes.aides import CAMILLE
from tests.pages import policer_html

SECRET = "s" * 32
VERIFIEUR = "v" * 64
RETOUR = "http://127.0.0.1:5000/connexion/retour"
DEMANDE = {
    "response_type": "code",
    "client_id": "tdba-test",
    "redirect_uri": RETOUR,
    "scope": "openid email siret",
    "state": "e" * 43,
    "nonce": "n" * 43,
    "code_challenge": create_s256_code_challenge(VERIFIEUR),
    "code_challenge_method": "S256",
}


class Montre:
    maintenant = 1_000_000.0

    def __call__(self) -> float:
        return self.maintenant


@pytest.fixture
def montre() -> Montre:
    return Montre()


@pytest.fixture
def op(montre: Montre) -> Fournisseur:
    reglages = Reglages(
        emetteur="http://127.0.0.1:5001/api/v2",
        client_id="tdba-test",
        client_secret=SECRET,
        retours=(RETOUR,),
        retours_fin=("http://127.0.0.1:5000/deconnexion/retour",),
        horloge=montre,
    )
    return Fournisseur(reglages, lambda: [CAMILLE])


@pytest.fixture
def client(op: Fournisseur) -> FlaskClient:
    return creer(op).test_client()


def code(op: Fournisseur) -> str:
    return op.autoriser(op.prendre(op.demander(DEMANDE)), CAMILLE.sub)


def echanger(client: FlaskClient, donne: str, **autres: str) -> Any:
    return client.post(
        "/api/v2/token",
        data={
            "grant_type": "authorization_code",
            "client_id": "tdba-test",
            "client_secret": SECRET,
            "redirect_uri": RETOUR,
            "code_verifier": VERIFIEUR,
            "code": donne,
            **autres,
        },
    )


@pytest.mark.parametrize("adresse", ["0.0.0.0", "::", "192.0.2.1", "exemple.invalid", ""])  # noqa: S104
def test_il_refuse_toute_autre_adresse_que_la_machine(op: Fournisseur, adresse: str) -> None:
    with pytest.raises(Echec):
        servir(op, adresse, 0)


def test_il_refuse_qu_un_autre_nom_mene_a_lui(client: FlaskClient) -> None:
    adresse = "/api/v2/.well-known/openid-configuration"
    assert client.get(adresse, base_url="http://127.0.0.1:5001").status_code == 200
    assert client.get(adresse, base_url="http://ailleurs.invalid").status_code == 421


def test_il_ne_demarre_pas_en_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for nom in ("TDBA_BASE_URL", "TDBA_OIDC_CLIENT_ID", "TDBA_OIDC_CLIENT_SECRET"):
        monkeypatch.setenv(nom, "x")
    monkeypatch.setenv("TDBA_ENV", "production")
    with pytest.raises(Echec, match="production"):
        module._reglages("127.0.0.1", 1)


def test_il_n_importe_rien_de_l_application() -> None:
    importes = set()
    for fichier in Path(module.__file__).parent.glob("fournisseur*.py"):
        for noeud in ast.walk(ast.parse(fichier.read_text())):
            if isinstance(noeud, ast.ImportFrom) and noeud.module:
                importes.add(noeud.module)
    assert {nom for nom in importes if nom.startswith("tdba")} == {
        "tdba.local.commun",
        "tdba.local.emplacements",
        "tdba.local.fournisseur_pages",
        "tdba.local.fournisseur_protocole",
    }


def test_sa_page_se_dit_de_demonstration_et_marche_sans_script(client: FlaskClient) -> None:
    page = client.get("/api/v2/authorize", query_string=DEMANDE)
    policer_html(page.text, entier=True)
    assert "Fournisseur d’identité de démonstration" in page.text
    assert "Camille Le Goff" in page.text
    assert "<script" not in page.text
    politique = page.headers["Content-Security-Policy"]
    assert politique == (
        "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:5000; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    "defaut",
    [
        {"client_id": "un-autre"},
        {"redirect_uri": RETOUR + "/"},
        {"redirect_uri": "http://ailleurs.invalid/connexion/retour"},
        {"response_type": "token"},
        {"state": "court"},
        {"nonce": "court"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"scope": "email"},
        {"scope": "openid phone"},
        {"max_age": "60"},
        {"claims": "{"},
        {"claims": '{"id_token":{"acr":{"essential":true}}}'},
        {"claims": '["id_token"]'},
    ],
)
def test_une_demande_non_conforme_est_refusee_sans_revenir_au_client(
    client: FlaskClient, defaut: dict[str, str]
) -> None:
    reponse = client.get("/api/v2/authorize", query_string=DEMANDE | defaut)
    assert reponse.status_code == 400
    assert "Location" not in reponse.headers


def test_un_parametre_donne_deux_fois_est_refuse(client: FlaskClient) -> None:
    assert (
        client.get("/api/v2/authorize", query_string=[*DEMANDE.items(), ("scope", "openid")]).status_code
        == 400
    )


def test_un_code_s_echange_contre_les_informations_demandees(op: Fournisseur, client: FlaskClient) -> None:
    recus = echanger(client, code(op)).get_json()
    infos = client.get("/api/v2/userinfo", headers={"Authorization": f"Bearer {recus['access_token']}"})
    assert infos.mimetype == "application/jwt"
    from joserfc import jwt

    claims = jwt.decode(infos.text, op.cle, algorithms=["ES256"]).claims
    assert {n: claims.get(n) for n in ("iss", "aud", "sub", "email", "siret", "usual_name")} == {
        "iss": "http://127.0.0.1:5001/api/v2",
        "aud": "tdba-test",
        "sub": CAMILLE.sub,
        "email": CAMILLE.email,
        "siret": CAMILLE.siret,
        "usual_name": None,
    }


def test_un_code_ne_sert_qu_une_fois_et_sa_reprise_retire_le_jeton(
    op: Fournisseur, client: FlaskClient
) -> None:
    donne = code(op)
    jeton = echanger(client, donne).get_json()["access_token"]
    assert echanger(client, donne).get_json() == {"error": "invalid_grant"}
    assert client.get("/api/v2/userinfo", headers={"Authorization": f"Bearer {jeton}"}).status_code == 401


@pytest.mark.parametrize(("apres", "statut"), [(60, 200), (60.1, 400)])
def test_un_code_vaut_soixante_secondes(
    op: Fournisseur, client: FlaskClient, montre: Montre, apres: float, statut: int
) -> None:
    donne = code(op)
    montre.maintenant += apres
    assert echanger(client, donne).status_code == statut


@pytest.mark.parametrize(
    ("defaut", "erreur"),
    [
        ({"client_secret": "x"}, "invalid_client"),
        ({"client_id": "x"}, "invalid_client"),
        ({"code_verifier": "x" * 64}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://ailleurs.invalid/"}, "invalid_grant"),
        ({"code": "x"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_un_echange_non_conforme_est_refuse(
    op: Fournisseur, client: FlaskClient, defaut: dict[str, str], erreur: str
) -> None:
    assert echanger(client, code(op), **defaut).get_json() == {"error": erreur}


def test_une_demande_se_repond_une_seule_fois(op: Fournisseur, client: FlaskClient) -> None:
    demande = {"demande": op.demander(DEMANDE), "sub": CAMILLE.sub}
    assert client.post("/api/v2/interaction", data=demande).status_code == 303
    assert client.post("/api/v2/interaction", data=demande).status_code == 400


def test_la_deconnexion_ne_renvoie_qu_a_une_adresse_connue(client: FlaskClient) -> None:
    parametres = {"client_id": "tdba-test", "state": "e" * 43}
    for retour, statut in (
        ("http://127.0.0.1:5000/deconnexion/retour", 303),
        ("http://ailleurs.invalid/", 400),
    ):
        reponse = client.get(
            "/api/v2/session/end", query_string={**parametres, "post_logout_redirect_uri": retour}
        )
        assert reponse.status_code == statut


def test_la_liste_des_personnes_se_lit_dans_un_fichier(tmp_path: Path) -> None:
    fichier = tmp_path / "personnes.json"
    fichier.write_text(json.dumps([CAMILLE.__dict__]), encoding="utf-8")
    assert lire_personnes(fichier) == [CAMILLE]
    fichier.write_text(json.dumps([{"sub": "x"}]), encoding="utf-8")
    with pytest.raises(TypeError):
        lire_personnes(fichier)


def test_une_personne_dit_tout_ce_que_le_protocole_demande() -> None:
    assert set(Personne("s", "g", "u", "e", "t", "o").claims()) == {
        "given_name",
        "usual_name",
        "email",
        "uid",
        "siret",
        "idp_id",
        "organization_label",
    }
