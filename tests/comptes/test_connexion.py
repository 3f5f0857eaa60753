"""The login journey, through the demo identity provider (identity-security.md §1.13)."""

import pytest
import requests
from flask import Flask
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Personne
from tests.comptes import aides
from tests.comptes.aides import (
    AUTRE,
    FournisseurDeTest,
    cas,
    choisir,
    journal,
    lignes,
    parametres,
    partir,
    refusee,
    se_connecter,
)
from tests.pages import Navigateur, champs

pytestmark = pytest.mark.reseau

# --- The request -----------------------------------------------------------------------------------------------


@cas(1, 2, 3)
def test_la_demande_porte_ce_que_proconnect_attend_et_rien_d_autre(
    navigateur: Navigateur, fournisseur: FournisseurDeTest
) -> None:
    p = parametres(partir(navigateur))
    assert set(p) == {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "claims",
        "code_challenge",
        "code_challenge_method",
    }
    assert len(p["state"]) >= 32
    assert len(p["nonce"]) >= 32
    assert p["code_challenge_method"] == "S256"
    assert p["scope"] == "openid given_name usual_name email uid siret idp_id organization_label"
    assert p["redirect_uri"] == "http://127.0.0.1:5000/connexion/retour"


@cas(2, 3)
def test_chaque_tentative_a_ses_propres_secrets(
    navigateur: Navigateur, fournisseur: FournisseurDeTest
) -> None:
    un, deux = parametres(partir(navigateur)), parametres(partir(navigateur))
    for nom in ("state", "nonce", "code_challenge"):
        assert un[nom] != deux[nom]


# --- The journey -----------------------------------------------------------------------------------------------


