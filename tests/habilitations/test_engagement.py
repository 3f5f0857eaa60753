"""The confidentiality commitment comes before anything else, once for each version (identity-security.md §1.10)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tdba.config import Configuration, ConfigurationInvalide, lire_environnement
from tdba.db import db
from tdba.habilitations import engagement
from tdba.habilitations.models import Engagement
from tests.comptes.aides import lignes
from tests.conftest import MIDI
from tests.habilitations.aides_equipe import (
    Equipe,
    connectee_sans_habilitation,
    evenements,
    une_equipe,
    une_invitee,
)
from tests.noyau.test_config import BON
from tests.pages import Navigateur, champs, titre


@pytest.fixture(autouse=True)
def exige(app: Flask, configuration: Configuration) -> Iterator[None]:
    app.extensions["tdba"] = replace(configuration, engagement=True)
    yield
    app.extensions["tdba"] = configuration


@pytest.fixture
def equipe(session: Session) -> Equipe:
    return une_equipe(session)


@pytest.fixture
def membre(navigateur: Navigateur, equipe: Equipe) -> Navigateur:
    return navigateur.comme(equipe.membre)


def accepter(qui: Navigateur, adresse: str = "/engagement") -> str:
    return str(qui.post("/engagement", champs(qui.get(adresse), "/engagement")).location)


def test_l_engagement_vient_avant_toute_page(membre: Navigateur) -> None:
    reponse = membre.get("/equipe")
    assert (reponse.status_code, reponse.location) == (303, "/engagement?suite=/equipe")
    assert membre.post("/equipe/inviter", {}).location == "/engagement"
    assert titre(membre.get(reponse.location)) == "Votre engagement de confidentialité"


def test_un_fragment_demande_mene_a_la_page_entiere(membre: Navigateur) -> None:
    assert membre.get("/equipe", htmx=True).headers["HX-Redirect"] == "/engagement"


def test_une_fois_accepte_on_revient_ou_l_on_allait(
    membre: Navigateur, session: Session, equipe: Equipe
) -> None:
    assert accepter(membre, "/engagement?suite=/equipe") == "/equipe"
    assert membre.get("/equipe").status_code == 200
    ligne = session.execute(select(Engagement)).scalar_one()
    assert (ligne.personne_id, ligne.version, ligne.accepte_le) == (
        equipe.membre.personne_id,
        engagement.VERSION,
        MIDI,
    )
    assert evenements(session, "engagement.") == [("engagement.accepte", {"version": engagement.VERSION})]


def test_on_ne_revient_pas_hors_d_ici(membre: Navigateur) -> None:
    assert accepter(membre, "/engagement?suite=https://ailleurs.invalid/") == "/"


def test_une_session_verifiee_ne_demande_plus_rien_a_la_base(membre: Navigateur, session: Session) -> None:
    accepter(membre)
    del_session = lignes(session)[-1].donnees[engagement.CLE]
    assert del_session == engagement.VERSION
    lues: list[str] = []

    def noter(_c: object, _k: object, sql: str, *_autres: object) -> None:
        lues.append(sql)

    lien = db.engines[None]
    event.listen(lien, "before_cursor_execute", noter)
    try:
        membre.get("/mon-compte")
    finally:
        event.remove(lien, "before_cursor_execute", noter)
    assert lues
    assert [sql for sql in lues if "FROM engagement" in sql] == []


def test_une_autre_session_ne_repose_pas_la_question(
    membre: Navigateur, navigateur: Navigateur, session: Session, equipe: Equipe
) -> None:
    accepter(membre)
    assert navigateur.comme(equipe.membre).get("/equipe").status_code == 200
    assert lignes(session)[-1].donnees[engagement.CLE] == engagement.VERSION


def test_une_nouvelle_version_est_demandee_a_tous(
    membre: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepter(membre)
    monkeypatch.setattr(engagement, "VERSION", "2099-01")
    assert membre.get("/equipe").location.startswith("/engagement")


def test_on_n_accepte_que_la_version_lue(membre: Navigateur, session: Session) -> None:
    reponse = membre.post("/engagement", {"version": "2020-01"})
    assert reponse.location == "/engagement"
    assert session.execute(select(Engagement)).all() == []


def test_qui_attend_un_acces_n_est_pas_encore_interroge(navigateur: Navigateur, session: Session) -> None:
    noa = connectee_sans_habilitation(navigateur, une_invitee(session, "noa@exemple.invalid"))
    assert noa.get("/equipe").location == "/acces"


def test_se_deconnecter_reste_possible(membre: Navigateur) -> None:
    assert membre.post("/deconnexion").location.startswith("/deconnexion/retour")


def test_une_inconnue_passe_d_abord_par_la_connexion(navigateur: Navigateur) -> None:
    assert "/connexion" in navigateur.get("/engagement").location


def test_sans_exigence_rien_n_est_demande(
    app: Flask, configuration: Configuration, membre: Navigateur
) -> None:
    app.extensions["tdba"] = configuration
    assert membre.get("/equipe").status_code == 200


@pytest.mark.parametrize(("ecrit", "attendu"), [("oui", True), ("Non", False), ("", True)])
def test_le_reglage_se_lit_oui_ou_non(ecrit: str, attendu: bool) -> None:
    assert lire_environnement({**BON, "TDBA_ENGAGEMENT": ecrit}).engagement is attendu


def test_un_reglage_illisible_refuse_de_demarrer() -> None:
    with pytest.raises(ConfigurationInvalide, match="TDBA_ENGAGEMENT must be oui or non"):
        lire_environnement({**BON, "TDBA_ENGAGEMENT": "1"})
