"""The document of what a key reads: its transmissions, what the CFA corrected, and the document itself."""

from collections.abc import Sequence
from typing import Final

from tdba.effectifs.motifs import MOTIFS
from tdba.transmissions import api_corrections, api_lectures
from tdba.transmissions import openapi_exemples as exemples
from tdba.transmissions.models import ETATS_TRANSMISSION
from tdba.transmissions.openapi_base import (
    ADRESSE,
    CLE,
    INSTANT,
    INSTANT_OU_RIEN,
    NOMBRE,
    SANS_CLE,
    TEXTE_OU_RIEN,
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

_RANG_OU_RIEN: Final[Json] = {"type": ["integer", "null"], "minimum": 1}
_COMPTES: Final = (
    "envoyees", "acceptees", "refusees", "creees", "modifiees", "inchangees", "retenues", "en_attente",
)  # fmt: skip

_TRANSMISSION: Final[dict[str, Json]] = {
    "id": UUID_,
    "adresse": ADRESSE | {"description": "Page du CFA."},
    "etat": {
        "enum": list(ETATS_TRANSMISSION),
        "description": "RECUE : des lignes attendent encore ; TRAITEE : toutes ont leur résultat ; ANNULEE : défaite.",
    },
    "recue_le": INSTANT,
    "traitee_le": INSTANT_OU_RIEN,
    "complete": {"type": "boolean"},
    "envoi": {"anyOf": [ref("Partie"), {"type": "null"}]},
    "cloture": {"anyOf": [ref("Cloture"), {"type": "null"}]},
    "comptes": ref("Comptes"),
}

SCHEMAS: Final[dict[str, Json]] = {
    "Comptes": tout(**dict.fromkeys(_COMPTES, NOMBRE))
    | {
        "description": "Nombres de lignes. Acceptées : créées, modifiées ou inchangées. Retenues : la fiche est dans la "
        "corbeille, ou transférée à un autre établissement. En attente : pas encore appliquées."
    },
    "Partie": tout(nom={"type": "string"}, partie=NOMBRE, parties=NOMBRE),
    "Cloture": tout(
        plus_transmis=NOMBRE
        | {
            "description": "Fiches marquées « plus transmises », parce que l’envoi complet ne les contient plus."
        },
        retenu={
            "type": "array",
            "description": "Non vide : trop de fiches manquaient, aucune n’a été marquée.",
            "items": tout(annee_scolaire={"type": "string"}, absents=NOMBRE, total=NOMBRE),
        },
    ),
    "Transmission": tout(**_TRANSMISSION),
    "TransmissionDetaillee": tout(
        **_TRANSMISSION,
        causes={
            "type": "array",
            "description": "Raisons des refus, la plus fréquente d’abord.",
            "items": tout(champ={"type": "string"}, message={"type": "string"}, nombre=NOMBRE),
        },
        erreurs={
            "type": "array",
            "maxItems": api_lectures.PAGE,
            "description": "Lignes refusées, dans l’ordre de l’envoi.",
            "items": tout(
                rang={"type": "integer", "minimum": 1},
                id_erp={"type": ["string", "number", "boolean", "null"]},
                erreurs={"type": "array", "items": ref("ErreurDeLigne")},
            ),
        },
        suivant=_RANG_OU_RIEN | {"description": "À donner en « apres » pour lire la suite."},
    ),
    "Correction": tout(
        id_erp_apprenant={"type": "string"},
        annee_scolaire={"type": "string"},
        etablissement_formateur_uai=TEXTE_OU_RIEN,
        etablissement_formateur_siret=TEXTE_OU_RIEN,
        champ={"type": "string", "description": "Champ de la ligne, avec le suffixe du contrat."},
        valeur=TEXTE_OU_RIEN | {"description": "Valeur juste selon le CFA ; nulle : le champ est à vider."},
        valeur_source=TEXTE_OU_RIEN | {"description": "Ce que votre logiciel disait alors."},
        motif={"enum": list(MOTIFS)},
        corrigee_le=INSTANT,
        etat={
            "enum": list(api_corrections.ETATS),
            "description": "ACTIVE : à reporter dans votre logiciel ; CONFLIT : votre logiciel dit depuis une troisième "
            "valeur ; REJOINTE : votre logiciel dit la même chose ; REMPLACEE : par une autre correction ; ANNULEE.",
        },
        changee_le=INSTANT,
    ),
}

_VUE: Final[Json] = {
    "id": exemples.UUID_EXEMPLE,
    "adresse": f"https://exemple.fr/transmissions/{exemples.UUID_EXEMPLE}",
    "etat": "TRAITEE",
    "recue_le": "2026-11-18T04:12:09+00:00",
    "traitee_le": "2026-11-18T04:12:14+00:00",
    "complete": True,
    "envoi": {"nom": "2026-11-18", "partie": 1, "parties": 1},
    "cloture": {"plus_transmis": 3, "retenu": []},
    "comptes": dict(zip(_COMPTES, (400, 398, 2, 4, 12, 382, 0, 0), strict=True)),
}
_DETAIL: Final = _VUE | {
    "causes": [{"champ": "annee_formation", "message": exemples.ERREURS[0]["message"], "nombre": 2}],
    "erreurs": [{"rang": 214, "id_erp": "A-18", "erreurs": exemples.ERREURS}],
    "suivant": None,
}
_CORRECTION: Final[Json] = {
    "id_erp_apprenant": "A-17",
    "annee_scolaire": "2026-2027",
    "etablissement_formateur_uai": "0440010X",
    "etablissement_formateur_siret": "43937112100013",
    "champ": "contrat_date_debut_2",
    "valeur": "2026-11-17",
    "valeur_source": "2026-11-16",
    "motif": "PIECE_VUE",
    "corrigee_le": "2026-11-18T09:30:00+00:00",
    "etat": "ACTIVE",
    "changee_le": "2026-11-18T09:30:00+00:00",
}


def _limite(maximum: int, defaut: int) -> Json:
    schema = {"type": "integer", "minimum": 1, "maximum": maximum, "default": defaut}
    return parametre("limite", "Nombre d’éléments au plus.", schema)


def _liste(nom: str, items: str, **suite: Json) -> Json:
    return objet([nom, *suite], **{nom: {"type": "array", "items": ref(items)}}, **suite)


OPERATIONS: Final[Sequence[Operation]] = (
    Operation(
        "get",
        "/api/v3/transmissions",
        "Lister ses transmissions",
        {
            "operationId": "listerTransmissions",
            "tags": ["Suivi"],
            "description": "Les transmissions de votre organisme par l’API, de la plus récente à la plus ancienne.",
            "security": CLE,
            "parameters": [
                parametre(
                    "avant", "Reprendre après cette transmission : le « suivant » de la page lue.", UUID_
                ),
                _limite(api_lectures.LIMITE_MAX, api_lectures.LIMITE),
            ],
            "responses": {
                "200": reponse(
                    "Une page de transmissions.",
                    _liste(
                        "transmissions",
                        "Transmission",
                        suivant={"type": ["string", "null"], "format": "uuid"},
                    ),
                    {"transmissions": [_VUE], "suivant": None},
                ),
                **erreurs(400, 403),
            },
        },
        curl="curl '{base}/api/v3/transmissions?limite=10' -H 'Authorization: Bearer VOTRE_CLE'",
    ),
    Operation(
        "get",
        "/api/v3/transmissions/{id}",
        "Suivre une transmission",
        {
            "operationId": "lireTransmission",
            "tags": ["Suivi"],
            "description": "Ce que ses lignes sont devenues, et ses lignes refusées, page par page.",
            "security": CLE,
            "parameters": [
                parametre("id", "Identifiant donné par l’envoi.", UUID_, ou="path", requis=True),
                parametre(
                    "apres",
                    "Rang de la dernière ligne refusée déjà lue.",
                    {"type": "integer", "minimum": 0, "maximum": api_lectures.RANG_MAX, "default": 0},
                ),
            ],
            "responses": {
                "200": reponse("La transmission.", ref("TransmissionDetaillee"), _DETAIL),
                **erreurs(400, 403, 404),
            },
        },
        curl=f"curl '{{base}}/api/v3/transmissions/{exemples.UUID_EXEMPLE}' -H 'Authorization: Bearer VOTRE_CLE'",
    ),
    Operation(
        "get",
        "/api/v3/corrections",
        "Reprendre les corrections du CFA",
        {
            "operationId": "lireCorrections",
            "tags": ["Corrections"],
            "description": "Ce que les CFA ont corrigé sur les fiches des établissements pour lesquels la clé envoie, dans "
            "l’ordre des changements d’état : une correction annulée ou rejointe revient avec son nouvel état. Gardez "
            "« suivant » et donnez-le la fois d’après. Les changements de la dernière minute attendent l’appel suivant.",
            "security": CLE,
            "parameters": [
                parametre(
                    "depuis",
                    "Le « suivant » du dernier appel, un jour (AAAA-MM-JJ, heure de Paris) ou un instant avec fuseau ; "
                    "tout, sans lui.",
                    {"type": "string"},
                ),
                _limite(api_corrections.LIMITE_MAX, api_corrections.LIMITE),
            ],
            "responses": {
                "200": reponse(
                    "Une page de corrections ; « encore » : d’autres attendent déjà.",
                    _liste(
                        "corrections", "Correction", suivant={"type": "string"}, encore={"type": "boolean"}
                    ),
                    {"corrections": [_CORRECTION], "suivant": "MTc5NTAwMDIwMDAwMDAwMC40Mg", "encore": False},
                ),
                **erreurs(400, 403),
            },
        },
        curl="curl '{base}/api/v3/corrections?depuis=2026-11-01' -H 'Authorization: Bearer VOTRE_CLE'",
    ),
    Operation(
        "get",
        "/api/v3/openapi.json",
        "Lire cette description",
        {
            "operationId": "lireDescription",
            "tags": ["Description"],
            "description": "Ce document, au format OpenAPI 3.1.",
            "security": SANS_CLE,
            "responses": {
                "200": reponse("Le document.", {"type": "object"}, {"openapi": "3.1.0"}),
                **erreurs(),
            },
        },
        curl="curl '{base}/api/v3/openapi.json'",
    ),
)
