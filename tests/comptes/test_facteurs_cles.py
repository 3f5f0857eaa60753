"""Passkeys (decision 27): a real signature over our challenge, and every answer that must be refused."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import cles_acces
from tdba.comptes.models import Facteur
from tests.comptes.aides import lignes
from tests.comptes.aides_facteurs import Appareil, codes_affiches, reglage
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, texte

AJOUT = "/mon-compte/facteurs/cle"
PREUVE = "/second-facteur/cle"


@pytest.fixture(autouse=True)
def domaine(app: Flask) -> Iterator[None]:
    """Passkeys need a name: the address of the tests is a number."""
    with reglage(app, base_url="http://localhost:5000"):
        yield


def options(navigateur: Navigateur, adresse: str) -> dict[str, Any]:
    reponse = navigateur.post(f"{adresse}/defi")
    assert reponse.status_code == 200
    return dict(json.loads(reponse.get_data(as_text=True)))


def ajouter(navigateur: Navigateur, appareil: Appareil) -> Any:
    reponse = appareil.creer(options(navigateur, AJOUT))
    return navigateur.post(AJOUT, {"nom": "Clé du bureau", "reponse_cle": reponse})


def prouver(navigateur: Navigateur, appareil: Appareil, **autres: str) -> Any:
    reponse = appareil.prouver(options(navigateur, PREUVE) | autres)
    return navigateur.post(PREUVE, {"reponse_cle": reponse, "suite": "/mon-compte"})


def test_une_cle_s_ajoute_puis_prouve(session: Session, connectee: Navigateur) -> None:
    appareil = Appareil()
    assert len(codes_affiches(ajouter(connectee, appareil))) == 10
    lignes(session)[0].facteur_le = None
    assert prouver(connectee, appareil).location == "/mon-compte"
    assert lignes(session)[0].facteur_le == MIDI
    (facteur,) = session.execute(select(Facteur)).scalars()
    assert (facteur.genre, facteur.cle_id, facteur.compteur) == ("CLE_ACCES", appareil.cle_id, 1)


def test_l_appareil_n_apprend_ni_le_nom_ni_le_numero_de_la_personne(connectee: Navigateur) -> None:
    demandees = options(connectee, AJOUT)
    assert demandees["rp"]["id"] == "localhost"
    assert len(demandees["user"]["id"]) == 43


@pytest.mark.parametrize(
    "alterer",
    [
        lambda appareil: replace(appareil, origine="http://ailleurs.invalid"),
        lambda appareil: replace(appareil, cle=Appareil().cle),
        lambda appareil: replace(appareil, cle_id=b"x" * 32),
        lambda appareil: replace(appareil, compteur=-1),
    ],
    ids=["autre origine", "autre signature", "cle inconnue", "compteur en arriere"],
)
def test_une_preuve_fausse_est_refusee(
    session: Session, connectee: Navigateur, alterer: Callable[[Appareil], Appareil]
) -> None:
    appareil = Appareil(compteur=4)
    ajouter(connectee, appareil)
    lignes(session)[0].facteur_le = None
    assert prouver(connectee, alterer(appareil)).status_code == 422
    assert lignes(session)[0].facteur_le is None


def test_un_defi_ne_sert_qu_une_fois_et_pas_longtemps(session: Session, connectee: Navigateur) -> None:
    appareil = Appareil()
    ajouter(connectee, appareil)
    reponse = appareil.prouver(options(connectee, PREUVE))
    assert connectee.post(PREUVE, {"reponse_cle": reponse}).status_code == 303
    assert connectee.post(PREUVE, {"reponse_cle": reponse}).status_code == 422
    tardive = appareil.prouver(options(connectee, PREUVE))
    with horloge.regler(MIDI + timedelta(minutes=6)):
        assert connectee.post(PREUVE, {"reponse_cle": tardive}).status_code == 422


def test_le_defi_d_un_autre_ne_vaut_rien(connectee: Navigateur) -> None:
    appareil = Appareil()
    ajouter(connectee, appareil)
    assert prouver(connectee, appareil, challenge="AAAA").status_code == 422


def test_une_cle_deja_connue_ne_s_ajoute_pas_deux_fois(connectee: Navigateur) -> None:
    appareil = Appareil()
    ajouter(connectee, appareil)
    reponse = ajouter(connectee, appareil)
    assert reponse.status_code == 422
    assert "n’a pas pu être enregistrée" in texte(arbre(reponse))


@pytest.mark.parametrize("reponse", ["", "{", "[]", "{}", "null", "x" * 30_000, '{"id": 3, "rawId": {}}'])
def test_une_reponse_illisible_est_un_refus_et_non_une_panne(connectee: Navigateur, reponse: str) -> None:
    ajouter(connectee, Appareil())
    options(connectee, PREUVE)
    assert connectee.post(PREUVE, {"reponse_cle": reponse}).status_code == 422
    options(connectee, AJOUT)
    assert connectee.post(AJOUT, {"nom": "Clé", "reponse_cle": reponse}).status_code == 422


def test_les_preuves_de_cles_comptent_avec_les_codes(connectee: Navigateur) -> None:
    appareil = Appareil()
    ajouter(connectee, appareil)
    for _ in range(5):
        connectee.post(PREUVE, {"reponse_cle": "{}"})
    assert prouver(connectee, appareil).status_code == 429


def test_une_adresse_en_chiffres_n_en_propose_pas(app: Flask, connectee: Navigateur) -> None:
    with reglage(app, base_url="http://127.0.0.1:5000"):
        assert "ne sont pas possibles ici" in texte(arbre(connectee.get(AJOUT)))
    assert [cles_acces.possibles(a) for a in ("https://tdba.exemple.fr", "http://[::1]:5000")] == [
        True,
        False,
    ]
