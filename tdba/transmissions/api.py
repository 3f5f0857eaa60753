"""The API of ERPs, version 3: same path, names and answers as the existing service (decision 12), and what it lacked."""

import json
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from flask import Blueprint, Response, current_app, g, jsonify, request, url_for

from tdba import scope, web
from tdba.access import cle_api
from tdba.config import Configuration
from tdba.db import db
from tdba.transmissions import api_essai, api_idempotence, api_options, cles, service
from tdba.transmissions.api_essai import Essai
from tdba.transmissions.api_idempotence import AutreCorps, Deja
from tdba.transmissions.api_options import OptionRefusee, Options
from tdba.transmissions.cles import CleRefusee, Emetteur
from tdba.transmissions.service import LIGNES_MAX

bp = Blueprint("api_v3", __name__, url_prefix="/api/v3")

ILLISIBLE: Final = "Le corps de la requête n’est pas du JSON lisible, en UTF-8."
PAS_DU_JSON: Final = (
    "Le corps doit être du JSON en UTF-8, annoncé par « Content-Type: application/json » et non compressé."
)
AUTRE_CORPS: Final = (
    "Cette clé d’idempotence a déjà servi pour un autre envoi : reprenez le même corps et les mêmes paramètres, ou "
    "donnez une autre clé."
)


_JSON: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Refusee(Exception):
    """A call that cannot be read; carries its answer."""

    def __init__(self, reponse: Response) -> None:
        super().__init__(reponse.status_code)
        self.reponse = reponse


@bp.errorhandler(Refusee)
def refuser(refus: Refusee) -> Response:
    return refus.reponse


@bp.before_request
def authentifier() -> Response | None:
    """Open the API to a valid key, and to nothing else; the key's organisme becomes who acts.

    An address that tries too many wrong keys is told to wait, for its wrong keys only: one ERP sends for hundreds of
    CFA from one address, and the others' keys are good.
    """
    scope.entrer(scope.VIDE)
    try:
        emetteur = _reconnaitre()
    except CleRefusee as refus:
        web.limiter("cle_refusee", request.remote_addr or "")
        return erreur(403, "Forbidden", refus.raison.value)
    g.emetteur = emetteur
    scope.entrer(cles.scope_de(emetteur))
    web.limiter("api", emetteur.organisme_id)
    return None


def _reconnaitre() -> Emetteur:
    entete, adresse = request.headers.get("Authorization"), request.remote_addr
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return cles.reconnaitre(entete, adresse=adresse)
    # A GET reads (decision 37): the last use of the key is written in a transaction of its own.
    with scope.sous(scope.VIDE):
        emetteur = cles.reconnaitre(entete, adresse=adresse)
        db.session.commit()
    return emetteur


@bp.post("/dossiers-apprenants")
@cle_api("la clé est vérifiée avant la vue")
def recevoir() -> Response:
    """Store an array of lines. Answers 200 even when lines are wrong: each comes back with its errors."""
    emetteur: Emetteur = g.emetteur
    corps = _corps_json()
    options = _options(corps)
    if options.idempotence and not options.essai and (deja := _deja(emetteur, options)):
        return _rejouer(deja)
    lignes = _lignes(corps)
    if options.essai:
        essai = api_essai.essayer(lignes, emetteur, source="ERP")
        db.session.commit()
        return _essai(essai)
    transmission, stockees = service.recevoir(lignes, emetteur, source="ERP", options=options)
    db.session.commit()
    return _accuse([(s.texte, s.erreurs) for s in stockees], _reference(transmission.uuid))


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


def _corps_json() -> bytes:
    """The bytes sent, when they are announced as what we read. Raises Refusee, or 413 past 10 MB."""
    encodage = request.headers.get("Content-Encoding", "identity").strip().lower()
    jeu = request.mimetype_params.get("charset")
    if encodage not in ("", "identity") or not api_options.est_du_json(request.mimetype, jeu):
        raise Refusee(erreur(415, "Unsupported Media Type", PAS_DU_JSON))
    return request.get_data()


