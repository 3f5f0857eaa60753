"""The document of what a sender sends: lines, trials, and the test of a key."""

from collections.abc import Sequence
from typing import Final

from tdba.transmissions import openapi_exemples as exemples
from tdba.transmissions.api_essai import RANGS_MAX
from tdba.transmissions.api_options import CLE_MAX, ENVOI_MAX, PARTIES_MAX
from tdba.transmissions.openapi_base import (
    ADRESSE,
    CLE,
    NOMBRE,
    UUID_,
    Json,
    Operation,
    erreurs,
    objet,
    parametre,
    ref,
    reponse,
    tout,
)
from tdba.transmissions.openapi_champs import CHAMPS_DECRITS
from tdba.transmissions.service import LIGNES_MAX

CHEMIN: Final = "/api/v3/dossiers-apprenants"

SCHEMAS: Final[dict[str, Json]] = {
    "DossierApprenant": {
        "type": "object",
        "description": "Une ligne : un apprenant, dans une formation, pour une année scolaire. Un champ absent ou nul "
        "n’est pas renseigné : s’il l’était avant, il ne l’est plus. Les champs inconnus sont ignorés.",
        "required": [champ.nom for champ in CHAMPS_DECRITS if champ.obligatoire],
        "properties": {champ.nom: champ.schema for champ in CHAMPS_DECRITS},
    },
    "ErreurDeLigne": tout(
        message={"type": "string", "description": "Phrase en français, sans la valeur reçue."},
        path={"type": "array", "items": {"type": "string"}, "maxItems": 1, "description": "Champ en cause."},
    ),
    "LigneRecue": {
        "type": "object",
        "description": "La ligne telle qu’elle est gardée ; « validation_errors » dit pourquoi elle est refusée.",
        "properties": {
            "validation_errors": {"type": "array", "minItems": 1, "items": ref("ErreurDeLigne")},
        },
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    },
    "Cause": tout(
        champ={"type": "string", "description": "Vide quand toute la ligne est en cause."},
        message={"type": "string"},
        nombre=NOMBRE,
        rangs={
            "type": "array",
            "items": NOMBRE,
            "maxItems": RANGS_MAX,
            "description": "Les premières lignes.",
        },
    ),
    "Envoi": objet(
        ["status", "message", "data"],
        status={"const": "OK"},
        message={"enum": ["Queued", "Tested"], "description": "« Tested » pour un essai."},
        detail={"const": "Some data are invalid", "description": "Présent si une ligne est refusée."},
        data={"type": "array", "items": ref("LigneRecue"), "description": "Les lignes, dans l’ordre reçu."},
        transmission=tout(
            id=UUID_,
            adresse=ADRESSE | {"description": "Page du CFA."},
            suivi=ADRESSE | {"description": "La même chose, par l’API."},
        )
        | {"description": "Absent d’un essai."},
        essai=tout(lignes=NOMBRE, refusees=NOMBRE, causes={"type": "array", "items": ref("Cause")})
        | {"description": "Présent seulement pour un essai."},
    ),
}

_REFUSEE: Final = exemples.FAUSSE | {"validation_errors": exemples.ERREURS}
_BASE: Final = "https://exemple.fr"
_ACCEPTE: Final[Json] = {
    "status": "OK",
    "message": "Queued",
    "detail": "Some data are invalid",
    "data": [_REFUSEE],
    "transmission": {
        "id": exemples.UUID_EXEMPLE,
        "adresse": f"{_BASE}/transmissions/{exemples.UUID_EXEMPLE}",
        "suivi": f"{_BASE}/api/v3/transmissions/{exemples.UUID_EXEMPLE}",
    },
}
_REJOUE: Final[Json] = {
    "Idempotency-Replayed": {
        "description": "« true » quand la réponse est celle d’un envoi déjà reçu sous cette clé d’idempotence.",
        "schema": {"const": "true"},
    }
}
_OUI_NON: Final[Json] = {"type": "string", "enum": ["0", "1"]}
_RANG: Final[Json] = {"type": "integer", "minimum": 1, "maximum": PARTIES_MAX}

_PARAMETRES: Final = [
    parametre("essai", "1 : tout est vérifié et répondu, rien n’est enregistré.", _OUI_NON),
    parametre(
        "complet",
        "1 : cet appel contient toutes les fiches des établissements et des années scolaires qu’il nomme.",
        _OUI_NON,
    ),
    parametre(
        "envoi",
        "Nom d’un envoi complet fait de plusieurs appels, reçus en un jour ; un nom nouveau à chaque envoi.",
        {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": ENVOI_MAX},
    ),
    parametre("partie", "Rang de cet appel dans l’envoi, à partir de 1, dans n’importe quel ordre.", _RANG),
    parametre("parties", "Nombre d’appels de l’envoi.", _RANG),
    parametre(
        "Idempotency-Key",
        "Le même appel reçu deux fois sous la même clé n’est enregistré qu’une fois, pendant 90 jours.",
        {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": CLE_MAX},
        ou="header",
    ),
]

OPERATIONS: Final[Sequence[Operation]] = (
    Operation(
        "post",
        CHEMIN,
        "Envoyer des dossiers",
        {
            "operationId": "envoyerDossiers",
            "tags": ["Envoi"],
            "description": f"Envoie de 0 à {LIGNES_MAX} lignes, enregistrées avant la réponse et appliquées juste après. "
            "La réponse est 200 même si des lignes sont refusées : chacune dit ses erreurs.",
            "security": CLE,
            "parameters": _PARAMETRES,
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "array",
                            "maxItems": LIGNES_MAX,
                            "items": ref("DossierApprenant"),
                        },
                        "examples": {
                            "minimale": {"summary": "Le moins possible", "value": [exemples.MINIMALE]},
                            "complete": {"summary": "Deux contrats", "value": [exemples.COMPLETE]},
                        },
                    }
                },
            },
            "responses": {
                "200": reponse("Les lignes sont enregistrées.", ref("Envoi"), _ACCEPTE, _REJOUE),
                **erreurs(400, 403, 413, 415, 422),
            },
        },
        curl=f"""curl -X POST '{{base}}{CHEMIN}' \\
  -H 'Authorization: Bearer VOTRE_CLE' \\
  -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: 2026-11-18-lot-1' \\
  --data @dossiers.json""",
    ),
    Operation(
        "post",
        f"{CHEMIN}/test",
        "Essayer sa clé",
        {
            "operationId": "essayerCle",
            "tags": ["Envoi"],
            "description": "Dit que la clé fonctionne ; le corps n’est pas lu.",
            "security": CLE,
            "responses": {
                "200": reponse("La clé fonctionne.", tout(msg={"const": "ok"}), {"msg": "ok"}),
                **erreurs(403),
            },
        },
        curl=f"""curl -X POST '{{base}}{CHEMIN}/test' -H 'Authorization: Bearer VOTRE_CLE'""",
    ),
)
