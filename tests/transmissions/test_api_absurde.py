"""Absurd calls: each has its clear answer, in the general shape of errors, and none is an error of ours."""

import gzip
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.transmissions.aides_api import CHEMIN, Logiciel, une_ligne

MO = 1024 * 1024


def brut(logiciel: Logiciel, corps: bytes, **options: Any) -> TestResponse:
    options.setdefault("content_type", "application/json")
    return logiciel.demander("POST", CHEMIN, data=corps, **options)


def refusee(reponse: TestResponse, code: int) -> str:
    """The sentence of an error in the general shape."""
    assert reponse.status_code == code, reponse.text[:300]
    assert reponse.mimetype == "application/json"
    assert reponse.json is not None
    assert reponse.json.keys() == {"error", "message", "details", "issues"}
    return str(reponse.json["message"])


def messages(reponse: TestResponse) -> list[str]:
    assert reponse.status_code == 200, reponse.text[:300]
    assert reponse.json is not None
    return [e["message"] for ligne in reponse.json["data"] for e in ligne.get("validation_errors", [])]


def test_2001_lignes_sont_trop(logiciel: Logiciel) -> None:
    reponse = logiciel.envoyer([{}] * 2001)
    assert "2000 dossiers au plus" in refusee(reponse, 400)
    assert reponse.json is not None
    assert reponse.json["details"] == {"maximum": 2000, "recu": 2001}


@pytest.mark.parametrize(
    "corps",
    [
        b"", b"{", b"null", b"{}", b'"x"', b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b"[NaN]",
        b'[{"annee_formation": Infinity}]', b"[" + b"9" * 5000 + b"]", b"\xff\xfe[\x00]\x00", b'["\xe9"]', b"[1,]",
        b"\x00",
    ],
    ids=lambda corps: repr(corps[:12]),
)  # fmt: skip
def test_un_corps_qui_n_est_pas_un_tableau_json_est_refuse(logiciel: Logiciel, corps: bytes) -> None:
    assert refusee(brut(logiciel, corps), 400)


def test_une_marque_d_ordre_des_octets_est_pardonnee(logiciel: Logiciel) -> None:
    assert brut(logiciel, b"\xef\xbb\xbf[]").status_code == 200


@pytest.mark.parametrize("ligne", [None, 1, "x", [], True, 1.5])
def test_une_ligne_qui_n_est_pas_un_objet_est_refusee_seule(
    dunes: Organisme, logiciel: Logiciel, ligne: object
) -> None:
    reponse = logiciel.envoyer([ligne, une_ligne(dunes)])
    assert len(messages(reponse)) == 1
    assert reponse.json is not None
    assert "validation_errors" not in reponse.json["data"][1]


VALEURS = [
    "\x00", "a\x00b", "\ud800", "\x1e", "é" * 300, "x" * 100_000, 10**300, -(10**4000), 1e308, -0.0, True, [], {},
    [[["x"]]], {"a": {"b": 1}}, " ", "\u202e", "🤷", "'; DROP TABLE ligne; --", "=cmd|'/c calc'!A1",
]  # fmt: skip


@pytest.mark.parametrize("valeur", VALEURS, ids=lambda v: repr(v)[:20])
def test_une_valeur_absurde_dans_tous_les_champs_ne_casse_rien(
    dunes: Organisme, logiciel: Logiciel, valeur: object
) -> None:
    """Each field in turn, beside right ones; then the whole line."""
    juste = une_ligne(dunes)
    lignes = [
        juste | {champ: valeur} for champ in [*juste, "tel_apprenant", "contrat_date_debut_2", "inconnu"]
    ]
    corps = json.dumps([*lignes, dict.fromkeys(juste, valeur)]).encode()
    assert brut(logiciel, corps).status_code == 200


def test_des_cles_en_double_valent_par_la_derniere(dunes: Organisme, logiciel: Logiciel) -> None:
    ligne = json.dumps(une_ligne(dunes))
    double = f'[{ligne[:-1]}, "annee_formation": 9, "annee_formation": 1}}]'.encode()
    assert messages(brut(logiciel, double)) == []


