"""Levels of authentication: asked, required to log in, required for sensitive acts (identity-security.md §1.5)."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes import jetons
from tdba.comptes.models import Habilitation, Personne, SessionWeb
from tdba.comptes.proconnect import Exigence
from tdba.config import Configuration, ConfigurationInvalide, lire_environnement
from tests.comptes.aides import (
    FournisseurDeTest,
    cas,
    changer,
    choisir,
    cookie,
    journal,
    parametres,
    partir,
    refusee,
    regler,
    se_connecter,
)
from tests.pages import Navigateur, champs, titre

pytestmark = pytest.mark.reseau

BON = {
    "TDBA_ENV": "production",
    "TDBA_SECRET_KEY": "kX9vPq2LmZ7wRt4YbN8cHs6JdF3gTuAe",
    "TDBA_DATABASE_URL": "postgresql+psycopg://tdba_web@base/tdba",
    "TDBA_REDIS_URL": "redis://cache",
    "TDBA_BASE_URL": "https://tdba.exemple.fr",
    "TDBA_OIDC_ISSUER": "https://identite.exemple.fr/api/v2",
    "TDBA_OIDC_CLIENT_ID": "tdba",
    "TDBA_OIDC_CLIENT_SECRET": "pQ7zWn3XcV5bMk9LjH2gFd8SaT4rYe6U",
}
INSUFFISANT = "Votre moyen d’identification n’est pas assez sûr."
NON_OBTENU = "Le second moyen d’identification n’a pas été obtenu."


def demandes(adresse: str) -> Any:
    return json.loads(parametres(adresse)["claims"])


def niveaux(session: Session) -> list[str | None]:
    ouvertes = select(SessionWeb.niveau).where(SessionWeb.personne_id.is_not(None))
    return list(session.execute(ouvertes).scalars())


def renforcer(navigateur: Navigateur, suite: str = "/mon-compte?a=1") -> str:
    """Press the button of the page that explains; returns the address at the provider."""
    page = navigateur.get("/connexion/niveau", query_string={"suite": suite})
    assert page.status_code == 200
    reponse = navigateur.post("/connexion/niveau", champs(page, "/connexion/niveau"))
    assert reponse.status_code == 303
    return str(reponse.location)


# --- What is asked ---------------------------------------------------------------------------------------------


@cas(4)
@pytest.mark.parametrize(
    ("demande", "accepte", "acr"),
    [
        ("", "", None),
        ("n2, n3", "", {"essential": False, "values": ["n2", "n3"]}),
        ("", "n2,n3", {"essential": True, "values": ["n2", "n3"]}),
        ("n2,n3", "n3", {"essential": True, "values": ["n2", "n3"]}),
        ("n3", "n1,n2,n3", {"essential": False, "values": ["n3"]}),
    ],
)
def test_les_niveaux_demandes_viennent_de_la_configuration(
    app: Flask, navigateur: Navigateur, fournisseur: FournisseurDeTest, demande: str, accepte: str, acr: Any
) -> None:
    """Imperative only when the provider's refusal cannot keep out somebody whom we accept."""
    regler(app, oidc_acr_demandes=demande, oidc_acr_connexion=accepte)
    assert demandes(partir(navigateur)) == {"id_token": {"acr": acr, "amr": None}}


def test_aucun_nom_de_niveau_n_est_ecrit_dans_le_client(configuration: Configuration) -> None:
    assert Exigence.de_connexion(configuration) == Exigence()
    assert not Exigence.sensible(configuration).niveaux


@pytest.mark.parametrize(
    ("variable", "valeur"),
    [
        ("TDBA_OIDC_ACR_DEMANDES", "eidas1,é"),
        ("TDBA_OIDC_ACR_CONNEXION", '"eidas1"'),
        ("TDBA_OIDC_ACR_SENSIBLE", "eidas2 eidas3"),
        ("TDBA_OIDC_ACR_CONNEXION", "eidas0"),
    ],
)
def test_des_niveaux_mal_ecrits_ou_incompatibles_refusent_de_demarrer(variable: str, valeur: str) -> None:
    """Asking for some levels and accepting others only would lock everybody out."""
    reglages = BON | {"TDBA_OIDC_ACR_DEMANDES": "eidas2,eidas3"}
    lire_environnement(reglages)
    with pytest.raises(ConfigurationInvalide, match=variable):
        lire_environnement(reglages | {variable: valeur})


def test_la_page_de_connexion_annonce_qu_un_mot_de_passe_ne_suffit_pas(
    app: Flask, navigateur: Navigateur, fournisseur: FournisseurDeTest
) -> None:
    phrase = "Un mot de passe ne suffit pas"
    assert phrase not in navigateur.get("/connexion").text
    regler(app, oidc_acr_connexion="eidas2")
    assert phrase in navigateur.get("/connexion").text


# --- What is accepted to log in --------------------------------------------------------------------------------


@cas(37)
@pytest.mark.parametrize("recu", ["eidas1", None, "", 3, ["eidas2"], "eidas2 "])
def test_un_niveau_trop_bas_ou_tu_n_ouvre_rien(
    app: Flask,
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    recu: Any,
) -> None:
    regler(app, oidc_acr_connexion="eidas2,eidas3")
    fournisseur.alterer_id_token = changer(acr=recu)
    reponse = se_connecter(navigateur)
    refusee(session, reponse, phrase=INSUFFISANT)
    assert journal(session) == [("compte.refuse", {"raison": "niveau_insuffisant"})]


