"""The API of ERPs, version 3: same path, names and answers as the existing service (decision 12)."""

import json
from typing import Any, Final

from flask import Blueprint, Response, current_app, g, jsonify, request, url_for

from tdba import scope, web
from tdba.access import cle_api
from tdba.config import Configuration
from tdba.db import db
from tdba.transmissions import cles, service
from tdba.transmissions.cles import CleRefusee
from tdba.transmissions.service import LIGNES_MAX, LigneStockee

bp = Blueprint("api_v3", __name__, url_prefix="/api/v3")

PROFONDEUR: Final = "Le corps de la requête n’est pas du JSON lisible."


@bp.before_request
def authentifier() -> Response | None:
    """Open the API to a valid key, and to nothing else; the key's organisme becomes who acts.

    An address that tries too many wrong keys is told to wait, for its wrong keys only: one ERP sends for hundreds of
    CFA from one address, and the others' keys are good.
    """
    scope.entrer(scope.VIDE)
    try:
        emetteur = cles.reconnaitre(request.headers.get("Authorization"), adresse=request.remote_addr)
    except CleRefusee as refus:
        web.limiter("cle_refusee", request.remote_addr or "")
        return erreur(403, "Forbidden", refus.raison.value)
    g.emetteur = emetteur
    scope.entrer(cles.scope_de(emetteur))
    web.limiter("api", emetteur.organisme_id)
    return None


@bp.post("/dossiers-apprenants")
@cle_api("la clé est vérifiée avant la vue")
def recevoir() -> Response:
    """Store an array of lines. Answers 200 even when lines are wrong: each comes back with its errors."""
    lignes = _lire_corps()
    if isinstance(lignes, Response):
        return lignes
    transmission, stockees = service.recevoir(lignes, g.emetteur, source="ERP")
    db.session.commit()
    configuration: Configuration = current_app.extensions["tdba"]
    adresse = configuration.base_url + url_for("transmissions.detail", transmission_uuid=transmission.uuid)
    corps = _corps(stockees) | {"transmission": {"id": str(transmission.uuid), "adresse": adresse}}
    return jsonify(corps)


@bp.post("/dossiers-apprenants/test")
@cle_api("la clé est vérifiée avant la vue")
def essayer() -> Response:
    """Say that the key works, as the existing service does."""
    db.session.commit()
    return jsonify({"msg": "ok"})


def erreur(code: int, titre: str, message: str, details: dict[str, Any] | None = None) -> Response:
    """An error in the shape that ERPs know: error, message, details, issues."""
    reponse = jsonify({"error": titre, "message": message, "details": details or {}, "issues": []})
    reponse.status_code = code
    return reponse


def _lire_corps() -> list[object] | Response:
    """The array sent, or the 400 that says why it is not one."""
    try:
        corps = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return erreur(400, "Bad Request", PROFONDEUR)
    if not isinstance(corps, list):
        return erreur(400, "Bad Request", "Un tableau JSON de dossiers est attendu.")
    if len(corps) > LIGNES_MAX:
        details = {"maximum": LIGNES_MAX, "recu": len(corps)}
        message = f"{LIGNES_MAX} dossiers au plus par appel : envoyez les suivants dans un autre appel."
        return erreur(400, "Bad Request", message, details)
    return corps


def _corps(stockees: list[LigneStockee]) -> dict[str, Any]:
    donnees = [s.contenu | ({"validation_errors": s.erreurs} if s.erreurs else {}) for s in stockees]
    corps: dict[str, Any] = {"status": "OK", "message": "Queued", "data": donnees}
    if any(s.erreurs for s in stockees):
        corps["detail"] = "Some data are invalid"
    return corps