def _options(corps: bytes) -> Options:
    try:
        return api_options.lire(request.args, request.headers.get("Idempotency-Key"), corps)
    except OptionRefusee as refus:
        details = {"parametre": refus.option}
        raise Refusee(erreur(400, "Bad Request", refus.message, details)) from refus


def _lignes(corps: bytes) -> list[object]:
    """The array sent. Raises Refusee with the 400 that says why it is not one."""
    try:
        lues = json.loads(corps.decode("utf-8-sig"), parse_constant=_pas_un_nombre)
    except (ValueError, RecursionError) as refus:
        raise Refusee(erreur(400, "Bad Request", ILLISIBLE)) from refus
    if not isinstance(lues, list):
        raise Refusee(erreur(400, "Bad Request", "Un tableau JSON de dossiers est attendu."))
    if len(lues) > LIGNES_MAX:
        details = {"maximum": LIGNES_MAX, "recu": len(lues)}
        message = f"{LIGNES_MAX} dossiers au plus par appel : envoyez les suivants dans un autre appel."
        raise Refusee(erreur(400, "Bad Request", message, details))
    return lues


def _pas_un_nombre(_: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError


def _deja(emetteur: Emetteur, options: Options) -> Deja | None:
    assert options.idempotence is not None  # noqa: S101 - asked by the caller
    try:
        return api_idempotence.deja_recue(emetteur, options.idempotence)
    except AutreCorps as refus:
        raise Refusee(erreur(422, "Unprocessable Content", AUTRE_CORPS)) from refus


def _rejouer(deja: Deja) -> Response:
    """The first answer again, rebuilt from what it stored."""
    reponse = _accuse([(_JSON(contenu), erreurs) for contenu, erreurs in deja.lignes], _reference(deja.uuid))
    reponse.headers["Idempotency-Replayed"] = "true"
    db.session.commit()
    return reponse


def _essai(essai: Essai) -> Response:
    """The same answer, of which nothing was stored, and why lines would be refused."""
    causes = [cause._asdict() for cause in essai.causes]
    bilan = {"lignes": len(essai.lignes), "refusees": essai.refusees, "causes": causes}
    return _accuse(
        [(ligne.texte, ligne.erreurs) for ligne in essai.lignes], {"essai": bilan}, message="Tested"
    )


def _accuse(
    lignes: Sequence[tuple[str, list[dict[str, Any]]]], suite: dict[str, Any], *, message: str = "Queued"
) -> Response:
    """The answer that ERPs know: each line, as JSON, comes back with its errors. Written by hand around the lines, which
    are JSON already: they are most of three megabytes.
    """
    tete: dict[str, Any] = {"status": "OK", "message": message}
    if any(erreurs for _, erreurs in lignes):
        tete["detail"] = "Some data are invalid"
    donnees = ",".join([_rendue(texte, erreurs) if erreurs else texte for texte, erreurs in lignes])
    corps = f'{_JSON(tete | suite)[:-1]},"data":[{donnees}]}}'
    return Response(corps, mimetype="application/json")


def _rendue(texte: str, erreurs: list[dict[str, Any]]) -> str:
    debut = "{" if texte == "{}" else f"{texte[:-1]},"
    return f'{debut}"validation_errors":{_JSON(erreurs)}}}'


def _reference(uuid: object) -> dict[str, Any]:
    """Where the sender, and the CFA, find what became of it."""
    configuration: Configuration = current_app.extensions["tdba"]
    adresse = configuration.base_url + url_for("transmissions.detail", transmission_uuid=uuid)
    suivi = configuration.base_url + url_for("api_v3.transmission", transmission_uuid=uuid)
    return {"transmission": {"id": str(uuid), "adresse": adresse, "suivi": suivi}}
