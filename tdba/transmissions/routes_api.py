"""What a key reads: its transmissions, and what the CFA corrected. A GET of the API writes nothing but its journal."""

import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, g, jsonify, request, url_for

from tdba import horloge, lectures, scope
from tdba.access import cle_api
from tdba.config import Configuration
from tdba.scope import Introuvable
from tdba.transmissions import api_corrections, api_lectures, cles, queries
from tdba.transmissions.api import Refusee, bp, erreur
from tdba.transmissions.api_corrections import CorrectionVue
from tdba.transmissions.api_lectures import TransmissionVue

_ENTIER: Final = re.compile(r"[0-9]{1,10}")


@bp.get("/transmissions")
@cle_api("la clé est vérifiée avant la vue")
def transmissions() -> Response:
    """The last transmissions of the key's organisme, newest first."""
    limite = _entier("limite", defaut=api_lectures.LIMITE, minimum=1, maximum=api_lectures.LIMITE_MAX)
    try:
        vues, suite = api_lectures.dernieres(g.emetteur, avant=_avant(), limite=limite)
    except Introuvable as absente:
        message = "La transmission donnée par « avant » n’existe pas : reprenez sans ce paramètre."
        raise Refusee(erreur(400, "Bad Request", message, {"parametre": "avant"})) from absente
    corps = {
        "transmissions": [_transmission(v) for v in vues],
        "suivant": str(vues[-1].uuid) if suite else None,
    }
    return jsonify(corps)


@bp.get("/transmissions/<uuid:transmission_uuid>")
@cle_api("la clé est vérifiée avant la vue")
def transmission(transmission_uuid: UUID) -> Response:
    """What became of one transmission, and a page of its refused lines. Another sender's does not exist."""
    vue = api_lectures.une(g.emetteur, transmission_uuid)
    apres = _entier("apres", defaut=0, minimum=0, maximum=api_lectures.RANG_MAX)
    lignes, suite = api_lectures.en_erreur(vue.id, apres=apres)
    corps = _transmission(vue) | {
        "causes": [
            {"champ": c.champ, "message": c.message, "nombre": c.nombre} for c in queries.causes(vue.id)
        ],
        "erreurs": [{"rang": x.rang, "id_erp": x.id_erp, "erreurs": x.erreurs} for x in lignes],
        "suivant": lignes[-1].rang if suite else None,
    }
    return jsonify(corps)


@bp.get("/corrections")
@cle_api("la clé est vérifiée avant la vue")
def corrections() -> Response:
    """What was corrected since a cursor or an instant, for the organismes that the key may write for. Names are read."""
    limite = _entier("limite", defaut=api_corrections.LIMITE, minimum=1, maximum=api_corrections.LIMITE_MAX)
    depuis = api_corrections.DEBUT
    if texte := request.args.get("depuis"):
        lu = api_corrections.lire_depuis(texte)
        if lu is None:
            message = "Le paramètre « depuis » est un curseur « suivant », un jour ou un instant ISO 8601 avec fuseau."
            raise Refusee(erreur(400, "Bad Request", message, {"parametre": "depuis"}))
        depuis = lu
    scope.entrer(cles.scope_de_lecture(g.emetteur))
    vues, suivant, encore = api_corrections.changees(depuis, maintenant=horloge.maintenant(), limite=limite)
    lectures.noms_lus("api_corrections", [v.effectif_id for v in vues])
    return jsonify({"corrections": [_correction(v) for v in vues], "suivant": str(suivant), "encore": encore})


def _avant() -> UUID | None:
    texte = request.args.get("avant")
    try:
        return UUID(texte) if texte else None
    except ValueError as faux:
        message = "Le paramètre « avant » est l’identifiant d’une transmission."
        raise Refusee(erreur(400, "Bad Request", message, {"parametre": "avant"})) from faux


def _entier(nom: str, *, defaut: int, minimum: int, maximum: int) -> int:
    texte = request.args.get(nom)
    if texte is None:
        return defaut
    if not _ENTIER.fullmatch(texte) or not minimum <= int(texte) <= maximum:
        message = f"Le paramètre « {nom} » est un nombre de {minimum} à {maximum}."
        raise Refusee(erreur(400, "Bad Request", message, {"parametre": nom}))
    return int(texte)


def _transmission(vue: TransmissionVue) -> dict[str, Any]:
    configuration: Configuration = current_app.extensions["tdba"]
    envoi = {"nom": vue.envoi, "partie": vue.partie, "parties": vue.parties} if vue.envoi else None
    return {
        "id": str(vue.uuid),
        "adresse": configuration.base_url + url_for("transmissions.detail", transmission_uuid=vue.uuid),
        "etat": vue.etat,
        "recue_le": vue.recue_le.isoformat(),
        "traitee_le": _instant(vue.traitee_le),
        "complete": vue.complete,
        "envoi": envoi,
        "cloture": _cloture(vue.cloture),
        "comptes": {
            "envoyees": vue.envoyees,
            "acceptees": vue.acceptees,
            "refusees": vue.refusees,
            "creees": vue.creees,
            "modifiees": vue.modifiees,
            "inchangees": vue.inchangees,
            "retenues": vue.retenues,
            "en_attente": vue.en_attente,
        },
    }


def _cloture(cloture: dict[str, Any] | None) -> dict[str, Any] | None:
    """What closing a complete sending did; `retenu`: too many records were missing, so none was flagged."""
    if cloture is None:
        return None
    retenu = [
        {"annee_scolaire": a["annee_scolaire"], "absents": a["absents"], "total": a["total"]}
        for a in cloture["retenu"]
    ]
    return {"plus_transmis": cloture["plus_transmis"], "retenu": retenu}


def _correction(vue: CorrectionVue) -> dict[str, Any]:
    return {
        "id_erp_apprenant": vue.id_erp,
        "annee_scolaire": vue.annee_scolaire,
        "etablissement_formateur_uai": vue.uai,
        "etablissement_formateur_siret": vue.siret,
        "champ": vue.champ,
        "valeur": vue.valeur,
        "valeur_source": vue.valeur_source,
        "motif": vue.motif,
        "corrigee_le": vue.corrigee_le.isoformat(),
        "etat": vue.etat,
        "changee_le": vue.changee_le.isoformat(),
    }


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