def test_des_cles_etranges_sont_ignorees(dunes: Organisme, logiciel: Logiciel) -> None:
    ligne = une_ligne(dunes) | {"\x00": 1, "\ud800": 2, "": 3, "__class__": 4, "x" * 10_000: 5}
    reponse = brut(logiciel, json.dumps([ligne]).encode())
    assert messages(reponse) == []
    assert reponse.json is not None
    assert reponse.json["data"] == [une_ligne(dunes)]


@pytest.mark.parametrize(
    "type_",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=latin-1",
    ],
)
def test_un_autre_type_que_du_json_est_refuse(logiciel: Logiciel, type_: str) -> None:
    assert "application/json" in refusee(brut(logiciel, b"[]", content_type=type_), 415)


def test_un_corps_compresse_est_refuse(logiciel: Logiciel) -> None:
    reponse = brut(logiciel, gzip.compress(b"[]"), headers={"Content-Encoding": "gzip"})
    assert "non compressé" in refusee(reponse, 415)


def test_dix_megaoctets_passent_et_pas_un_octet_de_plus(logiciel: Logiciel) -> None:
    assert brut(logiciel, b"[" + b" " * (10 * MO - 2) + b"]").status_code == 200
    assert refusee(brut(logiciel, b"[" + b" " * (10 * MO - 1) + b"]"), 413)


def test_une_ligne_pour_le_cfa_d_un_autre_est_refusee_en_le_disant(
    session: Session, logiciel: Logiciel
) -> None:
    bois = f.un_organisme(session, "Bois")
    assert all("ne permet pas de transmettre" in m for m in messages(logiciel.envoyer([une_ligne(bois)])))


def test_une_cle_revoquee_entre_deux_appels_n_ouvre_plus_rien(session: Session, logiciel: Logiciel) -> None:
    envoi = logiciel.envoyer([])
    session.connection().exec_driver_sql(
        "UPDATE cle_api SET revoquee_le = %(le)s", {"le": horloge.maintenant()}
    )
    assert "révoquée" in refusee(logiciel.envoyer([]), 403)
    assert envoi.json is not None
    for chemin in (envoi.json["transmission"]["suivi"], "/api/v3/transmissions", "/api/v3/corrections"):
        assert "révoquée" in refusee(logiciel.demander("GET", chemin), 403)


@pytest.mark.parametrize(
    "entete", ["", "Bearer", "Basic x", "Bearer \x00", "Bearer é", "Bearer " + "x" * 5000]
)
def test_une_cle_absurde_est_refusee(app: Flask, logiciel: Logiciel, entete: str) -> None:
    assert refusee(logiciel.demander("GET", "/api/v3/corrections", headers={"Authorization": entete}), 403)


@pytest.mark.parametrize(
    ("methode", "chemin", "permises"),
    [
        ("GET", CHEMIN, "OPTIONS, POST"),
        ("DELETE", CHEMIN, "OPTIONS, POST"),
        ("POST", "/api/v3/transmissions", "GET, HEAD, OPTIONS"),
        ("PUT", "/api/v3/corrections", "GET, HEAD, OPTIONS"),
        ("PATCH", "/api/v3/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_une_methode_inconnue_repond_405_et_dit_lesquelles(
    logiciel: Logiciel, methode: str, chemin: str, permises: str
) -> None:
    reponse = logiciel.demander(methode, chemin)
    assert refusee(reponse, 405)
    assert reponse.headers["Allow"] == permises


@pytest.mark.parametrize(
    "chemin",
    [
        "/api/v3/",
        "/api/v3/nulle-part",
        "/api/v2/dossiers-apprenants",
        "/api/v3/transmissions/x",
        "/api/v3/%00",
    ],
)
def test_une_adresse_inconnue_repond_404_dans_la_forme_de_l_api(logiciel: Logiciel, chemin: str) -> None:
    assert refusee(logiciel.demander("GET", chemin), 404)
