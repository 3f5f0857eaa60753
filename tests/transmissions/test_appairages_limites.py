"""Pairing in time, and against who guesses: requests expire, wait, are forgotten, and codes are counted."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import debits, horloge
from tdba.jobs import PLANIFICATION
from tdba.transmissions import service_appairages as appairages
from tests.comptes.aides_facteurs import reglage
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, texte
from tests.transmissions.aides_appairages import INCONNU, accorder, demander, message, prendre, saisir
from tests.transmissions.aides_cles import Cfa, cles, evenements, un_cfa


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def directrice(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.directrice)


# --- Time ------------------------------------------------------------------------------------------------------


def test_une_demande_expire_au_bout_de_quinze_minutes(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur)
    saisir(directrice, demande["code_utilisateur"])
    assert prendre(navigateur, demande, apres=899).status_code == 202
    assert message(prendre(navigateur, demande, apres=900)) == (410, appairages.Suite.EXPIRE.value)
    with horloge.regler(MIDI + timedelta(minutes=15)):
        reponse = directrice.post("/connexion-api/accorder", {"organisme": str(cfa.site.id)})
        assert reponse.headers["Location"] == "/connexion-api"
        assert INCONNU in texte(arbre(saisir(directrice, demande["code_utilisateur"])))


def test_une_cle_accordee_mais_pas_prise_a_temps_n_est_pas_creee(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur)
    accorder(directrice, demande, cfa.site.id)
    assert prendre(navigateur, demande, apres=901).status_code == 410
    assert cles(session) == []


def test_un_logiciel_presse_attend(cfa: Cfa, navigateur: Navigateur) -> None:
    demande = demander(navigateur)
    codes = [prendre(navigateur, demande, apres=s) for s in (0, 2, 5, 6, 10)]
    assert [r.status_code for r in codes] == [202, 429, 202, 429, 202]
    assert codes[1].headers["Retry-After"] == "5"


def test_les_demandes_finies_sont_oubliees_le_lendemain(session: Session, cfa: Cfa, app: Flask) -> None:
    assert app
    appairages.demander("Ymag", uai=None, siret=None, maintenant=MIDI)
    fin = MIDI + timedelta(minutes=15)
    assert appairages.purger(fin + timedelta(hours=23)) == 0
    assert appairages.purger(fin + timedelta(hours=24)) == 1
    assert PLANIFICATION["transmissions.oublier_appairages"] == 1440


# --- Guessing --------------------------------------------------------------------------------------------------


def test_les_codes_essayes_sont_comptes_par_personne(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    code = demander(navigateur)["code_utilisateur"]
    refus = [saisir(directrice, "BBBB-BBBB") for _ in range(10)]
    assert {r.status_code for r in refus} == {422}
    assert INCONNU in texte(arbre(refus[0]))
    trop = saisir(directrice, code)  # even the right one
    assert (trop.status_code, trop.headers["Retry-After"]) == (429, "900")
    assert len(evenements(session, "appairage.code_refuse")) == 10
    assert saisir(navigateur.comme(cfa.voisine), code).status_code == 303
    with horloge.regler(MIDI + timedelta(minutes=15)):
        assert saisir(directrice, "BBBB-BBBB").status_code == 422


@pytest.mark.parametrize(
    ("nom", "chemin", "corps"),
    [
        ("appairage", "/api/v3/appairages", {"erp": "Ymag"}),
        ("appairage_cle", "/api/v3/appairages/cle", {"code_appareil": "x"}),
    ],
)
def test_chaque_adresse_a_sa_limite(
    app: Flask,
    cfa: Cfa,
    navigateur: Navigateur,
    monkeypatch: pytest.MonkeyPatch,
    nom: str,
    chemin: str,
    corps: dict[str, str],
) -> None:
    petites = {n: replace(regle, maximum=2) for n, regle in debits.DEBITS.items()}
    monkeypatch.setattr(debits, "DEBITS", MappingProxyType(petites))
    with reglage(app, debits=True, secret_key=f"une-cle-a-soi-{nom}-0123456789-abcdef"):
        codes = [navigateur.ouvrir("POST", chemin, json=corps).status_code for _ in range(3)]
        assert codes[2] == 429
        assert 429 not in codes[:2]
        ailleurs = navigateur.ouvrir("POST", chemin, json=corps, environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert ailleurs.status_code != 429


def test_les_codes_essayes_sont_comptes_par_adresse(
    app: Flask, cfa: Cfa, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    petites = {n: replace(regle, maximum=2) for n, regle in debits.DEBITS.items()}
    monkeypatch.setattr(debits, "DEBITS", MappingProxyType(petites))
    with reglage(app, debits=True, redis_url="unix:///nulle-part/redis.sock"):
        assert [saisir(directrice, "BBBB-BBBB").status_code for _ in range(3)] == [422, 422, 429]
