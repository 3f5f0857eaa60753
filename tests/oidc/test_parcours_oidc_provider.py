"""The whole journey against panva's `oidc-provider`, the engine that ProConnect runs on, in a process of its own.

Nothing here is our reading of the protocol: the provider is somebody else's, shaped like ProConnect by
`fournisseur.mjs`. The browser is one jar of cookies for the provider and one for us.
"""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import Personne
from tdba.comptes.proconnect import ClientOidc, ConnexionRefusee, Exigence, Tentative
from tdba.config import Configuration
from tests.comptes.aides import journal, parametres, partir
from tests.oidc.aides import (
    AUTRE_RETOUR,
    AUTRE_SECRET,
    MOT_DE_PASSE,
    SECOND_MOYEN,
    Chez,
    entrer,
    niveaux,
    revenir,
)
from tests.pages import Navigateur, champs, titre

pytestmark = pytest.mark.reseau


def test_une_premiere_connexion_inscrit_une_personne_qui_attend(
    navigateur: Navigateur, session: Session, chez: Chez, moteur: str
) -> None:
    assert entrer(navigateur, chez).location == "/acces"
    personne = session.execute(select(Personne)).scalar_one()
    assert (personne.emetteur, personne.etat) == (moteur, "EN_ATTENTE")
    assert (personne.prenom, personne.nom, personne.courriel, personne.siret) == (
        "Camille",
        "Le Goff",
        "camille@exemple.invalid",
        "11111111100018",
    )


def test_on_se_connecte_et_la_session_garde_le_niveau_certifie(
    navigateur: Navigateur, session: Session, chez: Chez, camille: Personne
) -> None:
    assert entrer(navigateur, chez).location == "/"
    assert "Camille Le Goff" in navigateur.get("/mon-compte").text
    assert niveaux(session)[-1] == "eidas1"
    assert journal(session)[-1] == ("compte.connecte", {"niveau": "eidas1"})


def test_un_acte_sensible_fait_monter_le_niveau_sans_quitter_sa_page(
    navigateur: Navigateur, session: Session, chez: Chez, camille: Personne
) -> None:
    entrer(navigateur, chez)
    page = navigateur.get("/connexion/niveau?suite=/mon-compte")
    adresse = navigateur.post("/connexion/niveau", champs(page, "/connexion/niveau")).location
    retour = chez.suivre(adresse, {"compte": "camille", **SECOND_MOYEN})
    assert chez.ecrans == 2, "the session of the provider was not enough"
    assert revenir(navigateur, retour).location == "/mon-compte"
    assert niveaux(session)[-1] == "eidas2"
    assert journal(session)[-1] == ("compte.niveau_eleve", {"niveau": "eidas2"})


def test_un_niveau_que_l_on_ne_peut_obtenir_se_dit_et_laisse_connecte(
    navigateur: Navigateur, session: Session, chez: Chez, camille: Personne
) -> None:
    entrer(navigateur, chez)
    page = navigateur.get("/connexion/niveau")
    adresse = navigateur.post("/connexion/niveau", champs(page, "/connexion/niveau")).location
    reponse = revenir(navigateur, chez.suivre(adresse, {"compte": "camille", **MOT_DE_PASSE}))
    assert titre(reponse) == "Le second moyen d’identification n’a pas été obtenu."
    assert "requested ACRs" not in reponse.text
    assert navigateur.get("/mon-compte").status_code == 200


def test_renforcer_sous_un_autre_compte_ne_prend_pas_la_place(
    navigateur: Navigateur, session: Session, chez: Chez, camille: Personne
) -> None:
    entrer(navigateur, chez)
    page = navigateur.get("/connexion/niveau")
    adresse = navigateur.post("/connexion/niveau", champs(page, "/connexion/niveau")).location
    reponse = revenir(navigateur, chez.suivre(adresse, {"compte": "alix", **SECOND_MOYEN}))
    assert titre(reponse) == "Vous vous êtes identifié sous un autre compte."
    assert niveaux(session)[-1] == "eidas1"


