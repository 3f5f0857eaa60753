"""What every operation of the document is made of: answers, parameters, errors, one schema for each shape."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tdba.debits import DEBITS

Json = dict[str, Any]


class Operation(NamedTuple):
    """One operation: its OpenAPI object, and what the page shows beside it."""

    methode: str
    chemin: str
    titre: str
    document: Mapping[str, Any]
    curl: str = ""


ERREUR: Final[Json] = {
    "type": "object",
    "description": "Toutes les erreurs ont cette forme.",
    "required": ["error", "message", "details", "issues"],
    "properties": {
        "error": {"type": "string", "description": "Nom court de l’erreur."},
        "message": {"type": "string", "description": "Phrase en français, à montrer telle quelle."},
        "details": {
            "type": "object",
            "description": "Selon l’erreur : « parametre », le paramètre en cause ; « maximum » et « recu » ; "
            "« reference », à donner au support.",
            "additionalProperties": True,
        },
        "issues": {"type": "array", "description": "Toujours vide.", "items": {}},
    },
    "additionalProperties": False,
}

_ERREURS: Final = {
    400: "La demande n’est pas lisible : JSON illisible, paramètre illisible ou hors de ses bornes.",
    403: "La clé manque, est inconnue, expirée ou révoquée ; le message dit lequel.",
    404: "Introuvable, ou envoyé par un autre organisme : la réponse est la même.",
    410: "Trop tard : la demande a expiré, ou la clé a déjà été remise.",
    413: "Le corps dépasse 10 Mo.",
    415: "Le corps n’est pas du JSON en UTF-8, ou il est compressé.",
    422: "La même clé d’idempotence a déjà servi pour un autre envoi.",
    429: "Trop d’appels ; l’en-tête Retry-After dit quand revenir.",
    500: "Erreur interne : rien n’a été enregistré. Donnez la référence au support.",
    503: "Service momentanément indisponible : rien n’a été enregistré. Revenez après le délai de Retry-After.",
}
_ATTENTE: Final[Json] = {
    "Retry-After": {"description": "Secondes à attendre.", "schema": {"type": "integer", "minimum": 1}}
}


def ref(nom: str) -> Json:
    return {"$ref": f"#/components/schemas/{nom}"}


def reponse(description: str, schema: Json, exemple: Any, entetes: Json | None = None) -> Json:
    contenu = {"application/json": {"schema": schema, "example": exemple}}
    return {"description": description, "content": contenu} | ({"headers": entetes} if entetes else {})


def erreurs(*codes: int) -> Json:
    """The answers of these errors, and of those that any operation may give."""
    corps = {"application/json": {"schema": ref("Erreur")}}
    return {
        str(code): {"description": _ERREURS[code], "content": corps}
        | ({"headers": _ATTENTE} if code in (429, 503) else {})
        for code in sorted({*codes, 429, 500, 503})
    }


def parametre(nom: str, description: str, schema: Json, *, ou: str = "query", requis: bool = False) -> Json:
    return {"name": nom, "in": ou, "required": requis, "description": description, "schema": schema}


def objet(requis: Sequence[str], **proprietes: Json) -> Json:
    """A closed object; properties that are not named in `requis` may be missing."""
    return {
        "type": "object",
        "required": list(requis),
        "properties": proprietes,
        "additionalProperties": False,
    }


def tout(**proprietes: Json) -> Json:
    """A closed object whose properties are all there."""
    return objet(list(proprietes), **proprietes)


NOMBRE: Final[Json] = {"type": "integer", "minimum": 0}
INSTANT: Final[Json] = {"type": "string", "format": "date-time"}
INSTANT_OU_RIEN: Final[Json] = {"type": ["string", "null"], "format": "date-time"}
UUID_: Final[Json] = {"type": "string", "format": "uuid"}
ADRESSE: Final[Json] = {"type": "string", "format": "uri"}
TEXTE_OU_RIEN: Final[Json] = {"type": ["string", "null"]}

CLE: Final[list[Json]] = [{"cle": []}]
SANS_CLE: Final[list[Json]] = []

LIMITES: Final = {nom: (DEBITS[nom].maximum, DEBITS[nom].secondes) for nom in ("api", "cle_refusee")}
