"""The OpenAPI 3.1 document of the API, made of the rules that read the lines: what it says is what is done."""

from typing import Any, Final

from tdba.transmissions import openapi_appairages, openapi_envoi, openapi_lecture
from tdba.transmissions.openapi_base import ERREUR, LIMITES, Operation

MODULES: Final = (openapi_envoi, openapi_lecture, openapi_appairages)
"""Each module brings its `OPERATIONS` and its `SCHEMAS`: adding one here puts it in the document and on the page."""

OPERATIONS: Final[tuple[Operation, ...]] = tuple(o for module in MODULES for o in module.OPERATIONS)

VERSION: Final = "3.1"
_APPELS, _SECONDES = LIMITES["api"]
_REFUS, _ = LIMITES["cle_refusee"]
PRESENTATION: Final = (
    "API par laquelle les logiciels des CFA transmettent leurs dossiers d’apprenants et reprennent ce que les CFA ont "
    "corrigé. Mêmes chemins, champs et réponses que l’API v3 du service existant. "
    f"Limites : {_APPELS} appels en {_SECONDES} secondes par organisme ; {_REFUS} clés refusées en {_SECONDES} secondes "
    "par adresse. Au-delà : 429 et Retry-After. Une adresse inconnue répond 404, une méthode inconnue 405, dans la forme "
    "générale des erreurs. Un objet JSON qui porte deux fois le même champ vaut par le dernier."
)


def document(adresse: str) -> dict[str, Any]:
    """The whole document, for a service at `adresse`."""
    chemins: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        chemins.setdefault(operation.chemin, {})[operation.methode] = {
            "summary": operation.titre,
            **operation.document,
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dossiers apprenants",
            "version": VERSION,
            "description": PRESENTATION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": adresse}],
        "externalDocs": {"url": f"{adresse}/documentation/api", "description": "Mode d’emploi en français"},
        "paths": chemins,
        "components": {
            "schemas": {"Erreur": ERREUR} | {n: s for module in MODULES for n, s in module.SCHEMAS.items()},
            "securitySchemes": {
                "cle": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Clé d’API d’un organisme : « Authorization: Bearer <clé> ».",
                }
            },
        },
    }
