"""The page "Pourquoi je ne vois pas ce jeune ?": type a name or a number, read the exact reason and what to do."""

import secrets
from typing import Final

from flask import Response, redirect, request, url_for
from flask import session as session_web
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.debits import debit
from tdba.effectifs import recherche
from tdba.rapprochements import service_absents
from tdba.rapprochements.routes import bp
from tdba.rapprochements.service_absents import Reponse
from tdba.scope import Droit

RECHERCHES: Final = "recherches_absents"
"""Key of the session that keeps these searches, out of addresses (decision 35)."""

web.rattacher("effectifs.liste", "rapprochements.absent")


@bp.get("/effectifs/je-ne-vois-pas")
@access(Droit.CORRIGER)
def absent() -> Response:
    """Ask, then answer what was asked, which the address names by a reference alone."""
    _refuser_support()
    reference = request.args.get("r", "")
    gardees = session_web.get(RECHERCHES, {})
    texte = recherche.retrouver(gardees, reference, horloge.maintenant()) if reference else None
    reponse = _repondre(texte) if texte else None
    return web.page_or_partial(
        "rapprochements/absents.html",
        "rapprochements/_absents.html",
        texte=texte,
        perdue=bool(reference) and texte is None,
        reponse=reponse,
    )


@bp.post("/effectifs/je-ne-vois-pas")
@access(Droit.CORRIGER)
@debit("recherche")
def chercher_absent() -> ResponseReturnValue:
    """Keep what was typed in the session, and go to the answer."""
    _refuser_support()
    criteres = recherche.comprendre(request.form.get("q", ""))
    if criteres.vide:
        return redirect(url_for("rapprochements.absent"), 303)
    reference = secrets.token_urlsafe(9)
    session_web[RECHERCHES] = recherche.ranger(
        session_web.get(RECHERCHES, {}), reference, criteres.entier, horloge.maintenant()
    )
    db.session.commit()
    return redirect(url_for("rapprochements.absent", r=reference), 303)


def _repondre(texte: str) -> Reponse:
    reponse = service_absents.chercher(
        recherche.comprendre(texte), jour=horloge.aujourd_hui(), maintenant=horloge.maintenant()
    )
    lectures.noms_lus("effectifs.absent", [vue.fiche.id for vue in reponse.fiches])
    for vue in reponse.lignes:
        lectures.lignes_lues(vue.ligne.transmission_id, [vue.ligne.id])
    return reponse


def _refuser_support() -> None:
    """Support searches in its own screen, where names are masked (decision 24)."""
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse(Droit.CORRIGER.value)
