"""The return from the identity provider, hostile or late: nobody comes in (identity-security.md §1.13, "Callback")."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tests.comptes.aides import (
    EXPIREE,
    FournisseurDeTest,
    cas,
    changer,
    choisir,
    journal,
    parametres,
    partir,
    refusee,
    se_connecter,
)
from tests.conftest import MIDI
from tests.pages import Navigateur

pytestmark = pytest.mark.reseau


@pytest.mark.parametrize(
    "adresse",
    [
        pytest.param("/connexion/retour?state=x&code=y", marks=cas(6), id="6-autre-state"),
        pytest.param("/connexion/retour?code=y", marks=cas(7), id="7-code-sans-state"),
        pytest.param("/connexion/retour", marks=cas(7), id="7-rien"),
    ],
)
def test_un_retour_que_personne_n_a_demande_est_refuse(
    navigateur: Navigateur, session: Session, adresse: str
) -> None:
    refusee(session, navigateur.get(adresse), **EXPIREE)
    assert journal(session) == []


@cas(6)
def test_une_tentative_en_cours_ne_vaut_pas_pour_un_autre_state(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    state = parametres(retour)["state"]
    faux = retour.replace(state, state[:-1] + ("A" if state[-1] != "A" else "B"))
    refusee(session, navigateur.get(faux), **EXPIREE)
    assert navigateur.get(retour).location == "/"


@cas(8)
def test_le_retour_ouvert_dans_un_autre_navigateur_est_refuse(
    app: Flask, navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    victime = Navigateur(app, session)
    partir(victime)
    refusee(session, victime.get(retour), **EXPIREE)


@cas(9)
def test_le_meme_retour_ne_sert_pas_deux_fois(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_id_token = changer(nonce="autre")
    retour = choisir(partir(navigateur))
    refusee(session, navigateur.get(retour))
    refusee(session, navigateur.get(retour), **EXPIREE)


@cas(9)
def test_un_retour_rejoue_apres_une_connexion_ramene_chez_soi_sans_rien_refaire(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    navigateur.get(retour)
    assert navigateur.get(retour).location == "/"
    assert [evenement for evenement, _ in journal(session)] == ["compte.connecte"]


@cas(14)
def test_une_tentative_vieille_de_plus_de_dix_minutes_est_refusee(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    with horloge.regler(MIDI + timedelta(minutes=10, seconds=1)):
        refusee(session, navigateur.get(retour), **EXPIREE)


@cas(13)
@pytest.mark.parametrize("faux", ["iss=https", "iss=", "autre="])
def test_un_emetteur_faux_vide_ou_tu_dans_le_retour_est_refuse(
    navigateur: Navigateur, session: Session, habilitation: Habilitation, faux: str
) -> None:
    """RFC 9207: a provider that says it names itself always does."""
    retour = choisir(partir(navigateur))
    debut, _, emetteur = retour.partition("iss=http")
    refusee(session, navigateur.get(f"{debut}{faux}{emetteur}"))
    assert journal(session) == [("compte.refuse", {"raison": "emetteur"})]


def test_un_fournisseur_qui_ne_se_nomme_pas_au_retour_n_y_est_pas_oblige(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_decouverte = changer(authorization_response_iss_parameter_supported=None)
    retour = choisir(partir(navigateur))
    sans = "&".join(morceau for morceau in retour.split("&") if not morceau.startswith("iss="))
    assert navigateur.get(sans).location == "/"


@cas(10)
@pytest.mark.parametrize("code", ["", "&code="])
def test_un_retour_sans_code_est_refuse(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, code: str
) -> None:
    state = parametres(partir(navigateur))["state"]
    emetteur = fournisseur.reglages.emetteur
    refusee(session, navigateur.get(f"/connexion/retour?state={state}&iss={emetteur}{code}"))
    assert journal(session) == [("compte.refuse", {"raison": "code_absent"})]


def test_se_connecter_de_nouveau_apres_un_refus_aboutit(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_id_token = changer(nonce="autre")
    refusee(session, se_connecter(navigateur))
    fournisseur.alterer_id_token = changer()
    assert se_connecter(navigateur).location == "/"
