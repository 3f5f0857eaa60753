"""What the provider signs: a single false claim or signature and nobody comes in (§1.13, "id_token", "Userinfo")."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Response
from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.local.fournisseur_protocole import Refus
from tests.comptes import aides
from tests.comptes.aides import (
    ABSENTE,
    AUTRE,
    INCOMPLETE,
    FournisseurDeTest,
    cas,
    changer,
    choisir,
    journal,
    partir,
    refusee,
    se_connecter,
)
from tests.conftest import MIDI
from tests.pages import Navigateur, champs

pytestmark = [pytest.mark.reseau, pytest.mark.usefixtures("habilitation")]

MAINTENANT = int(MIDI.timestamp())


@pytest.mark.parametrize(
    "defaut",
    [
        pytest.param(changer(nonce="autre"), marks=cas(23), id="23-autre-nonce"),
        pytest.param(changer(nonce=None), marks=cas(23), id="23-sans-nonce"),
        pytest.param(changer(aud="un-autre-client"), marks=cas(24), id="24-autre-aud"),
        pytest.param(changer(aud=None), marks=cas(24), id="24-sans-aud"),
        pytest.param(changer(aud=["tdba-test", "un-autre"]), marks=cas(25), id="25-aud-avec-d-autres"),
        pytest.param(
            changer(aud=["tdba-test", "un-autre"], azp="tdba-test"),
            marks=cas(25),
            id="25-aud-d-autres-azp-nous",
        ),
        pytest.param(changer(aud="un-autre", azp="tdba-test"), marks=cas(26), id="26-aud-autre-azp-nous"),
        pytest.param(changer(azp="un-autre-client"), marks=cas(26), id="26-aud-nous-azp-autre"),
        pytest.param(changer(iss=AUTRE), marks=cas(27), id="27-autre-iss"),
        pytest.param(changer(iss=None), marks=cas(27), id="27-sans-iss"),
        pytest.param(lambda c: c | {"iss": c["iss"] + "/"}, marks=cas(27), id="27-iss-barre-finale"),
        pytest.param(changer(exp=MAINTENANT - 31), marks=cas(28), id="28-expire-de-31-s"),
        pytest.param(changer(exp=MAINTENANT - 100), marks=cas(28), id="28-expire-de-100-s"),
        pytest.param(changer(exp=MAINTENANT - 3600), marks=cas(28), id="28-expire-d-une-heure"),
        pytest.param(changer(iat=MAINTENANT + 600), marks=cas(29), id="29-emis-dans-le-futur"),
        pytest.param(changer(exp=None), marks=cas(30), id="30-sans-exp"),
        pytest.param(changer(sub=None), marks=cas(30), id="30-sans-sub"),
        pytest.param(changer(sub=""), marks=cas(30), id="30-sub-vide"),
        pytest.param(changer(sub=12), marks=cas(30), id="30-sub-nombre"),
        pytest.param(changer(at_hash="autre"), marks=cas(31), id="31-autre-at-hash"),
    ],
)
def test_un_id_token_faux_n_ouvre_rien(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, defaut: Any
) -> None:
    fournisseur.alterer_id_token = defaut
    refusee(session, se_connecter(navigateur))


@cas(28)
def test_un_jeton_expire_depuis_moins_de_trente_secondes_vaut_encore(
    navigateur: Navigateur, fournisseur: FournisseurDeTest
) -> None:
    """Two clocks may differ by that much, and no more."""
    fournisseur.alterer_id_token = changer(exp=MAINTENANT - 29)
    assert se_connecter(navigateur).location == "/"


@pytest.mark.parametrize(
    ("defaut", "page"),
    [
        pytest.param(changer(sub="quelqu-un-d-autre"), {}, marks=cas(38), id="38-autre-sub"),
        pytest.param(changer(sub=None), {}, marks=cas(38), id="38-sans-sub"),
        pytest.param(changer(aud="un-autre-client"), {}, marks=cas(42), id="42-autre-aud"),
        pytest.param(changer(iss=AUTRE), {}, marks=cas(42), id="42-autre-iss"),
        pytest.param(changer(exp=MAINTENANT - 31), {}, id="expire"),
        pytest.param(changer(email=None), INCOMPLETE, marks=cas(43), id="43-sans-courriel"),
        pytest.param(changer(email="sans-arobase"), INCOMPLETE, marks=cas(43), id="43-sans-arobase"),
        pytest.param(changer(siret=None), INCOMPLETE, marks=cas(44), id="44-sans-siret"),
        pytest.param(changer(siret="123"), INCOMPLETE, marks=cas(44), id="44-siret-court"),
        pytest.param(changer(siret=11111111100018), INCOMPLETE, marks=cas(44), id="44-siret-nombre"),
        pytest.param(changer(siret="1111111110001٨"), INCOMPLETE, marks=cas(44), id="44-siret-autre-chiffre"),
        pytest.param(changer(usual_name=None), INCOMPLETE, id="sans-nom"),
        pytest.param(changer(usual_name="x" * 257), INCOMPLETE, id="nom-trop-long"),
    ],
)
def test_un_userinfo_faux_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    defaut: Any,
    page: dict[str, Any],
) -> None:
    fournisseur.alterer_infos = defaut
    refusee(session, se_connecter(navigateur), **page)


SIGNATURES = [
    pytest.param("signature", aides.autre_cle_meme_kid, marks=cas(32), id="32-autre-cle-meme-kid"),
    pytest.param("signature", aides.cle_jamais_publiee, marks=cas(33), id="33-kid-inconnu"),
    pytest.param("signature", aides.sans_signature, marks=cas(34), id="34-alg-none"),
    pytest.param("signature", aides.cle_publique_en_secret, marks=cas(35), id="35-hs256-cle-publique"),
    pytest.param("signature", aides.secret_du_client, marks=cas(35), id="35-hs256-secret-du-client"),
    pytest.param("signature_infos", aides.autre_cle_meme_kid, marks=cas(40), id="40-autre-cle-meme-kid"),
    pytest.param("signature_infos", aides.cle_jamais_publiee, marks=cas(40), id="40-kid-inconnu"),
    pytest.param("signature_infos", aides.sans_signature, marks=cas(41), id="41-alg-none"),
    pytest.param("signature_infos", aides.cle_publique_en_secret, id="userinfo-hs256-cle-publique"),
    pytest.param("signature_infos", aides.secret_du_client, id="userinfo-hs256-secret-du-client"),
]


@pytest.mark.parametrize(("jeton", "signature"), SIGNATURES)
def test_une_signature_qui_n_est_pas_la_sienne_n_ouvre_rien(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, jeton: str, signature: Any
) -> None:
    setattr(fournisseur, jeton, signature)
    refusee(session, se_connecter(navigateur))


@cas(34, 41)
@pytest.mark.parametrize("jeton", ["signature", "signature_infos"])
def test_un_jeton_sans_signature_est_refuse_meme_si_le_fournisseur_dit_en_donner(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, jeton: str
) -> None:
    """And without `at_hash`, whose check would refuse it by accident (§2.3)."""
    fournisseur.alterer_decouverte = changer(
        id_token_signing_alg_values_supported=["none", "HS256", "ES256"],
        userinfo_signing_alg_values_supported=["none", "HS256", "ES256"],
    )
    fournisseur.alterer_id_token = changer(at_hash=None)
    setattr(fournisseur, jeton, aides.sans_signature)
    refusee(session, se_connecter(navigateur))


@cas(36)
def test_une_cle_retiree_n_est_plus_crue_une_heure_apres(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    volee = fournisseur.cle
    se_connecter(navigateur)
    navigateur.post("/deconnexion", champs(navigateur.get("/mon-compte"), "/deconnexion"))
    publiee = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    fournisseur.jwks = lambda: {"keys": [publiee.as_dict(private=False)]}  # type: ignore[method-assign]
    fournisseur.cle = volee
    with horloge.regler(MIDI + timedelta(hours=1, seconds=1)):
        assert navigateur.get(choisir(partir(navigateur))).status_code == 403
    assert journal(session)[-1] == ("compte.refuse", {"raison": "jeton_cle"})


def annonce(genre: str) -> Callable[[Response], Response]:
    """Say that the signed answer is of another kind."""

    def changer_le_genre(reponse: Response) -> Response:
        if reponse.mimetype == "application/jwt":
            reponse.mimetype = genre
        return reponse

    return changer_le_genre


@cas(39)
@pytest.mark.parametrize("genre", ["application/json", "application/jwt"])
def test_un_userinfo_en_json_sans_signature_est_refuse(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, genre: str
) -> None:
    fournisseur.alterer_http = annonce(genre)
    fournisseur.signature_infos = lambda _fournisseur, claims: json.dumps(claims)
    refusee(session, se_connecter(navigateur))


@cas(39)
def test_un_userinfo_qui_ne_se_dit_pas_signe_est_refuse(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    """Nothing of a page, or of plain JSON, is ever looked at as if it were a proof."""
    fournisseur.alterer_http = annonce("application/json")
    refusee(session, se_connecter(navigateur))


@pytest.mark.parametrize(
    ("statut", "refus"),
    [
        pytest.param(401, {}, marks=cas(46), id="46-userinfo-401"),
        pytest.param(500, ABSENTE, marks=cas(46), id="46-userinfo-500"),
    ],
)
def test_un_userinfo_refuse_n_ouvre_rien(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    monkeypatch: pytest.MonkeyPatch,
    statut: int,
    refus: dict[str, Any],
) -> None:
    def infos(_jeton: str) -> str:
        raise Refus("invalid_token", statut=statut)

    monkeypatch.setattr(fournisseur, "infos", infos)
    refusee(session, se_connecter(navigateur), **refus)
