"""Pairing an ERP without any secret in an address (RFC 8628): asked, answered by a person, handed over once."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba.comptes.models import SessionWeb
from tdba.transmissions import cles as valeurs
from tdba.transmissions import service_appairages as appairages
from tdba.transmissions.models import Appairage
from tests.comptes.aides_facteurs import reglage
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, liens, texte, titre
from tests.transmissions.aides_appairages import accorder, demander, message, prendre, saisir
from tests.transmissions.aides_cles import Cfa, cles, courriels, evenements, un_cfa


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def directrice(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.directrice)


# --- The whole journey -----------------------------------------------------------------------------------------


def test_un_logiciel_recoit_sa_cle_une_seule_fois(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur, uai=cfa.site.uai, siret=cfa.site.siret)
    assert (demande["expire_dans"], demande["intervalle"]) == (900, 5)
    assert demande["adresse"] == "http://127.0.0.1:5000/connexion-api"
    assert prendre(navigateur, demande).status_code == 202
    assert saisir(directrice, demande["code_utilisateur"]).headers["Location"] == "/connexion-api/demande"
    page = directrice.get("/connexion-api/demande")
    assert titre(page) == "« Ymag » demande une clé d’API"
    saisie = champs(page, "/connexion-api/accorder")
    assert saisie["organisme"] == str(cfa.site.id)  # the one that the software named
    assert directrice.post("/connexion-api/accorder", saisie).headers["Location"] == cfa.page()
    assert cles(session) == []  # the key is made when it is taken
    remise = prendre(navigateur, demande, apres=5)
    assert remise.status_code == 200
    assert remise.json is not None
    assert remise.json["organisme"] == {"nom": cfa.site.nom, "uai": cfa.site.uai, "siret": cfa.site.siret}
    entete = {"Authorization": f"Bearer {remise.json['cle']}"}
    assert navigateur.post("/api/v3/dossiers-apprenants/test", headers=entete).status_code == 200
    assert message(prendre(navigateur, demande, apres=10)) == (410, appairages.Suite.REMIS.value)
    assert len(cles(session)) == 1


def test_la_cle_remise_dit_a_qui_elle_est_et_chaque_pas_est_consigne(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur)
    accorder(directrice, demande, cfa.second.id)
    prendre(navigateur, demande)
    (cle,) = cles(session)
    assert (cle.organisme_id, cle.erp, cle.creee_par_id) == (
        cfa.second.id,
        "Ymag",
        cfa.directrice.personne_id,
    )
    ident = session.execute(select(Appairage.id)).scalar_one()
    assert evenements(session, "appairage") == [
        ("appairage.demande", {"appairage_id": ident}),
        ("appairage.accorde", {"appairage_id": ident}),
        ("appairage.remis", {"appairage_id": ident, "cle_id": cle.id}),
    ]
    assert len(courriels(session, "cle_api_creee")) == 1


def test_rien_de_secret_n_est_garde_ni_ecrit_dans_une_adresse(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur)
    accorder(directrice, demande, cfa.site.id)
    remise = prendre(navigateur, demande)
    assert remise.json is not None
    secrets = (demande["code_appareil"], remise.json["cle"])
    appairage = session.execute(select(Appairage)).scalar_one()
    gardes = str(vars(appairage)) + str([vars(c) for c in cles(session)])
    gardes += str([s.donnees for s in session.query(SessionWeb)]) + str(evenements(session, ""))
    gardes += str([c.texte for c in courriels(session, "cle_api_creee")])
    assert not any(secret in gardes for secret in secrets)


# --- The ERP asks ----------------------------------------------------------------------------------------------


def test_le_code_se_lit_sans_se_tromper(navigateur: Navigateur, cfa: Cfa) -> None:
    code = demander(navigateur)["code_utilisateur"]
    assert len(code) == 9
    assert code[4] == "-"
    assert set(code.replace("-", "")) <= set(appairages.LETTRES)
    assert not set(appairages.LETTRES) & set("AEIOUY0123456789")


@given(
    st.text(alphabet=appairages.LETTRES, min_size=8, max_size=8), st.sampled_from(["", "-", " ", " – ", "."])
)
def test_un_code_se_tape_en_minuscules_et_avec_n_importe_quel_separateur(code: str, separateur: str) -> None:
    assert appairages.normaliser(f" {code[:4].lower()}{separateur}{code[4:]} ") == code


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        (b"[]", None),
        (b"pas du json", None),
        (b"\xff\xfe", None),
        (b"[" * 3000, None),
        (b"{}", "erp"),
        (b'{"erp": 12}', "erp"),
        (b'{"erp": "  "}', "erp"),
        (b'{"erp": "a\\u0000b"}', "erp"),
        (b'{"erp": "\\ud800"}', "erp"),
        (b'{"erp": "' + b"x" * 81 + b'"}', "erp"),
        (b'{"erp": "Ymag", "uai": "0350000A"}', "uai"),
        (b'{"erp": "Ymag", "uai": ["0"]}', "uai"),
        (b'{"erp": "Ymag", "siret": "123"}', "siret"),
    ],
)
def test_une_demande_mal_ecrite_est_refusee_avec_sa_phrase(
    navigateur: Navigateur, cfa: Cfa, corps: bytes, champ: str | None
) -> None:
    reponse = envoyer(navigateur, "", corps)
    assert reponse.status_code == 400
    assert reponse.json is not None
    assert reponse.json["message"]
    assert reponse.json["details"].get("champ") == champ


def envoyer(navigateur: Navigateur, chemin: str, corps: bytes) -> TestResponse:
    return navigateur.ouvrir(
        "POST", f"/api/v3/appairages{chemin}", data=corps, content_type="application/json"
    )


def test_une_demande_enorme_est_refusee(navigateur: Navigateur, cfa: Cfa) -> None:
    assert envoyer(navigateur, "", b'{"erp": "' + b"x" * 5000).status_code == 413


@pytest.mark.parametrize("corps", [b"[]", b"{}", b'{"code_appareil": 1}', b'{"code_appareil": "\\ud800"}'])
def test_prendre_sans_code_est_une_erreur(navigateur: Navigateur, cfa: Cfa, corps: bytes) -> None:
    assert envoyer(navigateur, "/cle", corps).status_code == 400


def test_une_demande_que_personne_n_a_faite_n_existe_pas(navigateur: Navigateur, cfa: Cfa) -> None:
    assert message(prendre(navigateur, {"code_appareil": "x" * 43})) == (404, appairages.Suite.INCONNU.value)


def test_un_code_deja_tire_est_tire_de_nouveau(
    session: Session, cfa: Cfa, monkeypatch: pytest.MonkeyPatch
) -> None:
    tirages = iter("BBBBBBBB" * 2 + "CCCCCCCC")
    monkeypatch.setattr(appairages.secrets, "choice", lambda _: next(tirages))
    codes = [
        appairages.demander("Ymag", uai=None, siret=None, maintenant=MIDI).code_utilisateur for _ in "ab"
    ]
    assert codes == ["BBBBBBBB", "CCCCCCCC"]


# --- The person answers ----------------------------------------------------------------------------------------


def test_l_adresse_peut_porter_le_code_qui_n_ouvre_rien_seul(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    code = demander(navigateur)["code_utilisateur"]
    assert "/connexion?" in navigateur.get(f"/connexion-api?code={code}").headers["Location"]
    page = directrice.get(f"/connexion-api?code={code}")
    assert champs(page, "/connexion-api")["code"] == code
    assert session.execute(select(Appairage.etat)).scalar_one() == "ATTEND"
    assert directrice.get("/connexion-api/demande").headers["Location"] == "/connexion-api"


def test_le_second_facteur_est_demande_avant_de_donner(
    app: Flask, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    saisir(directrice, demander(navigateur)["code_utilisateur"])
    with reglage(app, second_facteur="oui"):
        assert "/second-facteur" in directrice.get("/connexion-api/demande").headers["Location"]
        reponse = directrice.post("/connexion-api/accorder", {"organisme": str(cfa.site.id)})
        assert "/second-facteur" in reponse.headers["Location"]


def test_un_refus_est_dit_au_logiciel(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur)
    saisir(directrice, demande["code_utilisateur"])
    assert directrice.post("/connexion-api/refuser").status_code == 303
    assert message(prendre(navigateur, demande)) == (403, appairages.Suite.REFUSE.value)
    assert cles(session) == []
    assert evenements(session, "appairage.refuse")[0][1]["raison"] == "PERSONNE"


def test_un_etablissement_annonce_qui_n_est_pas_le_leur_est_signale(
    cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur, uai=cfa.voisin.uai)
    saisir(directrice, demande["code_utilisateur"])
    page = directrice.get("/connexion-api/demande")
    assert "annonce un établissement qui n’est pas parmi les vôtres" in texte(arbre(page))
    assert "organisme" not in champs(page, "/connexion-api/accorder")


def test_deux_etablissements_d_un_meme_siret_laissent_choisir_sans_alarmer(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    cfa.second.siret = cfa.site.siret
    session.commit()
    saisir(directrice, demander(navigateur, siret=cfa.site.siret)["code_utilisateur"])
    page = directrice.get("/connexion-api/demande")
    assert "n’est pas parmi les vôtres" not in texte(arbre(page))
    assert "organisme" not in champs(page, "/connexion-api/accorder")


@pytest.mark.parametrize("choix", ["voisin", "rien", "invente"])
def test_on_ne_donne_que_ce_qui_est_a_soi(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur, choix: str
) -> None:
    demande = demander(navigateur)
    saisir(directrice, demande["code_utilisateur"])
    valeur = {"voisin": str(cfa.voisin.id), "rien": "", "invente": "12a"}[choix]
    assert directrice.post("/connexion-api/accorder", {"organisme": valeur}).status_code == 422
    assert prendre(navigateur, demande).status_code == 202


def test_seul_un_administrateur_de_cfa_repond(cfa: Cfa, navigateur: Navigateur) -> None:
    code = demander(navigateur)["code_utilisateur"]
    for habilitation in (cfa.membre, cfa.support):
        qui = navigateur.comme(habilitation)
        assert qui.get("/connexion-api").status_code == 403
        assert saisir(qui, code).status_code == 403
        assert qui.post("/connexion-api/accorder", {"organisme": str(cfa.site.id)}).status_code == 403
        assert qui.post("/connexion-api/refuser").status_code == 403


def test_deux_cles_en_service_demandent_d_en_revoquer_une(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    for nom in ("a", "b"):
        valeurs.creer(cfa.site.id, libelle=nom)
    session.commit()
    demande = demander(navigateur)
    reponse = accorder(directrice, demande, cfa.site.id)
    assert reponse.status_code == 422
    assert "a déjà deux clés en service : révoquez d’abord" in texte(arbre(reponse)).replace("\xa0", " ")
    assert "/transmissions/cles" in liens(reponse)
    assert prendre(navigateur, demande).status_code == 202  # the person may still choose another site


def test_une_place_prise_entre_temps_se_dit_au_logiciel(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    demande = demander(navigateur)
    accorder(directrice, demande, cfa.site.id)
    for nom in ("a", "b"):
        valeurs.creer(cfa.site.id, libelle=nom)
    session.commit()
    assert message(prendre(navigateur, demande)) == (403, appairages.Suite.PLEIN.value)
    assert len(cles(session)) == 2
