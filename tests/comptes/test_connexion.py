"""The login journey, through the demo identity provider (identity-security.md §1.13)."""

from datetime import date, timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation, Organisation, Personne, SessionWeb
from tdba.journal import Evenement
from tests import factories as f
from tests.comptes import aides
from tests.comptes.aides import FournisseurDeTest, choisir, parametres, partir, se_connecter
from tests.conftest import MIDI
from tests.pages import Navigateur, champs, titre

pytestmark = pytest.mark.reseau

PAS_VERIFIEE = "Votre identité n’a pas pu être vérifiée."


def journal(session: Session) -> list[tuple[str, dict[str, Any]]]:
    lignes = session.execute(select(Evenement.evenement, Evenement.details).order_by(Evenement.id))
    return [(evenement, details) for evenement, details in lignes]


# --- The request -----------------------------------------------------------------------------------------------


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
def test_on_ne_revient_jamais_ailleurs(
    navigateur: Navigateur, habilitation: Habilitation, suite: str
) -> None:
    assert se_connecter(navigateur, suite=suite).location == "/"


def test_un_formulaire_falsifie_ne_renvoie_pas_ailleurs(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    jeton = champs(navigateur.get("/connexion"), "/connexion")
    reponse = navigateur.post("/connexion", {**jeton, "suite": "https://ailleurs.invalid/"})
    assert navigateur.get(choisir(str(reponse.location))).location == "/"


def test_une_personne_connectee_ne_repasse_pas_par_la_porte(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    assert navigateur.get("/connexion?suite=/mon-compte").location == "/mon-compte"


def test_un_second_onglet_finit_chez_lui_et_non_sur_une_erreur(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    premier, second = choisir(partir(navigateur)), choisir(partir(navigateur))
    assert navigateur.get(premier).location == "/"
    assert navigateur.get(second).location == "/"
    assert navigateur.get("/mon-compte").status_code == 200


def test_deux_onglets_ouverts_gardent_chacun_leur_tentative(
    navigateur: Navigateur, habilitation: Habilitation
) -> None:
    premier = choisir(partir(navigateur, suite="/mon-compte"))
    choisir(partir(navigateur))
    assert navigateur.get(premier).location == "/mon-compte"


def test_une_cle_nouvelle_du_fournisseur_est_relue(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    fournisseur.cle = type(fournisseur.cle).generate_key("P-256", auto_kid=True)
    assert se_connecter(navigateur).location == "/"


def test_les_attributs_suivent_le_fournisseur_et_le_journal_dit_lesquels_sans_valeur(
    navigateur: Navigateur, session: Session, camille: Personne, habilitation: Habilitation
) -> None:
    camille.courriel = "ancienne@exemple.invalid"
    se_connecter(navigateur)
    assert camille.courriel == aides.CAMILLE.email
    assert journal(session)[0] == ("compte.modifie", {"champs": ["courriel"]})


# --- The return, hostile or late -------------------------------------------------------------------------------


def refusee(session: Session, reponse: Any, *, code: int = 403, phrase: str = PAS_VERIFIEE) -> None:
    """Refused with a sentence, and nobody is logged in nor created."""
    assert (reponse.status_code, titre(reponse)) == (code, phrase)
    ouvertes = select(func.count()).select_from(SessionWeb).where(SessionWeb.personne_id.is_not(None))
    assert session.execute(ouvertes).scalar_one() == 0
    assert "compte.connecte" not in [evenement for evenement, _ in journal(session)]


EXPIREE = {"code": 400, "phrase": "Cette identification n’est plus valable."}


@pytest.mark.parametrize("adresse", ["/connexion/retour", "/connexion/retour?state=x&code=y"])
def test_un_retour_que_personne_n_a_demande_est_refuse(
    navigateur: Navigateur, session: Session, adresse: str
) -> None:
    refusee(session, navigateur.get(adresse), **EXPIREE)  # type: ignore[arg-type]
    assert journal(session) == []


def test_le_retour_ouvert_dans_un_autre_navigateur_est_refuse(
    app: Flask, navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    refusee(session, Navigateur(app, session).get(retour), **EXPIREE)  # type: ignore[arg-type]


def test_le_meme_retour_ne_sert_pas_deux_fois(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_id_token = lambda claims: claims | {"nonce": "autre"}
    retour = choisir(partir(navigateur))
    refusee(session, navigateur.get(retour))
    refusee(session, navigateur.get(retour), **EXPIREE)  # type: ignore[arg-type]


def test_une_tentative_vieille_de_plus_de_dix_minutes_est_refusee(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    with horloge.regler(MIDI + timedelta(minutes=10, seconds=1)):
        refusee(session, navigateur.get(retour), **EXPIREE)  # type: ignore[arg-type]


def test_un_autre_emetteur_dans_le_retour_est_refuse(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur)).replace("iss=http", "iss=https")
    refusee(session, navigateur.get(retour))


def test_un_retour_sans_code_est_refuse(navigateur: Navigateur, session: Session, fournisseur: Any) -> None:
    state = parametres(partir(navigateur))["state"]
    refusee(session, navigateur.get(f"/connexion/retour?state={state}"))


def test_abandonner_chez_le_fournisseur_se_dit_en_francais(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    reponse = navigateur.get(choisir(partir(navigateur), sub=None))
    refusee(session, reponse, phrase="L’identification n’a pas abouti.")


@pytest.mark.parametrize("erreur", ["<script>alert(1)</script>", "server_error", "Y500015"])
def test_rien_de_ce_que_dit_le_fournisseur_n_est_montre(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, erreur: str
) -> None:
    state = parametres(partir(navigateur))["state"]
    page = navigateur.get(
        "/connexion/retour", query_string={"state": state, "error": erreur, "error_description": "<b>mot</b>"}
    )
    assert page.status_code in (403, 503)
    assert erreur not in page.text
    assert "mot</b>" not in page.text


def changer(**valeurs: Any) -> Any:
    return lambda claims: {nom: v for nom, v in (claims | valeurs).items() if v is not None}


MAINTENANT = int(MIDI.timestamp())
AUTRE = "https://ailleurs.invalid/api/v2"


@pytest.mark.parametrize(
    "defaut",
    [
        changer(nonce="autre"),
        changer(nonce=None),
        changer(aud="un-autre-client"),
        changer(aud=["tdba-test", "un-autre-client"]),
        changer(aud="un-autre-client", azp="tdba-test"),
        changer(azp="un-autre-client"),
        changer(aud=None),
        changer(iss=AUTRE),
        changer(iss=None),
        lambda claims: claims | {"iss": claims["iss"] + "/"},
        changer(exp=MAINTENANT - 31),
        changer(exp=None),
        changer(iat=MAINTENANT + 600),
        changer(sub=None),
        changer(sub=""),
        changer(at_hash="autre"),
    ],
)
def test_un_id_token_faux_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    defaut: Any,
) -> None:
    fournisseur.alterer_id_token = defaut
    refusee(session, se_connecter(navigateur))


@pytest.mark.parametrize(
    "defaut",
    [
        changer(sub="quelqu-un-d-autre"),
        changer(aud="un-autre-client"),
        changer(iss=AUTRE),
        changer(exp=MAINTENANT - 31),
        changer(email=None),
        changer(email="sans-arobase"),
        changer(siret=None),
        changer(siret="123"),
        changer(usual_name=None),
        changer(usual_name="x" * 257),
    ],
)
def test_un_userinfo_faux_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    defaut: Any,
) -> None:
    fournisseur.alterer_infos = defaut
    refusee(session, se_connecter(navigateur))


SIGNATURES = [
    aides.autre_cle_meme_kid,
    aides.cle_jamais_publiee,
    aides.secret_du_client,
    aides.sans_signature,
]


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("jeton", ["signature", "signature_infos"])
def test_une_signature_qui_n_est_pas_la_sienne_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    jeton: str,
    signature: Any,
) -> None:
    setattr(fournisseur, jeton, signature)
    refusee(session, se_connecter(navigateur))


@pytest.mark.parametrize("manque", ["id_token", "access_token"])
def test_une_reponse_incomplete_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    manque: str,
) -> None:
    fournisseur.alterer_reponse = changer(**{manque: None})
    refusee(session, se_connecter(navigateur))


def test_un_jeton_expire_depuis_moins_de_trente_secondes_vaut_encore(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_id_token = changer(exp=MAINTENANT - 29)
    assert se_connecter(navigateur).location == "/"


def test_un_code_deja_echange_n_ouvre_rien(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    code = parametres(retour)["code"]
    fournisseur._codes[code].jeton = "deja"
    refusee(session, navigateur.get(retour))


# --- The provider is away --------------------------------------------------------------------------------------


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


# --- Who comes in ----------------------------------------------------------------------------------------------


def bloquee(navigateur: Navigateur, phrase: str) -> None:
    """They are told why, wherever they go, and may leave."""
    page = navigateur.get("/acces")
    assert (page.status_code, titre(page)) == (403, phrase)
    assert navigateur.get("/mon-compte").location == "/acces"
    assert navigateur.get("/mon-compte", htmx=True).headers["HX-Redirect"] == "/acces"
    sortie = navigateur.post("/deconnexion", champs(page, "/deconnexion"))
    assert sortie.status_code == 303
    assert navigateur.get("/mon-compte").status_code == 302


def test_un_inconnu_est_note_en_attente_et_sait_qui_contacter(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    assert se_connecter(navigateur).location == "/acces"
    personne = session.execute(select(Personne).where(Personne.sub == aides.CAMILLE.sub)).scalar_one()
    assert (personne.etat, personne.courriel) == ("EN_ATTENTE", aides.CAMILLE.email)
    assert journal(session) == [("compte.refuse", {"raison": "en_attente"})]
    bloquee(navigateur, "Votre compte n’a pas encore d’habilitation.")


@pytest.mark.parametrize("courriel", [aides.CAMILLE.email, aides.CAMILLE.email.upper()])
def test_une_adresse_connue_ne_donne_pas_le_compte_d_un_autre(
    navigateur: Navigateur,
    session: Session,
    camille: Personne,
    habilitation: Habilitation,
    courriel: str,
) -> None:
    camille.sub, camille.courriel = "un-autre-chemin", courriel
    se_connecter(navigateur)
    assert camille.sub == "un-autre-chemin"
    assert journal(session) == [("compte.refuse", {"raison": "adresse_connue"})]
    bloquee(navigateur, "Votre compte doit être validé à nouveau.")


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        ("SUSPENDUE", "Votre compte est suspendu."),
        ("FERMEE", "Votre compte est fermé."),
        ("EN_ATTENTE", "Votre compte n’a pas encore d’habilitation."),
    ],
)
def test_un_compte_arrete_le_reste_malgre_une_habilitation(
    navigateur: Navigateur,
    session: Session,
    camille: Personne,
    habilitation: Habilitation,
    etat: str,
    phrase: str,
) -> None:
    camille.etat = etat
    se_connecter(navigateur)
    assert camille.etat == etat
    bloquee(navigateur, phrase)


def test_une_habilitation_valide_reveille_un_compte_endormi(
    navigateur: Navigateur, camille: Personne, habilitation: Habilitation
) -> None:
    camille.etat = "ENDORMIE"
    assert se_connecter(navigateur).location == "/"
    assert camille.etat == "ACTIVE"


def test_un_compte_endormi_sans_habilitation_le_reste(navigateur: Navigateur, camille: Personne) -> None:
    camille.etat = "ENDORMIE"
    se_connecter(navigateur)
    assert camille.etat == "ENDORMIE"
    bloquee(navigateur, "Votre compte est en sommeil.")


@pytest.mark.parametrize(
    ("dates", "phrase"),
    [
        ({"fin": date(2026, 11, 18)}, "Votre habilitation est terminée."),
        ({"debut": date(2026, 11, 19)}, "Votre habilitation n’a pas encore commencé."),
    ],
)
def test_une_habilitation_hors_de_ses_dates_se_dit(
    navigateur: Navigateur,
    session: Session,
    camille: Personne,
    organisation: Organisation,
    dates: dict[str, date],
    phrase: str,
) -> None:
    f.une_habilitation(session, camille, organisation, **dates)
    se_connecter(navigateur)
    bloquee(navigateur, phrase)


# --- Leaving ---------------------------------------------------------------------------------------------------


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


def test_un_retour_de_deconnexion_non_demande_n_affirme_rien(navigateur: Navigateur) -> None:
    assert "ici et chez" not in navigateur.get("/deconnexion/retour?state=" + "x" * 43).text


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
    ecrit = "".join(capfd.readouterr()) + repr(journal(session)) + str(reponse.location)
    for secret in (p["code"], p["state"], fournisseur.dernier_jeton, "Camille", "Goff", aides.CAMILLE.email):
        assert secret not in ecrit