def test_une_personne_habilitee_arrive_chez_elle(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    reponse = se_connecter(navigateur)
    assert (reponse.status_code, reponse.location) == (303, "/")
    page = navigateur.get("/mon-compte")
    assert page.status_code == 200
    assert "Camille Le Goff" in page.text
    assert journal(session) == [("compte.connecte", {"niveau": "eidas2"})]


def test_on_revient_la_ou_l_on_allait(navigateur: Navigateur, habilitation: Habilitation) -> None:
    assert se_connecter(navigateur, suite="/mon-compte?a=1").location == "/mon-compte?a=1"


@pytest.mark.parametrize(
    "suite", ["https://ailleurs.invalid/", "//ailleurs.invalid", "/\\ailleurs.invalid", "javascript:alert(1)"]
)
@cas(5)
def test_on_ne_revient_jamais_ailleurs(
    navigateur: Navigateur, habilitation: Habilitation, suite: str
) -> None:
    assert se_connecter(navigateur, suite=suite).location == "/"


@cas(5)
def test_un_formulaire_falsifie_ne_renvoie_pas_ailleurs(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    jeton = champs(navigateur.get("/connexion"), "/connexion")
    reponse = navigateur.post("/connexion", {**jeton, "suite": "https://ailleurs.invalid/"})
    assert navigateur.get(choisir(str(reponse.location))).location == "/"


@cas(5)
def test_la_suite_ne_quitte_pas_le_serveur(navigateur: Navigateur, habilitation: Habilitation) -> None:
    adresse = partir(navigateur, suite="/mon-compte?a=1")
    assert "mon-compte" not in adresse
    assert navigateur.get(choisir(adresse) + "&suite=/ailleurs").location == "/mon-compte?a=1"


def test_une_personne_connectee_ne_repasse_pas_par_la_porte(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    assert navigateur.get("/connexion?suite=/mon-compte").location == "/mon-compte"


@cas(15)
def test_un_second_onglet_finit_chez_lui_et_non_sur_une_erreur(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    premier, second = choisir(partir(navigateur)), choisir(partir(navigateur))
    assert navigateur.get(premier).location == "/"
    assert navigateur.get(second).location == "/"
    assert navigateur.get("/mon-compte").status_code == 200


@cas(15)
def test_deux_onglets_ouverts_gardent_chacun_leur_tentative(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    premier = choisir(partir(navigateur, suite="/mon-compte"))
    choisir(partir(navigateur))
    assert navigateur.get(premier).location == "/mon-compte"


@cas(36)
def test_une_cle_nouvelle_du_fournisseur_est_relue(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    fournisseur.cle = type(fournisseur.cle).generate_key("P-256", auto_kid=True)
    assert se_connecter(navigateur).location == "/"


@cas(48)
def test_les_attributs_suivent_le_fournisseur_et_le_journal_dit_lesquels_sans_valeur(
    navigateur: Navigateur, session: Session, camille: Personne, habilitation: Habilitation
) -> None:
    camille.courriel = "ancienne@exemple.invalid"
    se_connecter(navigateur)
    assert camille.courriel == aides.CAMILLE.email
    assert journal(session)[0] == ("compte.modifie", {"champs": ["courriel"]})


# --- The provider is away --------------------------------------------------------------------------------------


@cas(59)
def test_sans_fournisseur_la_connexion_le_dit_et_le_reste_marche(
    app: Flask, navigateur: Navigateur, session: Session
) -> None:
    # The tests' configuration names a port where nothing listens.
    page = navigateur.get("/connexion")
    reponse = navigateur.post("/connexion", champs(page, "/connexion"))
    refusee(session, reponse, code=503, phrase="L’identification est momentanément indisponible.")
    assert reponse.headers["Retry-After"] == "30"
    assert navigateur.get("/connexion").status_code == 200


def test_un_document_d_un_autre_emetteur_ne_sert_pas(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    vrai = fournisseur.decouverte
    monkeypatch.setattr(fournisseur, "decouverte", lambda: vrai() | {"issuer": AUTRE})
    page = navigateur.get("/connexion")
    assert navigateur.post("/connexion", champs(page, "/connexion")).status_code == 503


# --- Leaving ---------------------------------------------------------------------------------------------------


@cas(56)
def test_se_deconnecter_ferme_ici_puis_chez_le_fournisseur(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    reponse = navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    p = parametres(str(reponse.location))
    assert set(p) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert len(p["state"]) >= 32
    fin = requests.get(str(reponse.location), allow_redirects=False, timeout=5)
    assert fin.headers["Location"].startswith("http://127.0.0.1:5000/deconnexion/retour?state=")
    page = navigateur.get(f"/deconnexion/retour?state={p['state']}")
    assert "chez ProConnect" in page.text
    assert navigateur.get("/mon-compte").status_code == 302
    assert [evenement for evenement, _ in journal(session)] == ["compte.connecte", "compte.deconnecte"]


@cas(57)
def test_un_retour_de_deconnexion_non_demande_n_affirme_rien(navigateur: Navigateur) -> None:
    assert "ici et chez" not in navigateur.get("/deconnexion/retour?state=" + "x" * 43).text


@cas(57)
def test_un_retour_de_deconnexion_au_mauvais_state_n_affirme_rien(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    reponse = navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    bon = parametres(str(reponse.location))["state"]
    for faux in ("", "?state=", "?state=" + "x" * 43, f"?state={bon}x"):
        assert "ici et chez" not in navigateur.get(f"/deconnexion/retour{faux}").text
    assert "ici et chez" in navigateur.get(f"/deconnexion/retour?state={bon}").text


@cas(55)
def test_on_se_deconnecte_meme_sans_fournisseur(
    app: Flask, navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    app.extensions["tdba_oidc"].clear()
    app.extensions["tdba"] = app.extensions["tdba"].__class__(
        **{**app.extensions["tdba"].__dict__, "oidc_issuer": "http://127.0.0.1:1/api/v2"}
    )
    reponse = navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    assert (reponse.status_code, reponse.location) == (303, "/deconnexion/retour")
    assert navigateur.get("/mon-compte").status_code == 302


# --- Secrets ---------------------------------------------------------------------------------------------------


@cas(60)
def test_aucun_secret_ni_nom_ne_sort_dans_le_journal_ni_dans_les_traces(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    capfd: pytest.CaptureFixture[str],
) -> None:
    retour = choisir(partir(navigateur))
    p = parametres(retour)
    reponse = navigateur.get(retour)
    id_token = lignes(session)[0].donnees["id_token"]
    ecrit = "".join(capfd.readouterr()) + repr(journal(session)) + str(reponse.location)
    for secret in (
        p["code"],
        p["state"],
        id_token,
        fournisseur.dernier_jeton,
        "Camille",
        "Goff",
        aides.CAMILLE.email,
    ):
        assert secret not in ecrit
