"""The same call sent twice is stored once, and answered twice the same (issue 4, part 1)."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import Transmission
from tests import factories as f
from tests.transmissions.aides_api import Logiciel, travailler, une_ligne

CLE = {"Idempotency-Key": "9f1c-lundi-1"}


def stockees(session: Session) -> list[Transmission]:
    requete = select(Transmission).order_by(Transmission.id)
    return list(session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalars())


def lignes_melangees(dunes: Organisme) -> list[Any]:
    """Right, wrong, about nobody we know, and not even an object."""
    return [
        une_ligne(dunes, 17, tel_apprenant="06 28 00 00 00", inconnu=1, adresse_apprenant=None),
        une_ligne(dunes, "A-2", nom_apprenant="", annee_formation=9),
        une_ligne(dunes, "A-3", etablissement_formateur_uai="0000000A"),
        "pas un objet",
    ]


def test_la_meme_cle_et_le_meme_corps_ont_la_meme_reponse_sans_rien_stocker(
    session: Session, dunes: Organisme, logiciel: Logiciel
) -> None:
    premiere = logiciel.envoyer(lignes_melangees(dunes), headers=CLE)
    seconde = logiciel.envoyer(lignes_melangees(dunes), headers=CLE)
    assert premiere.status_code == seconde.status_code == 200
    assert premiere.data == seconde.data
    assert "Idempotency-Replayed" not in premiere.headers
    assert seconde.headers["Idempotency-Replayed"] == "true"
    assert len(stockees(session)) == 1


def test_la_reponse_reste_la_meme_une_fois_les_lignes_traitees(
    session: Session, dunes: Organisme, logiciel: Logiciel
) -> None:
    premiere = logiciel.envoyer(lignes_melangees(dunes), headers=CLE)
    travailler(session)
    assert logiciel.envoyer(lignes_melangees(dunes), headers=CLE).data == premiere.data


@pytest.mark.parametrize("suite", ["", "?complet=1"])
def test_la_meme_cle_avec_autre_chose_est_refusee(
    session: Session, dunes: Organisme, logiciel: Logiciel, suite: str
) -> None:
    logiciel.envoyer([une_ligne(dunes, "A-1")], headers=CLE)
    reponse = logiciel.envoyer([une_ligne(dunes, "A-1" if suite else "A-2")], suite, headers=CLE)
    assert reponse.status_code == 422
    assert reponse.json is not None
    assert reponse.json.keys() == {"error", "message", "details", "issues"}
    assert "déjà servi" in reponse.json["message"]
    assert len(stockees(session)) == 1


def test_la_cle_d_un_autre_emetteur_est_une_autre_cle(
    app: Flask, session: Session, dunes: Organisme, logiciel: Logiciel
) -> None:
    autre = Logiciel(app, session, f.un_organisme(session, "Bois"))
    logiciel.envoyer([], headers=CLE)
    assert "Idempotency-Replayed" not in autre.envoyer([1], headers=CLE).headers
    assert len(stockees(session)) == 2


def test_ni_la_cle_ni_le_corps_ne_sont_gardes(session: Session, dunes: Organisme, logiciel: Logiciel) -> None:
    logiciel.envoyer([une_ligne(dunes)], headers=CLE)
    (transmission,) = stockees(session)
    assert transmission.idempotence is not None
    assert transmission.empreinte_corps is not None
    assert len(transmission.idempotence) == len(transmission.empreinte_corps) == 32


def test_un_essai_ne_retient_pas_la_cle(session: Session, logiciel: Logiciel) -> None:
    logiciel.envoyer([], "?essai=1", headers=CLE)
    assert "Idempotency-Replayed" not in logiciel.envoyer([], headers=CLE).headers


@pytest.mark.parametrize("cle", ["", " ", "a b", "x" * 256, "clé"])
def test_une_cle_hors_format_est_refusee(logiciel: Logiciel, cle: str) -> None:
    reponse = logiciel.envoyer([], headers={"Idempotency-Key": cle})
    assert reponse.status_code == 400
    assert reponse.json is not None
    assert reponse.json["details"] == {"parametre": "Idempotency-Key"}


def test_255_caracteres_passent(logiciel: Logiciel) -> None:
    assert logiciel.envoyer([], headers={"Idempotency-Key": "x" * 255}).status_code == 200
