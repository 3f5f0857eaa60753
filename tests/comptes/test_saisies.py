"""Typed text survives a session that ended, for who typed it and for nobody else (decision 27, docs/adr/0011)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import saisies
from tdba.comptes.models import Habilitation, Organisation, Personne
from tests import factories as f
from tests.comptes.aides import lignes, se_connecter
from tests.comptes.aides_facteurs import (
    code,
    nommer_le_jeton,
    prouver,
    reglage,
    une_application,
    une_assistante,
)
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, texte, titre

GARDEE = "Votre saisie a été gardée"
FINIE = MIDI + timedelta(hours=3)
DEMANDE = {"objet": "Une date fausse", "texte": "Le contrat commence le 3 mars.\nMerci."}


# --- What is kept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nom",
    ["mot_de_passe", "motdepasse", "password", "csrf_token", "code", "code_secours", "cle_api", "secret"],
)
def test_un_secret_n_est_jamais_garde(nom: str) -> None:
    assert saisies.a_garder([(nom, "x"), ("texte", "y")]) == [["texte", "y"]]


def test_un_code_postal_n_est_pas_un_secret() -> None:
    assert saisies.a_garder([("code_postal", "35000")]) == [["code_postal", "35000"]]


def test_plusieurs_valeurs_d_un_champ_sont_toutes_gardees() -> None:
    champs_envoyes = [("sites", "1"), ("sites", "2")]
    assert saisies.a_garder(champs_envoyes) == [["sites", "1"], ["sites", "2"]]


def test_plus_de_cinquante_mille_caracteres_ne_sont_pas_gardes() -> None:
    assert saisies.a_garder([("texte", "x" * 49_990)]) is not None
    assert saisies.a_garder([("texte", "x" * 50_000)]) is None


@pytest.mark.parametrize("nom", ["secret", "cle_formulaire", "version", "effectif_id"])
def test_un_formulaire_ou_rien_n_est_saisi_n_est_pas_garde(nom: str) -> None:
    assert saisies.a_garder([("texte", " "), (nom, "x")]) is None


def test_ce_que_la_page_a_rempli_est_renvoye_sans_etre_montre() -> None:
    champs_gardes = [["version", "3"], ["date_debut", "2026-03-03"]]
    assert saisies.a_garder((nom, valeur) for nom, valeur in champs_gardes) == champs_gardes
    assert saisies.a_montrer(champs_gardes) == [("Date debut", "2026-03-03")]


def test_la_saisie_d_un_autre_dans_sa_session_ne_s_affiche_pas(
    session: Session, connectee: Navigateur, alix: Personne
) -> None:
    (ligne,) = lignes(session)
    saisie = {"adresse": "/x", "page": None, "fichiers": False, "champs": [["texte", "Merci"]], "le": 0}
    for personne_id, code_http in ((alix.id + 1, 303), (alix.id, 200)):
        ligne.donnees = {**ligne.donnees, "saisie": saisie | {"personne": personne_id}}
        assert connectee.get("/saisie-gardee").status_code == code_http


@pytest.mark.parametrize(
    ("jeton", "personne"), [("abc-12", 12), ("abc", None), ("-12", None), ("abc-x", None)]
)
def test_le_jeton_nomme_sa_personne(jeton: str, personne: int | None) -> None:
    assert saisies.auteur(jeton) == personne
    assert saisies.auteur(saisies.jeton_de(7)) == 7


def test_rien_ne_passe_d_une_personne_a_une_autre() -> None:
    donnees = {"saisie": {"personne": 1}, "verrou": True, "demande_id": 4, "id_token": "t", "oidc:x": {}}
    assert saisies.a_emporter(donnees, de=1, vers=None) == {}
    assert saisies.a_emporter(donnees, de=1, vers=2).keys() == {"csrf_token"}
    assert saisies.a_emporter(donnees, de=1, vers=1).keys() == {"saisie", "demande_id", "csrf_token"}
    del donnees["verrou"]
    assert saisies.a_emporter(donnees, de=1, vers=1).keys() == {"saisie", "csrf_token"}


# --- From one session to the next ------------------------------------------------------------------------------


def envoyer(navigateur: Navigateur, jeton: str, **autres: str) -> str:
    """Send the form of a request to support; returns where the browser is led."""
    reponse = navigateur.ouvrir(
        "POST", "/support/ecrire", jeton=False, data=DEMANDE | {"csrf_token": jeton} | autres
    )
    assert reponse.status_code == 303
    return str(reponse.location)


@pytest.mark.reseau
def test_ce_qui_etait_saisi_est_propose_apres_la_connexion_puis_envoye(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    jeton = champs(navigateur.get("/support/ecrire"))["csrf_token"]
    with horloge.regler(FINIE):
        adresse = envoyer(navigateur, jeton)
        assert adresse == "/connexion?suite=/saisie-gardee"
        retour = se_connecter(navigateur, suite="/saisie-gardee")
        assert retour.location == "/saisie-gardee"
        page = navigateur.get("/saisie-gardee")
        assert titre(page) == GARDEE
        assert "Le contrat commence le 3 mars." in texte(arbre(page))
        formulaire = champs(page, "/support/ecrire")
        assert {nom: formulaire[nom] for nom in DEMANDE} == DEMANDE
        assert formulaire["csrf_token"] != jeton
        navigateur.post("/support/ecrire", formulaire)
        assert navigateur.get("/saisie-gardee").status_code == 303


@pytest.mark.reseau
def test_une_autre_personne_sur_le_meme_poste_n_en_voit_rien(
    app: Flask,
    navigateur: Navigateur,
    session: Session,
    connectee: Navigateur,
    alix: Personne,
    habilitation: Habilitation,
) -> None:
    jeton = nommer_le_jeton(app, session, connectee)
    with horloge.regler(FINIE):
        envoyer(connectee, jeton)
        se_connecter(connectee)
        assert connectee.get("/saisie-gardee").status_code == 303
    assert all("saisie" not in ligne.donnees for ligne in lignes(session))


def test_un_texte_glisse_par_un_autre_site_n_est_pas_garde(
    app: Flask, session: Session, connectee: Navigateur
) -> None:
    nommer_le_jeton(app, session, connectee)
    with horloge.regler(FINIE):
        for faux in ("", "invente", "IjEyMy0xIg.aaaa.bbbb"):
            adresse = envoyer(connectee, faux)
            assert "saisie" not in adresse
    assert lignes(session) == []


def test_un_formulaire_d_une_session_sans_personne_n_est_pas_garde(navigateur: Navigateur) -> None:
    jeton = champs(navigateur.get("/connexion"), "/connexion")["csrf_token"]
    assert "saisie" not in envoyer(navigateur, jeton)


def test_la_session_finie_ne_garde_ni_mot_de_passe_ni_jeton(
    app: Flask, session: Session, connectee: Navigateur, alix: Personne
) -> None:
    jeton = nommer_le_jeton(app, session, connectee)
    with horloge.regler(FINIE):
        envoyer(connectee, jeton, mot_de_passe="secret")
    (ligne,) = lignes(session)
    assert ligne.personne_id is None
    assert ligne.expire_le == FINIE + timedelta(hours=1)
    assert ligne.donnees["saisie"]["champs"] == [[nom, valeur] for nom, valeur in DEMANDE.items()]
    assert ligne.donnees["saisie"]["personne"] == alix.id


def test_une_connexion_dans_un_autre_onglet_ne_perd_pas_la_saisie(
    app: Flask, session: Session, connectee: Navigateur, navigateur: Navigateur, chez_elle: Habilitation
) -> None:
    ancien = nommer_le_jeton(app, session, connectee)
    nouvelle = navigateur.comme(chez_elle)
    nommer_le_jeton(app, session, nouvelle)
    assert envoyer(nouvelle, ancien) == "/saisie-gardee"
    assert titre(nouvelle.get("/saisie-gardee")) == GARDEE


def test_le_formulaire_d_un_autre_est_refuse_et_non_garde(
    app: Flask, session: Session, connectee: Navigateur, navigateur: Navigateur, organisation: Organisation
) -> None:
    ancien = nommer_le_jeton(app, session, connectee)
    sacha = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Sacha"), organisation))
    reponse = sacha.ouvrir("POST", "/support/ecrire", jeton=False, data=DEMANDE | {"csrf_token": ancien})
    assert reponse.status_code == 400
    assert sacha.get("/saisie-gardee").status_code == 303


def test_oublier_revient_a_la_page_et_n_en_laisse_rien(
    app: Flask, session: Session, connectee: Navigateur, navigateur: Navigateur, chez_elle: Habilitation
) -> None:
    ancien = nommer_le_jeton(app, session, connectee)
    nouvelle = navigateur.comme(chez_elle)
    envoyer(nouvelle, ancien)
    assert nouvelle.post("/saisie-gardee/oublier").status_code == 303
    assert all("saisie" not in ligne.donnees for ligne in lignes(session))


# --- Where a factor, or a lock, stops a form -------------------------------------------------------------------


@pytest.mark.parametrize("cause", ["facteur", "verrou"])
def test_un_formulaire_arrete_pour_un_facteur_se_retrouve_ensuite(
    app: Flask, session: Session, navigateur: Navigateur, cause: str
) -> None:
    maud = une_assistante(session)
    secret = une_application(session, maud.personne_id, app)
    assistante = navigateur.comme(maud)
    jeton = nommer_le_jeton(app, session, assistante)
    quand = MIDI + timedelta(minutes=16 if cause == "verrou" else 1)
    with horloge.regler(quand), reglage(app, second_facteur="oui" if cause == "facteur" else "non"):
        reponse = assistante.post("/support/dossiers", {"csrf_token": jeton, "objet": "Appel"})
        assert reponse.location == "/second-facteur?suite=/saisie-gardee"
        assert prouver(assistante, code(secret), suite="/saisie-gardee").location == "/saisie-gardee"
        assert champs(assistante.get("/saisie-gardee"), "/support/dossiers")["objet"] == "Appel"
