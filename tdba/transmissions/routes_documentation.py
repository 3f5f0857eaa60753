"""The document of the API, for machines and for people: open to anybody, made of the rules that read the lines."""

import json
import re
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template

from tdba.access import public
from tdba.config import Configuration
from tdba.transmissions import openapi, openapi_champs
from tdba.transmissions import openapi_exemples as exemples
from tdba.transmissions.api_envois import NOMBRE_MAX
from tdba.transmissions.openapi_base import LIMITES, Operation
from tdba.transmissions.openapi_champs import ChampDecrit
from tdba.transmissions.service import LIGNES_MAX

bp = Blueprint("api_documentation", __name__)

_LIEUX: Final = {"query": "adresse", "path": "chemin", "header": "en-tête"}


class ReponseVue(NamedTuple):
    code: str
    description: str


class ParametreVue(NamedTuple):
    nom: str
    ou: str
    description: str


class OperationVue(NamedTuple):
    """One operation as the page shows it."""

    ancre: str
    titre: str
    methode: str
    chemin: str
    description: str
    parametres: list[ParametreVue]
    reponses: list[ReponseVue]
    curl: str
    exemple: str


@bp.get("/api/v3/openapi.json")
@public("la description de l’API sert avant d’avoir une clé")
def document() -> Response:
    """The OpenAPI 3.1 document."""
    return jsonify(openapi.document(_adresse()))


@bp.get("/documentation/api")
@public("le mode d’emploi de l’API sert avant d’avoir une clé")
def page() -> Response:
    """The same, in French, for whoever writes or sets up a sender."""
    return make_response(
        render_template(
            "transmissions/api_documentation.html",
            operations=[_vue(operation) for operation in openapi.OPERATIONS],
            champs=[_champ(champ) for champ in openapi_champs.CHAMPS_DECRITS],
            exemple=_json([exemples.MINIMALE]),
            lignes_max=LIGNES_MAX,
            absents_max=NOMBRE_MAX,
            limites=LIMITES,
            base=_adresse(),
        )
    )


def _adresse() -> str:
    configuration: Configuration = current_app.extensions["tdba"]
    return configuration.base_url


def _vue(operation: Operation) -> OperationVue:
    dite = operation.document
    reussie = next(r for code, r in dite["responses"].items() if code.startswith("2"))
    return OperationVue(
        ancre=dite["operationId"],
        titre=operation.titre,
        methode=operation.methode.upper(),
        chemin=operation.chemin,
        description=_insecable(dite["description"]),
        parametres=[
            ParametreVue(p["name"], _LIEUX[p["in"]], _insecable(p["description"]))
            for p in dite.get("parameters", [])
        ],
        reponses=[ReponseVue(code, _insecable(r["description"])) for code, r in dite["responses"].items()],
        curl=operation.curl.replace("{base}", _adresse()),
        exemple=_json(reussie["content"]["application/json"]["example"]),
    )


def _champ(champ: ChampDecrit) -> ChampDecrit:
    return champ._replace(
        description=_insecable(champ.description),
        accepte=_insecable(champ.accepte),
        transformation=_insecable(champ.transformation),
        si_faux=_insecable(champ.si_faux),
    )


def _insecable(texte: str) -> str:
    """French typography on a page: no line begins with a mark, none ends with an opening quote."""
    return re.sub("« ", "«\u00a0", re.sub(" ([:;?!»])", "\u00a0\\1", texte))


def _json(valeur: Any) -> str:
    return json.dumps(valeur, ensure_ascii=False, indent=2)
