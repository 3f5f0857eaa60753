"""The document of pairing: how a software without a key gets one, without anybody copying a secret."""

from collections.abc import Sequence
from typing import Final

from tdba.transmissions.forms_cles import ERP_MAX
from tdba.transmissions.openapi_base import (
    ADRESSE,
    SANS_CLE,
    TEXTE_OU_RIEN,
    Json,
    Operation,
    erreurs,
    objet,
    ref,
    reponse,
    tout,
)

CHEMIN: Final = "/api/v3/appairages"
_SECONDES: Final[Json] = {"type": "integer", "minimum": 1}
_CODE: Final = "exemple-de-code-que-le-logiciel-garde-secret"

SCHEMAS: Final[dict[str, Json]] = {
    "Appairage": tout(
        code_appareil={
            "type": "string",
            "description": "Secret du logiciel : à garder, à ne montrer à personne.",
        },
        code_utilisateur={
            "type": "string",
            "description": "À montrer à l’utilisateur, qui le tape à « adresse ».",
        },
        adresse=ADRESSE,
        expire_dans=_SECONDES | {"description": "Secondes avant que la demande n’expire."},
        intervalle=_SECONDES | {"description": "Secondes à laisser entre deux demandes de la clé."},
    ),
    "CleRemise": tout(
        cle={"type": "string", "description": "La clé d’API, remise une seule fois."},
        organisme=tout(nom={"type": "string"}, uai=TEXTE_OU_RIEN, siret=TEXTE_OU_RIEN),
    ),
    "AppairageEnAttente": tout(etat={"const": "en_attente"}, message={"type": "string"}),
}


def _corps(schema: Json, exemple: Json) -> Json:
    return {"required": True, "content": {"application/json": {"schema": schema, "example": exemple}}}


OPERATIONS: Final[Sequence[Operation]] = (
    Operation(
        "post",
        CHEMIN,
        "Demander une clé",
        {
            "operationId": "demanderAppairage",
            "tags": ["Connexion d’un logiciel"],
            "description": "Ouvre une demande : un secret pour le logiciel, un code que son utilisateur tape à l’adresse "
            "donnée. L’UAI et le SIRET sont facultatifs.",
            "security": SANS_CLE,
            "requestBody": _corps(
                objet(
                    ["erp"],
                    erp={
                        "type": "string",
                        "minLength": 1,
                        "maxLength": ERP_MAX,
                        "description": "Nom du logiciel.",
                    },
                    uai=TEXTE_OU_RIEN,
                    siret=TEXTE_OU_RIEN,
                )
                | {"additionalProperties": True},
                {"erp": "Mon logiciel", "uai": "0440010X", "siret": "43937112100013"},
            ),
            "responses": {
                "200": reponse(
                    "La demande est ouverte.",
                    ref("Appairage"),
                    {
                        "code_appareil": _CODE,
                        "code_utilisateur": "BCDF-GHJK",
                        "adresse": "https://exemple.fr/connexion-api",
                        "expire_dans": 900,
                        "intervalle": 5,
                    },
                ),
                **erreurs(400, 413),
            },
        },
        curl=f"""curl -X POST '{{base}}{CHEMIN}' \\
  -H 'Content-Type: application/json' \\
  --data '{{"erp": "Mon logiciel"}}'""",
    ),
    Operation(
        "post",
        f"{CHEMIN}/cle",
        "Prendre la clé accordée",
        {
            "operationId": "prendreCle",
            "tags": ["Connexion d’un logiciel"],
            "description": "Redemandez à l’intervalle donné : 202 tant que personne n’a répondu, 200 avec la clé, une seule "
            "fois, puis 410.",
            "security": SANS_CLE,
            "requestBody": _corps(
                objet(["code_appareil"], code_appareil={"type": "string"}) | {"additionalProperties": True},
                {"code_appareil": _CODE},
            ),
            "responses": {
                "200": reponse(
                    "La clé.",
                    ref("CleRemise"),
                    {
                        "cle": "une-cle-d-exemple",
                        "organisme": {"nom": "CFA des Dunes", "uai": "0440010X", "siret": "43937112100013"},
                    },
                ),
                "202": reponse(
                    "Personne n’a encore répondu.",
                    ref("AppairageEnAttente"),
                    {"etat": "en_attente", "message": "La demande attend sa réponse."},
                ),
                **erreurs(400, 403, 404, 410, 413),
            },
        },
        curl=f"""curl -X POST '{{base}}{CHEMIN}/cle' \\
  -H 'Content-Type: application/json' \\
  --data '{{"code_appareil": "CELUI_DE_LA_DEMANDE"}}'""",
    ),
)
