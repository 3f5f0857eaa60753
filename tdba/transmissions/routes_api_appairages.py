"""The API of pairing: an ERP asks for a key, then takes it (RFC 8628 in our words). No key is needed to ask for one."""

import json
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, jsonify, request, url_for

from tdba import horloge
from tdba.access import public
from tdba.config import Configuration
from tdba.db import db
from tdba.debits import debit
from tdba.organismes import queries as organismes
from tdba.transmissions import service_appairages as appairages
from tdba.transmissions.api import erreur
from tdba.transmissions.forms_cles import ERP_MAX
from tdba.transmissions.identifiants import siret_valide, uai_valide
from tdba.transmissions.service_appairages import Remise, Suite

bp = Blueprint("api_appairages", __name__, url_prefix="/api/v3")

TAILLE_MAX: Final = 4096
ATTENDU: Final = "Un objet JSON est attendu."
CODES: Final = {
    Suite.TROP_VITE: (429, "Too Many Requests"),
    Suite.REFUSE: (403, "Forbidden"),
    Suite.PLEIN: (403, "Forbidden"),
    Suite.EXPIRE: (410, "Gone"),
    Suite.REMIS: (410, "Gone"),
    Suite.INCONNU: (404, "Not Found"),
}


@bp.post("/appairages")
@public("un logiciel qui n’a pas encore de clé en demande une : une personne connectée décide")
@debit("appairage")
def demander() -> Response:
    """Open a request: a secret for the software, a code for its user, and where the user types it."""
    corps = _corps()
    if corps is None:
        return erreur(400, "Bad Request", ATTENDU)
    refus = _refus(corps)
    if refus is not None:
        champ, phrase = refus
        return erreur(400, "Bad Request", phrase, {"champ": champ})
    demande = appairages.demander(
        corps["erp"].strip(),
        uai=corps.get("uai") or None,
        siret=corps.get("siret") or None,
        maintenant=horloge.maintenant(),
    )
    db.session.commit()
    configuration: Configuration = current_app.extensions["tdba"]
    return jsonify(
        {
            "code_appareil": demande.code_appareil,
            "code_utilisateur": appairages.lisible(demande.code_utilisateur),
            "adresse": configuration.base_url + url_for("appairages.code"),
            "expire_dans": int(appairages.DUREE.total_seconds()),
            "intervalle": int(appairages.INTERVALLE.total_seconds()),
        }
    )


@bp.post("/appairages/cle")
@public("le logiciel prouve qui il est par le secret reçu avec sa demande")
@debit("appairage_cle")
def prendre() -> Response:
    """The key of a request that its person accepted, once; before that 202, after that 410."""
    corps = _corps()
    code = corps.get("code_appareil") if corps is not None else None
    if not isinstance(code, str) or not code.isascii():
        return erreur(400, "Bad Request", "Le champ code_appareil est attendu.", {"champ": "code_appareil"})
    remise = appairages.remettre(code, horloge.maintenant())
    db.session.commit()
    return _repondre(remise)


def _repondre(remise: Remise) -> Response:
    if remise.suite is Suite.ATTEND:
        reponse = jsonify({"etat": "en_attente", "message": remise.suite.value})
        reponse.status_code = 202
        return reponse
    if remise.suite is Suite.ACCORDE:
        assert remise.organisme_id is not None  # noqa: S101 - handed over with the key
        vu = organismes.par_ids([remise.organisme_id])[remise.organisme_id]
        return jsonify({"cle": remise.cle, "organisme": {"nom": vu.nom, "uai": vu.uai, "siret": vu.siret}})
    code, titre = CODES[remise.suite]
    reponse = erreur(code, titre, remise.suite.value)
    if remise.suite is Suite.TROP_VITE:
        reponse.headers["Retry-After"] = str(int(appairages.INTERVALLE.total_seconds()))
    return reponse


def _corps() -> dict[str, Any] | None:
    """The object sent, None when it is not one."""
    request.max_content_length = TAILLE_MAX
    try:
        corps = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", corps) if isinstance(corps, dict) else None


def _refus(corps: dict[str, Any]) -> tuple[str, str] | None:
    """The field that is wrong, and the sentence that says how."""
    erp = corps.get("erp")
    if not isinstance(erp, str) or not erp.strip() or not erp.isprintable() or len(erp.strip()) > ERP_MAX:
        return "erp", f"Le champ erp est attendu : le nom du logiciel, {ERP_MAX} caractères au plus."
    for champ, valide in (("uai", uai_valide), ("siret", siret_valide)):
        valeur = corps.get(champ)
        if valeur not in (None, "") and not (isinstance(valeur, str) and valide(valeur)):
            return champ, f"Le champ {champ} est facultatif, et celui-ci n’est pas valable."
    return None
