"""Screens of refused lines: correcting one, correcting a value everywhere, taking them away in a workbook."""

from uuid import UUID

from flask import Response, flash

from tdba import lectures, web
from tdba.access import access
from tdba.db import db
from tdba.depots import comptages, emetteurs, exports, libelles, queries, service_corrections
from tdba.depots.blueprint import bp
from tdba.depots.forms import PartoutForm, formulaire_ligne
from tdba.depots.models import Depot
from tdba.depots.queries import LigneVue
from tdba.depots.routes import telecharger, vers
from tdba.depots.routes_depot import page
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.scope import Droit


@bp.route("/depots/<uuid:depot_uuid>/lignes/<int:ligne_id>", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def corriger_ligne(depot_uuid: UUID, ligne_id: int) -> Response:
    """The wrong fields of a line, as typed; what is sent is read again at once."""
    depot = queries.depot(depot_uuid)
    ligne = queries.ligne(depot, ligne_id)
    form = _formulaire(ligne)
    if not form.validate_on_submit():
        return _rendre(depot, ligne, form, code=422 if form.is_submitted() else 200)
    depot = queries.depot(depot_uuid, verrou=True)
    try:
        emetteur = emetteurs.emetteur_courant(depot.organisme_id)
        champs = {champ.short_name: champ.data for champ in form if champ.short_name != "csrf_token"}
        service_corrections.corriger(depot, emetteur, ligne_id, champs)
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _rendre(queries.depot(depot_uuid), ligne, form, code=422)
    ligne = queries.ligne(depot, ligne_id)
    if ligne.erreurs:
        return _rendre(depot, ligne, _formulaire(ligne, relue=True), code=422)
    if web.fragment_demande():
        return _rendre(depot, ligne, form)
    flash(f"La ligne {ligne.rang} est corrigée.", "success")
    return vers("depots.suivre", depot_uuid=depot_uuid, onglet=comptages.REFUSEES)


def _formulaire(ligne: LigneVue, *, relue: bool = False) -> BaseForm:
    """Its wrong fields, each with what the rules say of it; once read again, some may be others than those sent."""
    dites: dict[str, list[str]] = {}
    for erreur in ligne.erreurs:
        dites.setdefault(erreur["path"][0] if erreur["path"] else "", []).append(erreur["message"])
    champs = [champ for champ in dites if champ]
    valeurs = {champ: str(ligne.contenu.get(champ) or "") for champ in champs}
    form = formulaire_ligne(champs, valeurs)
    for champ in champs:
        form[champ].description = " ".join(dites[champ])
        if relue:
            form[champ].data, form[champ].errors = valeurs[champ], dites[champ]
            form[champ].description = ""
    return form


def _rendre(depot: Depot, ligne: LigneVue, form: BaseForm, *, code: int = 200) -> Response:
    lectures.lignes_lues(depot.transmission_id or 0, [ligne.id])
    return web.page_or_partial(
        "depots/ligne.html",
        "depots/_ligne.html",
        code=code,
        depot=depot,
        ligne=ligne,
        form=form,
        libelles=libelles,
        fragment=web.fragment_demande(),
    )


@bp.post("/depots/<uuid:depot_uuid>/partout")
@access(Droit.CORRIGER)
def remplacer(depot_uuid: UUID) -> Response:
    """Put a value in place of a wrong one, in every line refused for it."""
    depot = queries.depot(depot_uuid, verrou=True)
    form = PartoutForm()
    try:
        faites = service_corrections.remplacer(
            depot,
            emetteurs.emetteur_courant(depot.organisme_id),
            form.champ.data or "",
            form.ancienne.data or "",
            form.nouvelle.data or "",
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        return page(queries.depot(depot_uuid), code=422, erreur=erreur.message)
    if faites:
        flash(
            f"{faites} lignes corrigées et relues." if faites > 1 else "La ligne est corrigée et relue.",
            "success",
        )
    return vers("depots.suivre", depot_uuid=depot_uuid, onglet=comptages.REFUSEES)


@bp.get("/depots/<uuid:depot_uuid>/a-corriger.xlsx")
@access(Droit.CORRIGER)
def a_corriger(depot_uuid: UUID) -> Response:
    """The refused lines, in the layout of the file, with a column that says what to correct."""
    depot = queries.depot(depot_uuid)
    lignes, _ = queries.lignes(depot, comptages.REFUSEES, limite=queries.EXPORT_MAX)
    lectures.lignes_lues(depot.transmission_id or 0, [ligne.id for ligne in lignes])
    return telecharger(exports.erreurs(depot, lignes), "lignes-a-corriger.xlsx")
