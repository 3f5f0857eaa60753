"""The exchange of the code: whatever the provider's server answers, nobody comes in (§1.13, "Token")."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba.local.fournisseur_protocole import Refus
from tests.comptes.aides import (
    ABSENTE,
    FournisseurDeTest,
    cas,
    changer,
    choisir,
    journal,
    parametres,
    partir,
    refusee,
    regler,
    se_connecter,
)
from tests.pages import Navigateur

pytestmark = [pytest.mark.reseau, pytest.mark.usefixtures("habilitation")]

Reponse = Callable[..., Any]


def echoue(statut: int, code: str = "invalid_grant") -> Reponse:
    def repondre(*_arguments: Any) -> Any:
        raise Refus(code, statut=statut)

    return repondre


@pytest.fixture
def sans_fin() -> Iterator[Reponse]:
    """An answer that does not come before the end of the test."""
    fini = threading.Event()

    def repondre(*_arguments: Any) -> dict[str, str]:
        fini.wait(10)
        return {}

    yield repondre
    fini.set()


@pytest.mark.parametrize(
    ("statut", "refus"),
    [
        pytest.param(400, {}, marks=cas(16), id="16-token-400"),
        pytest.param(401, {}, marks=cas(16), id="16-token-401"),
        pytest.param(500, ABSENTE, marks=cas(17), id="17-token-500"),
        pytest.param(503, ABSENTE, marks=cas(17), id="17-token-503"),
    ],
)
def test_un_echange_refuse_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    monkeypatch: pytest.MonkeyPatch,
    statut: int,
    refus: dict[str, Any],
) -> None:
    monkeypatch.setattr(fournisseur, "echanger", echoue(statut))
    refusee(session, se_connecter(navigateur), **refus)


@cas(18)
@pytest.mark.parametrize("point", ["echanger", "infos"])
def test_un_fournisseur_qui_ne_repond_pas_est_abandonne_apres_le_delai_regle(
    app: Flask,
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    monkeypatch: pytest.MonkeyPatch,
    sans_fin: Reponse,
    point: str,
) -> None:
    regler(app, oidc_delai=0.2)
    retour = choisir(partir(navigateur))
    monkeypatch.setattr(fournisseur, point, sans_fin)
    refusee(session, navigateur.get(retour), **ABSENTE)


@pytest.mark.parametrize(
    "manque",
    [
        pytest.param("id_token", marks=cas(19), id="19-sans-id-token"),
        pytest.param("access_token", marks=cas(20), id="20-sans-access-token"),
    ],
)
@pytest.mark.parametrize("valeur", [None, "", 12, ["jeton"]])
def test_une_reponse_incomplete_n_ouvre_rien(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, manque: str, valeur: Any
) -> None:
    fournisseur.alterer_reponse = changer(**{manque: valeur})
    refusee(session, se_connecter(navigateur))


@pytest.mark.parametrize("corps", [[], None, "texte", 12])
def test_une_reponse_qui_n_est_pas_un_objet_vaut_une_panne(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, corps: Any
) -> None:
    fournisseur.alterer_reponse = lambda _reponse: corps
    refusee(session, se_connecter(navigateur), **ABSENTE)


@cas(21)
def test_un_code_deja_echange_n_ouvre_rien(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    retour = choisir(partir(navigateur))
    fournisseur._codes[parametres(retour)["code"]].jeton = "deja"
    refusee(session, navigateur.get(retour))
    assert journal(session) == [("compte.refuse", {"raison": "code"})]


@cas(22)
def test_un_code_obtenu_par_un_autre_navigateur_n_ouvre_rien(
    app: Flask, navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    """The attacker's code, put in the victim's own return: the PKCE verifier is not the one of that code."""
    sien = parametres(choisir(partir(Navigateur(app, session))))["code"]
    retour = choisir(partir(navigateur))
    refusee(session, navigateur.get(retour.replace(parametres(retour)["code"], sien)))
    assert journal(session) == [("compte.refuse", {"raison": "code"})]
