"""The document of the API says what the API does: fields, examples, answers; the page is made of it."""

from typing import Any

import jsonschema_rs
import pytest
from sqlalchemy.orm import Session

from tdba.transmissions import openapi, openapi_champs
from tdba.transmissions import openapi_exemples as exemples
from tdba.transmissions.champs import CHAMPS, ERP, NOMS
from tdba.transmissions.lignes import lire
from tests.pages import Navigateur, arbre, tableau, texte
from tests.transmissions.lignes_exemples import TOUS_LES_CHAMPS

DOCUMENT = openapi.document("https://tdba.exemple.fr")


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (methode, chemin, operation)
        for chemin, methodes in DOCUMENT["paths"].items()
        for methode, operation in methodes.items()
    ]


def valide(schema: dict[str, Any], valeur: Any) -> None:
    jsonschema_rs.Draft202012Validator(schema | {"components": DOCUMENT["components"]}).validate(valeur)


def test_tous_les_champs_de_l_api_sont_decrits() -> None:
    schema = DOCUMENT["components"]["schemas"]["DossierApprenant"]
    assert tuple(schema["properties"]) == NOMS
    assert set(NOMS) >= TOUS_LES_CHAMPS
    assert set(schema["required"]) == {champ.nom for champ in CHAMPS if ERP in champ.obligatoire}


def test_chaque_champ_dit_en_mots_ce_qu_il_est() -> None:
    assert [c.nom for c in openapi_champs.CHAMPS_DECRITS if not c.description] == []
    assert set(NOMS) >= openapi_champs.NOMS_DECRITS


@pytest.mark.parametrize("ligne", [exemples.MINIMALE, exemples.COMPLETE], ids=["minimale", "complète"])
def test_les_exemples_d_envoi_sont_acceptes(ligne: dict[str, Any]) -> None:
    lue = lire(ligne, source=ERP)
    assert (lue.erreurs, lue.signalements) == ((), ())
    assert lue.valeurs.keys() == ligne.keys()
    valide(DOCUMENT["components"]["schemas"]["DossierApprenant"], ligne)


def test_l_exemple_de_refus_est_celui_de_la_regle() -> None:
    (erreur,) = lire(exemples.FAUSSE, source=ERP).erreurs
    assert [{"message": erreur.message, "path": [erreur.champ]}] == exemples.ERREURS


@pytest.mark.parametrize(("methode", "chemin", "operation"), operations(), ids=lambda v: str(v)[:40])
def test_les_exemples_de_reponse_ont_la_forme_annoncee(
    methode: str, chemin: str, operation: dict[str, Any]
) -> None:
    for code, reponse in operation["responses"].items():
        for contenu in reponse.get("content", {}).values():
            if code.startswith("2"):
                valide(contenu["schema"], contenu["example"])


def test_chaque_route_de_l_api_est_decrite(navigateur: Navigateur) -> None:
    """Whatever a slice adds under /api/v3 is in the document."""
    routes = {
        (methode.lower(), "/".join("{}" if "<" in m else m for m in regle.rule.split("/")))
        for regle in navigateur.app.url_map.iter_rules()
        if regle.rule.startswith("/api/v3/")
        for methode in regle.methods - {"HEAD", "OPTIONS"}
    }
    decrites = {
        (m, "/".join("{}" if "{" in morceau else morceau for morceau in c.split("/")))
        for m, c, _ in operations()
    }
    assert routes - decrites == set()


def test_le_document_est_servi_a_tous(navigateur: Navigateur) -> None:
    servi = navigateur.get("/api/v3/openapi.json")
    assert servi.json is not None
    assert servi.json["openapi"] == "3.1.0"
    assert servi.json["paths"].keys() == DOCUMENT["paths"].keys()
    assert servi.json["servers"] == [{"url": "http://127.0.0.1:5000"}]


def test_la_page_montre_tous_les_champs_et_toutes_les_operations(
    session: Session, navigateur: Navigateur
) -> None:
    page = navigateur.get("/documentation/api")
    assert [ligne["Champ"] for ligne in tableau(page, "champs-api")] == list(NOMS)
    titres = {texte(h3) for h3 in arbre(page).iter("h3")}
    assert titres == {operation["summary"] for _, _, operation in operations()}
    ancres = {str(a.get("href"))[1:] for a in arbre(page).iter("a") if str(a.get("href")).startswith("#")}
    assert ancres <= {e.get("id") for e in arbre(page).iter()}
