"""The return from the identity provider, hostile or late: nobody comes in (identity-security.md §1.13)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tests.comptes import aides
from tests.comptes.aides import (
    AUTRE,
    FournisseurDeTest,
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

# --- The return, hostile or late -------------------------------------------------------------------------------


EXPIREE = {"code": 400, "phrase": "Cette identification n’est plus valable."}


@pytest.mark.parametrize("adresse", ["/connexion/retour", "/connexion/retour?state=x&code=y"])
def test_un_retour_que_personne_n_a_demande_est_refuse(
    navigateur: Navigateur, session: Session, adresse: str
) -> None:
    refusee(session, navigateur.get(adresse), **EXPIREE)  # type: ignore[arg-type]
    assert journal(session) == []


def test_le_retour_ouvert_dans_un_autre_navigateur_est_refuse(
    app: Flask, navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    refusee(session, Navigateur(app, session).get(retour), **EXPIREE)  # type: ignore[arg-type]


def test_le_meme_retour_ne_sert_pas_deux_fois(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_id_token = lambda claims: claims | {"nonce": "autre"}
    retour = choisir(partir(navigateur))
    refusee(session, navigateur.get(retour))
    refusee(session, navigateur.get(retour), **EXPIREE)  # type: ignore[arg-type]


def test_une_tentative_vieille_de_plus_de_dix_minutes_est_refusee(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    with horloge.regler(MIDI + timedelta(minutes=10, seconds=1)):
        refusee(session, navigateur.get(retour), **EXPIREE)  # type: ignore[arg-type]


def test_un_autre_emetteur_dans_le_retour_est_refuse(
    navigateur: Navigateur, session: Session, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur)).replace("iss=http", "iss=https")
    refusee(session, navigateur.get(retour))


def test_un_retour_sans_code_est_refuse(navigateur: Navigateur, session: Session, fournisseur: Any) -> None:
    state = parametres(partir(navigateur))["state"]
    refusee(session, navigateur.get(f"/connexion/retour?state={state}"))


def test_abandonner_chez_le_fournisseur_se_dit_en_francais(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    reponse = navigateur.get(choisir(partir(navigateur), sub=None))
    refusee(session, reponse, phrase="L’identification n’a pas abouti.")


@pytest.mark.parametrize("erreur", ["<script>alert(1)</script>", "server_error", "Y500015"])
def test_rien_de_ce_que_dit_le_fournisseur_n_est_montre(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, erreur: str
) -> None:
    state = parametres(partir(navigateur))["state"]
    page = navigateur.get(
        "/connexion/retour", query_string={"state": state, "error": erreur, "error_description": "<b>mot</b>"}
    )
    assert page.status_code in (403, 503)
    assert erreur not in page.text
    assert "mot</b>" not in page.text


def changer(**valeurs: Any) -> Any:
    return lambda claims: {nom: v for nom, v in (claims | valeurs).items() if v is not None}


MAINTENANT = int(MIDI.timestamp())


@pytest.mark.parametrize(
    "defaut",
    [
        changer(nonce="autre"),
        changer(nonce=None),
        changer(aud="un-autre-client"),
        changer(aud=["tdba-test", "un-autre-client"]),
        changer(aud="un-autre-client", azp="tdba-test"),
        changer(azp="un-autre-client"),
        changer(aud=None),
        changer(iss=AUTRE),
        changer(iss=None),
        lambda claims: claims | {"iss": claims["iss"] + "/"},
        changer(exp=MAINTENANT - 31),
        changer(exp=None),
        changer(iat=MAINTENANT + 600),
        changer(sub=None),
        changer(sub=""),
        changer(at_hash="autre"),
    ],
)
def test_un_id_token_faux_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    defaut: Any,
) -> None:
    fournisseur.alterer_id_token = defaut
    refusee(session, se_connecter(navigateur))


@pytest.mark.parametrize(
    "defaut",
    [
        changer(sub="quelqu-un-d-autre"),
        changer(aud="un-autre-client"),
        changer(iss=AUTRE),
        changer(exp=MAINTENANT - 31),
        changer(email=None),
        changer(email="sans-arobase"),
        changer(siret=None),
        changer(siret="123"),
        changer(usual_name=None),
        changer(usual_name="x" * 257),
    ],
)
def test_un_userinfo_faux_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    defaut: Any,
) -> None:
    fournisseur.alterer_infos = defaut
    refusee(session, se_connecter(navigateur))


SIGNATURES = [
    aides.autre_cle_meme_kid,
    aides.cle_jamais_publiee,
    aides.secret_du_client,
    aides.sans_signature,
]


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("jeton", ["signature", "signature_infos"])
def test_une_signature_qui_n_est_pas_la_sienne_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    jeton: str,
    signature: Any,
) -> None:
    setattr(fournisseur, jeton, signature)
    refusee(session, se_connecter(navigateur))


@pytest.mark.parametrize("manque", ["id_token", "access_token"])
def test_une_reponse_incomplete_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    habilitation: Habilitation,
    manque: str,
) -> None:
    fournisseur.alterer_reponse = changer(**{manque: None})
    refusee(session, se_connecter(navigateur))


def test_un_jeton_expire_depuis_moins_de_trente_secondes_vaut_encore(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    fournisseur.alterer_id_token = changer(exp=MAINTENANT - 29)
    assert se_connecter(navigateur).location == "/"


def test_un_code_deja_echange_n_ouvre_rien(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, habilitation: Habilitation
) -> None:
    retour = choisir(partir(navigateur))
    code = parametres(retour)["code"]
    fournisseur._codes[code].jeton = "deja"
    refusee(session, navigateur.get(retour))