def test_un_niveau_exige_a_la_connexion_est_obtenu_avant_d_entrer(
    app: Flask,
    navigateur: Navigateur,
    session: Session,
    chez: Chez,
    service: Configuration,
    camille: Personne,
) -> None:
    app.extensions["tdba"] = replace(service, oidc_acr_connexion="eidas2,eidas3")
    refusee = entrer(navigateur, chez)
    assert titre(refusee) == "Le second moyen d’identification n’a pas été obtenu."
    assert navigateur.get("/mon-compte").status_code == 302
    assert entrer(navigateur, chez, **SECOND_MOYEN).location == "/"


def test_qui_est_deja_identifie_entre_sans_ecran_depuis_une_autre_session(
    app: Flask, navigateur: Navigateur, session: Session, chez: Chez, camille: Personne
) -> None:
    entrer(navigateur, chez)
    second = Navigateur(app, session)
    assert entrer(second, chez).location == "/"
    assert chez.ecrans == 1


def test_un_autre_service_beneficie_de_la_meme_identification_sous_un_autre_identifiant(
    navigateur: Navigateur, session: Session, chez: Chez, service: Configuration, camille: Personne
) -> None:
    """`sub` is proper to a service: what one knows somebody by says nothing to the other."""
    entrer(navigateur, chez)
    autre = ClientOidc(replace(service, oidc_client_id="un-autre", oidc_client_secret=AUTRE_SECRET))
    tentative = Tentative.nouvelle()
    retour = chez.suivre(autre.adresse_autorisation(tentative, Exigence(), AUTRE_RETOUR))
    assert chez.ecrans == 1
    identite, _ = autre.identifier(parametres(retour)["code"], tentative, AUTRE_RETOUR)
    assert identite.courriel == camille.courriel
    assert identite.sub != camille.sub


def test_un_code_ne_s_echange_ni_deux_fois_ni_sans_son_verifieur(chez: Chez, service: Configuration) -> None:
    client = ClientOidc(service)
    retour = f"{service.base_url}/connexion/retour"
    tentative = Tentative.nouvelle()
    adresse = client.adresse_autorisation(tentative, Exigence(), retour)
    code = parametres(chez.suivre(adresse, {"compte": "camille", **MOT_DE_PASSE}))["code"]
    client.identifier(code, tentative, retour)
    with pytest.raises(ConnexionRefusee):
        client.identifier(code, tentative, retour)
    suivant = parametres(chez.suivre(client.adresse_autorisation(tentative, Exigence(), retour)))["code"]
    with pytest.raises(ConnexionRefusee):
        client.identifier(suivant, replace(tentative, verifieur="v" * 64), retour)


def test_un_parametre_que_proconnect_ne_connait_pas_est_refuse_et_nous_n_en_envoyons_aucun(
    navigateur: Navigateur, chez: Chez
) -> None:
    adresse = partir(navigateur)
    assert chez.pots.get(f"{adresse}&max_age=60", allow_redirects=False, timeout=10).text == "Y000400"
    assert chez.pots.get(adresse, allow_redirects=False, timeout=10).status_code == 303


def test_abandonner_chez_le_fournisseur_se_dit_en_francais(navigateur: Navigateur, chez: Chez) -> None:
    reponse = revenir(navigateur, chez.suivre(partir(navigateur), {"compte": "personne"}))
    assert (reponse.status_code, titre(reponse)) == (403, "L’identification n’a pas abouti.")


def test_se_deconnecter_finit_aussi_la_session_du_fournisseur(
    navigateur: Navigateur, session: Session, chez: Chez, camille: Personne
) -> None:
    entrer(navigateur, chez)
    sortie = navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    assert set(parametres(sortie.location)) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert navigateur.get("/mon-compte").status_code == 302, "ours is over before the provider answers"
    page = revenir(navigateur, chez.suivre(sortie.location))
    assert "ici et chez ProConnect" in page.text
    entrer(navigateur, chez)
    assert chez.ecrans == 2, "the provider asks again who this is"
