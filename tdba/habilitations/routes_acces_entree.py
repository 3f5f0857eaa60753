"""Coming in by a one-time link or by the CFA's API key: the pages that make a first administrator."""

from typing import Any, Final, cast

from flask import Response, flash, g, request, session

from tdba import horloge, journal
from tdba.access import connecte
from tdba.db import db
from tdba.errors import ErreurMetier, page_erreur
from tdba.habilitations import acces, engagement, queries_acces, service_acces_entree, service_engagement
from tdba.habilitations.blueprint import bp
from tdba.habilitations.forms_acces import CleForm
from tdba.habilitations.routes_acces import (
    SOI,
    adresses,
    arrete_ailleurs,
    envoyer,
    est_dirigeant,
    moi_meme,
    page_de_suivi,
    rendre,
    vers,
)
from tdba.habilitations.service_acces_entree import DejaEntre, EssaisEpuises, LienRefuse

CODES_LIEN: Final = {"inconnu": 404, "autre_personne": 403}


@bp.post("/acces/lien")
@connecte(SOI, meme_arrete=True)
def envoyer_lien() -> Response:
    if arrete := arrete_ailleurs():
        return arrete
    envoyer()
    return vers("habilitations.suivi_demande")


@bp.route("/acces/lien/<jeton:jeton>", methods=["GET", "POST"])
@connecte(SOI, meme_arrete=True)
def lien_acces(jeton: str) -> Response:
    """The page of a one-time link. Opening it changes nothing (mail filters open links): the button does."""
    if arrete := arrete_ailleurs():
        return arrete
    if request.method == "GET":
        return rendre(
            "habilitations/acces_lien.html",
            jeton=jeton,
            vue=queries_acces.ma_demande(g.acteur.personne_id),
            version=engagement.VERSION,
        )
    try:
        habilitation_id = service_acces_entree.entrer_par_lien(jeton, moi_meme(), adresses())
        _engager()
        db.session.commit()
    except DejaEntre as deja:
        db.session.rollback()
        cast("Any", session).habilitation_id = deja.habilitation_id
        return vers("comptes.accueil")
    except LienRefuse as refus:
        db.session.rollback()
        journal.consigner("acces.lien_refuse", raison=refus.raison)
        db.session.commit()
        code = CODES_LIEN.get(refus.raison, 410)
        return rendre("habilitations/acces_lien_refuse.html", code=code, raison=refus.raison)
    except ErreurMetier as erreur:  # they hold a lesser right there already
        db.session.rollback()
        flash(erreur.message, "error")
        return vers("habilitations.suivi_demande")
    return _entree(habilitation_id)


def _engager() -> None:
    """The page of the link shows the commitment and accepts it with the same button: one screen less."""
    if request.form.get("version") == engagement.VERSION:
        service_engagement.accepter(g.acteur.personne_id, horloge.maintenant())
        session[engagement.CLE] = engagement.VERSION


@bp.post("/acces/cle")
@connecte(SOI, meme_arrete=True)
def entrer_par_cle() -> Response:
    """Come in with the CFA's API key. A wrong one is counted, journaled, and never shown again."""
    if arrete := arrete_ailleurs():
        return arrete
    form = CleForm()
    if not form.validate_on_submit():
        return page_de_suivi(form, code=422)
    try:
        habilitation_id = service_acces_entree.entrer_par_cle(form.cle.data, moi_meme(), adresses())
        db.session.commit()
    except EssaisEpuises:
        db.session.commit()  # the count stays
        reponse = page_erreur(429)
        reponse.headers["Retry-After"] = str(int(acces.FENETRE_CLE.total_seconds()))
        return reponse
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return page_de_suivi(form, code=422)
    if habilitation_id is None:
        form.refuser(ErreurMetier("Cette clé n’est pas une clé en cours de validité de ce CFA.", "cle"))
        return page_de_suivi(form, code=422)
    return _entree(habilitation_id)


@bp.post("/acces/certification")
@connecte(SOI, meme_arrete=True)
def entrer_par_certification() -> Response:
    """Come in as the director that the provider certified, under the level of this very session."""
    if arrete := arrete_ailleurs():
        return arrete
    try:
        habilitation_id = service_acces_entree.entrer_par_certification(
            moi_meme(), adresses(), dirigeant=est_dirigeant()
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
        return vers("habilitations.suivi_demande")
    return _entree(habilitation_id)


def _entree(habilitation_id: int) -> Response:
    """Act under the new habilitation from the next page on."""
    cast("Any", session).habilitation_id = habilitation_id
    flash("Votre accès est ouvert : vous êtes administrateur de votre CFA.", "success")
    return vers("effectifs.liste")