@cas(37)
@pytest.mark.parametrize(
    ("recu", "garde"), [("eidas2", "eidas2"), (None, None), ("x" * 200, None), ("a b", None)]
)
def test_sans_niveau_requis_chacun_entre_et_la_session_garde_le_sien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    recu: Any,
    garde: str | None,
) -> None:
    fournisseur.alterer_id_token = changer(acr=recu)
    assert se_connecter(navigateur).location == "/"
    assert niveaux(session) == [garde]
    assert journal(session) == [("compte.connecte", {"niveau": garde or "absent"})]


@cas(37)
def test_les_moyens_d_authentification_peuvent_manquer(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_id_token = changer(amr=None)
    assert se_connecter(navigateur).location == "/"


def test_apres_un_niveau_trop_bas_on_peut_quitter_le_fournisseur(
    app: Flask, navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    """Otherwise the next try would come back with the same identification, without a screen."""
    regler(app, oidc_acr_connexion="eidas2")
    fournisseur.alterer_id_token = changer(acr="eidas1")
    page = se_connecter(navigateur)
    sortie = navigateur.post("/deconnexion", champs(page, "/deconnexion"))
    assert "id_token_hint" in parametres(str(sortie.location))


@pytest.mark.parametrize(
    ("niveau", "acceptes", "connexion", "sensible"),
    [
        ("n1", (), True, False),
        (None, (), True, False),
        ("n1", ("n1",), True, True),
        ("n0", ("n1",), False, False),
        (None, ("n1",), False, False),
    ],
)
def test_un_niveau_absent_est_le_plus_bas(
    niveau: str | None, acceptes: tuple[str, ...], connexion: bool, sensible: bool
) -> None:
    assert jetons.suffit(niveau, acceptes) is connexion
    assert jetons.suffit_aux_actes_sensibles(niveau, acceptes) is sensible


def test_un_niveau_que_la_personne_n_a_pas_est_refuse_par_le_fournisseur_lui_meme(
    app: Flask, navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    regler(app, oidc_acr_connexion="eidas3")
    refusee(session, se_connecter(navigateur), phrase=NON_OBTENU)
    assert journal(session) == [("compte.refuse", {"raison": "niveau_non_obtenu"})]


# --- A stronger login, for somebody already here ---------------------------------------------------------------


@pytest.fixture
def entree(
    app: Flask, navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> Navigateur:
    """Logged in at a low level, in a service where sensitive acts accept `eidas2` and `eidas3`."""
    regler(app, oidc_acr_sensible="eidas2,eidas3")
    fournisseur.alterer_id_token = changer(acr="eidas1")
    assert se_connecter(navigateur).location == "/"
    fournisseur.alterer_id_token = changer()
    return navigateur


def test_une_identification_plus_forte_est_exigee_du_fournisseur(entree: Navigateur) -> None:
    acr = demandes(renforcer(entree))["id_token"]["acr"]
    assert acr == {"essential": True, "values": ["eidas2", "eidas3"]}


def test_on_revient_ou_l_on_etait_sous_un_nouvel_identifiant_et_au_nouveau_niveau(
    entree: Navigateur, session: Session
) -> None:
    avant = cookie(entree)
    reponse = entree.get(choisir(renforcer(entree)))
    assert reponse.location == "/mon-compte?a=1"
    assert cookie(entree) != avant
    assert niveaux(session) == ["eidas2"]
    assert journal(session)[-1] == ("compte.niveau_eleve", {"niveau": "eidas2"})
    assert "id_token_hint" in parametres(
        str(entree.post("/deconnexion", champs(entree.get("/mon-compte"), "/deconnexion")).location)
    )


def test_un_niveau_qui_reste_bas_ne_change_rien(
    entree: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    fournisseur.alterer_id_token = changer(acr="eidas1")
    page = entree.get(choisir(renforcer(entree)))
    assert (page.status_code, titre(page)) == (403, INSUFFISANT)
    assert niveaux(session) == ["eidas1"]
    assert entree.get("/mon-compte").status_code == 200


def test_quelqu_un_d_autre_n_herite_pas_de_la_session(
    entree: Navigateur, session: Session, camille: Personne
) -> None:
    adresse = choisir(renforcer(entree))
    camille.sub = "une-autre"
    page = entree.get(adresse)
    assert (page.status_code, titre(page)) == (403, "Vous vous êtes identifié sous un autre compte.")
    assert niveaux(session) == ["eidas1"]
    assert journal(session)[-1] == ("compte.refuse", {"raison": "autre_personne"})


def test_un_refus_pendant_le_renforcement_laisse_connecte_et_ramene_a_la_meme_page(
    entree: Navigateur, session: Session
) -> None:
    page = entree.get(choisir(renforcer(entree), sub=None))
    assert (page.status_code, titre(page)) == (403, NON_OBTENU)
    assert "/connexion/niveau?suite=/mon-compte?a%3D1" in page.text
    assert niveaux(session) == ["eidas1"]


def test_on_ne_renforce_pas_sans_etre_connecte(
    navigateur: Navigateur, fournisseur: FournisseurDeTest
) -> None:
    assert navigateur.get("/connexion/niveau").status_code == 302
    assert navigateur.ouvrir("POST", "/connexion/niveau").status_code in (302, 303, 400)


def test_sans_reglage_la_page_dit_que_le_niveau_ne_compte_pas(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    page = navigateur.get("/connexion/niveau?suite=https://ailleurs.invalid/")
    assert "ne tient pas compte" in page.text
    assert "ailleurs.invalid" not in page.text
    jeton = champs(navigateur.get("/mon-compte"), "/deconnexion")
    assert navigateur.post("/connexion/niveau", jeton).location.startswith("/connexion/niveau")
