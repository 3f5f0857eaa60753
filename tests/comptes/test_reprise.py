"""A locked session is resumed by a fresh proof, never by the session still open at the provider (decision 27)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import jetons
from tdba.comptes.models import Habilitation, Personne
from tdba.comptes.proconnect import Exigence
from tests import factories as f
from tests.comptes.aides import (
    CAMILLE,
    FournisseurDeTest,
    changer,
    choisir,
    journal,
    lignes,
    parametres,
    partir,
    se_connecter,
)
from tests.conftest import MIDI
from tests.pages import Navigateur, champs, titre

TARD = MIDI + timedelta(minutes=15, seconds=1)
REFUS = "ProConnect ne vous a pas demandé de vous identifier."


@pytest.fixture
def verrouillee(session: Session, navigateur: Navigateur, camille: Personne) -> Navigateur:
    """Camille, of support, whose session will be locked past `TARD`."""
    support = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    f.une_habilitation(session, camille, support, validee_par=f.une_personne(session, "Dominique"))
    se_connecter(navigateur)
    return navigateur


def reprendre(navigateur: Navigateur) -> str:
    """The address at the provider where the button of the lock leads."""
    page = navigateur.get(str(navigateur.get("/support/travaux").location))
    return str(navigateur.post("/connexion", champs(page, "/connexion")).location)


@pytest.mark.parametrize(
    ("instant", "attendu"), [(None, False), (969, False), (970, True), (1000, True), (1200, True)]
)
def test_une_preuve_est_fraiche_si_elle_suit_le_depart(instant: int | None, attendu: bool) -> None:
    assert jetons.fraiche(instant, 1000) is attendu


@pytest.mark.parametrize("valeur", [None, "1000", True, [1000], 1000.5])
def test_un_instant_mal_ecrit_n_est_pas_un_instant(valeur: Any) -> None:
    assert jetons.identifiee_le({"auth_time": valeur}) is None


def test_seule_la_reprise_demande_l_instant_de_la_preuve() -> None:
    assert "auth_time" not in json.loads(Exigence().claims())["id_token"]
    assert json.loads(Exigence(fraiche=True).claims())["id_token"]["auth_time"] is None


@pytest.mark.reseau
def test_la_reprise_demande_de_s_identifier_et_la_connexion_non(
    fournisseur: FournisseurDeTest, verrouillee: Navigateur
) -> None:
    with horloge.regler(TARD):
        assert parametres(reprendre(verrouillee))["prompt"] == "login"
    verrouillee.client.delete_cookie("tdba-5000", domain="localhost")
    assert "prompt" not in parametres(partir(verrouillee))


@pytest.mark.reseau
def test_une_identification_fraiche_reprend(fournisseur: FournisseurDeTest, verrouillee: Navigateur) -> None:
    with horloge.regler(TARD):
        assert verrouillee.get(choisir(reprendre(verrouillee))).location == "/support/travaux"
        assert verrouillee.get("/support/travaux").status_code == 200


@pytest.mark.reseau
@pytest.mark.parametrize("auth_time", [int(MIDI.timestamp()), None])
def test_la_session_deja_ouverte_chez_proconnect_ne_deverrouille_rien(
    session: Session, fournisseur: FournisseurDeTest, verrouillee: Navigateur, auth_time: int | None
) -> None:
    """Also when `prompt=login` was taken out of the address, which passes through the browser."""
    fournisseur.alterer_id_token = changer(auth_time=auth_time)
    with horloge.regler(TARD):
        adresse = reprendre(verrouillee).replace("prompt=login", "prompt=")
        reponse = verrouillee.get(choisir(adresse))
        assert (reponse.status_code, titre(reponse)) == (403, REFUS)
        assert str(verrouillee.get("/support/travaux").location).startswith("/second-facteur")
    assert journal(session)[-1] == ("compte.refuse", {"raison": "identification_ancienne"})
    assert [evenement for evenement, _ in journal(session)].count("compte.connecte") == 1


@pytest.mark.reseau
def test_une_connexion_ordinaire_n_exige_pas_l_instant(
    session: Session,
    fournisseur: FournisseurDeTest,
    navigateur: Navigateur,
    camille: Personne,
    habilitation: Habilitation,
) -> None:
    fournisseur.alterer_id_token = changer(auth_time=None)
    assert se_connecter(navigateur).location == "/"
    assert [ligne.personne_id for ligne in lignes(session)] == [camille.id]


# --- Which provider vouched ------------------------------------------------------------------------------------


@pytest.mark.reseau
def test_le_fournisseur_qui_a_identifie_est_garde_et_son_changement_consigne_sans_valeur(
    app: Flask,
    session: Session,
    fournisseur: FournisseurDeTest,
    navigateur: Navigateur,
    camille: Personne,
    habilitation: Habilitation,
) -> None:
    camille.idp_id = None  # known before this was kept
    se_connecter(navigateur)
    session.refresh(camille)
    assert camille.idp_id == CAMILLE.claims()["idp_id"]
    for dit, garde in (("autre-idp", "autre-idp"), (None, "autre-idp"), ("<script>", "autre-idp")):
        fournisseur.alterer_infos = changer(idp_id=dit)
        navigateur.client.delete_cookie("tdba-5000", domain="localhost")
        se_connecter(navigateur)
        session.refresh(camille)
        assert camille.idp_id == garde
    changes = [details["champs"] for evenement, details in journal(session) if evenement == "compte.modifie"]
    assert changes[-1] == ["idp_id"]
    assert len([c for c in changes if "idp_id" in c]) == 2, "first seen, then changed once"
    assert "autre-idp" not in str(journal(session))
