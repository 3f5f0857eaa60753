"""Sessions kept by the server (decision 27)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes import service_sessions
from tdba.comptes.models import Habilitation, Personne
from tdba.config import Configuration
from tests import factories as f
from tests.comptes.aides import (
    COOKIE,
    FournisseurDeTest,
    cas,
    choisir,
    cookie,
    lignes,
    ouverte,
    partir,
    se_connecter,
    une_dreets,
)
from tests.conftest import MIDI
from tests.pages import Navigateur, champs


@contextmanager
def requetes(lien: Connection) -> Iterator[list[str]]:
    """The statements of the block, without those that only say who acts."""
    lues: list[str] = []

    def noter(_connexion: Any, _curseur: Any, requete: str, *_reste: Any) -> None:
        lues.append(requete)

    event.listen(lien, "before_cursor_execute", noter)
    try:
        yield lues
    finally:
        event.remove(lien, "before_cursor_execute", noter)
        lues[:] = [
            requete
            for requete in lues
            if "session_web" in requete or "personne" in requete.split("set_config")[0]
        ]


# --- What is stored, what is read ------------------------------------------------------------------------------


def test_sans_cookie_aucune_requete_n_est_faite(
    app: Flask, navigateur: Navigateur, connexion: Connection
) -> None:
    with requetes(connexion) as lues:
        assert navigateur.get("/healthz").status_code == 200
        assert navigateur.get("/mon-compte").status_code == 302
    assert lues == []


def test_un_fichier_statique_ne_lit_pas_la_session(connectee: Navigateur, connexion: Connection) -> None:
    with requetes(connexion) as lues:
        connectee.get("/static/favicon.svg")
    assert lues == []


def test_la_session_la_personne_et_son_organisation_sont_lues_ensemble(
    connectee: Navigateur, connexion: Connection
) -> None:
    with requetes(connexion) as lues:
        assert connectee.get("/acces").status_code == 303
    assert len(lues) == 1


def test_la_base_ne_garde_que_l_empreinte_de_l_identifiant(navigateur: Navigateur, session: Session) -> None:
    navigateur.get("/connexion")
    (ligne,) = lignes(session)
    assert ligne.empreinte == hashlib.sha256(cookie(navigateur).encode()).digest()


def test_le_cookie_est_hors_de_portee_des_scripts_et_des_autres_sites(navigateur: Navigateur) -> None:
    entete = navigateur.get("/connexion").headers["Set-Cookie"]
    assert entete.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(entete.split("; "))


def test_en_https_le_cookie_est_lie_a_l_hote(app: Flask, configuration: Configuration) -> None:
    from dataclasses import replace

    assert replace(configuration, base_url="https://tdba.exemple.invalid").cookie_session == "__Host-tdba"


@pytest.mark.parametrize("valeur", ["", "court", "x" * 43, "x" * 4000, "é" * 43])
def test_un_cookie_invente_n_ouvre_rien_et_est_repris(navigateur: Navigateur, valeur: str) -> None:
    navigateur.client.set_cookie(COOKIE, valeur, domain="localhost")
    reponse = navigateur.get("/mon-compte")
    assert reponse.status_code == 302
    assert valeur != "x" * 43 or f"{COOKIE}=;" in reponse.headers["Set-Cookie"]


def test_une_page_lue_n_ecrit_pas_la_session(connectee: Navigateur, connexion: Connection) -> None:
    with requetes(connexion) as lues:
        assert ouverte(connectee)
    assert [requete for requete in lues if not requete.startswith("SELECT")] == []


# --- How long it lasts -----------------------------------------------------------------------------------------


def test_la_derniere_activite_est_notee_une_fois_par_minute_au_plus(
    connectee: Navigateur, session: Session
) -> None:
    for ecart, vue in ((59, 0), (60, 60), (100, 60), (120, 120)):
        with horloge.regler(MIDI + timedelta(seconds=ecart)):
            assert ouverte(connectee)
        (ligne,) = lignes(session)
        assert ligne.vue_le == MIDI + timedelta(seconds=vue)


def test_la_session_d_un_cfa_finit_apres_deux_heures_sans_activite(connectee: Navigateur) -> None:
    with horloge.regler(MIDI + timedelta(hours=2)):
        assert ouverte(connectee)
    with horloge.regler(MIDI + timedelta(hours=4, seconds=1)):
        assert not ouverte(connectee)


def test_celle_des_autres_finit_apres_une_heure(
    navigateur: Navigateur, session: Session, alix: Personne, chez_elle: Habilitation
) -> None:
    agent = navigateur.comme(f.une_habilitation(session, alix, une_dreets(session)))
    with horloge.regler(MIDI + timedelta(hours=1)):
        assert ouverte(agent)
    with horloge.regler(MIDI + timedelta(hours=2, seconds=1)):
        assert not ouverte(agent)


def test_aucune_session_ne_dure_plus_de_douze_heures(connectee: Navigateur, session: Session) -> None:
    for heure in range(1, 12):
        with horloge.regler(MIDI + timedelta(hours=heure)):
            assert ouverte(connectee)
    with horloge.regler(MIDI + timedelta(hours=12)):
        assert not ouverte(connectee)
    assert lignes(session) == []


def test_la_purge_n_oublie_que_les_sessions_finies(
    connectee: Navigateur, session: Session, chez_elle: Habilitation
) -> None:
    assert service_sessions.purger(MIDI + timedelta(hours=11)) == 0
    assert service_sessions.purger(MIDI + timedelta(hours=12)) == 1


# --- Login and logout ------------------------------------------------------------------------------------------


@pytest.mark.reseau
@cas(53, 54)
def test_l_identifiant_change_a_la_connexion_et_l_ancien_est_mort(
    app: Flask, navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    adresse = partir(navigateur)
    avant = cookie(navigateur)
    navigateur.get(choisir(adresse))
    assert cookie(navigateur) != avant
    assert [ligne.personne_id for ligne in lignes(session)] == [habilitation.personne_id]


@pytest.mark.reseau
@cas(58)
def test_un_cookie_copie_est_mort_apres_la_deconnexion(
    app: Flask, navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    se_connecter(navigateur)
    copie = Navigateur(app, session)
    copie.client.set_cookie(COOKIE, cookie(navigateur), domain="localhost")
    assert ouverte(copie)
    navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    assert not ouverte(copie)


def test_se_deconnecter_demande_le_jeton_du_formulaire(connectee: Navigateur) -> None:
    assert connectee.ouvrir("POST", "/deconnexion", jeton=False).status_code == 400
    assert ouverte(connectee)


def test_se_deconnecter_aboutit_meme_quand_la_session_est_finie(connectee: Navigateur) -> None:
    with horloge.regler(MIDI + timedelta(hours=12)):
        reponse = connectee.ouvrir("POST", "/deconnexion", jeton=False)
        assert (reponse.status_code, reponse.location) == (303, "/deconnexion/retour")


def test_une_page_de_connexion_oubliee_s_ouvre_a_nouveau(navigateur: Navigateur) -> None:
    formulaire = champs(navigateur.get("/connexion?suite=/mon-compte"), "/connexion")
    with horloge.regler(MIDI + timedelta(hours=9)):
        assert navigateur.post("/connexion", formulaire).location == "/connexion?suite=/mon-compte"


@pytest.mark.reseau
def test_une_session_sans_suite_ne_vaut_pas_connexion(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    partir(navigateur)
    assert not ouverte(navigateur)
    (ligne,) = lignes(session)
    assert ligne.expire_le == MIDI + timedelta(hours=1)


# --- Two at once -----------------------------------------------------------------------------------------------


def test_deux_requetes_d_un_meme_navigateur_ne_s_effacent_pas(
    session: Session, connectee: Navigateur
) -> None:
    (ligne,) = lignes(session)
    for changees, retirees in (({"a": 1}, []), ({"b": 2}, []), ({}, ["a"])):
        service_sessions.modifier(
            ligne.id,
            changees=changees,
            retirees=retirees,
            habilitation_id=ligne.habilitation_id,
            maintenant=MIDI,
        )
    session.refresh(ligne)
    assert ligne.donnees == {"csrf_token": ligne.donnees["csrf_token"], "b": 2}


def test_apres_une_requete_plus_personne_n_est_la(connectee: Navigateur, app: Flask) -> None:
    avant = scope.courant()
    connectee.client.get("/mon-compte")
    assert scope.courant() is avant
