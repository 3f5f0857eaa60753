"""Gestures on one file: still there or not, confirming its closing, handing it over, taking a step back."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.effectifs import effet, queries
from tdba.effectifs.changements import VersionPerimee
from tdba.effectifs.queries import Ouvert
from tdba.errors import ErreurMetier
from tdba.formats import heure
from tdba.ruptures import (
    departs,
    queries_fiche,
    queries_jumeaux,
    queries_referents,
    service,
    service_dossier,
)
from tdba.ruptures.acces_dossier import dossier_lu
from tdba.ruptures.blueprint import CLE, LISTES, bp
from tdba.ruptures.forms_dossier import RelaisForm, SortieForm
from tdba.ruptures.presence import AUTRE_CFA, OUI, jour_propose
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import RUPTURE
from tdba.ruptures.routes_dossier import renvoyer_si_gele, vers
from tdba.scope import Droit

web.rattacher(LISTES[RUPTURE], "ruptures.sortie", "ruptures.relais")


def _page_du_dossier(dossier_id: int, ancre: str | None = None) -> Response:
    return vers(url_for("ruptures.dossier", dossier_id=dossier_id, _anchor=ancre))


def _geste(dossier_id: int, faire: Callable[[], Any], fait: str, ancre: str | None = None) -> Response:
    """Do it, say so, and come back to the file; a refusal is said there too."""
    try:
        faire()
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash(fait, "success")
    return _page_du_dossier(dossier_id, ancre)


@bp.post(f"/dossiers/<{CLE}:dossier_id>/presence")
@access(Droit.CORRIGER)
def presence(dossier_id: int) -> Response:
    """« Toujours au CFA ? » : yes is saved at once, no asks since when and why (decision 9)."""
    dossier_lu(dossier_id)
    if request.form.get("reponse") != OUI:
        adresse = url_for("ruptures.sortie", dossier_id=dossier_id)
        if not web.fragment_demande():
            return vers(adresse)
        ailleurs = make_response("", 204)
        ailleurs.headers["HX-Redirect"] = adresse
        return ailleurs

    def dire() -> None:
        service_dossier.dire_present(dossier_id, maintenant=horloge.maintenant())

    fait = "Réponse enregistrée : toujours au CFA. La question reviendra dans 30 jours."
    if not web.fragment_demande():
        return _geste(dossier_id, dire, fait)
    try:
        dire()
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        fait = erreur.message
    ligne = queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui())
    lectures.noms_lus("dossier", [ligne.effectif_id])
    return make_response(render_template("ruptures/_ligne.html", ligne=ligne, message=fait))


@bp.route(f"/dossiers/<{CLE}:dossier_id>/sortie", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def sortie(dossier_id: int) -> Response:
    """No longer at the CFA: since when and why, the effect on the status shown first, as every correction does."""
    jour = horloge.aujourd_hui()
    ligne = queries_fiche.ligne_dossier(dossier_id, jour)
    if (ailleurs := renvoyer_si_gele(ligne)) is not None:
        return ailleurs
    ouvert = queries.a_corriger(ligne.effectif_id, verrou=request.method == "POST")
    propose = jour_propose(ligne.situation, jour)
    form = SortieForm(data={"le": propose, "version": ouvert.effectif.version})
    return _sortie_envoyee(ligne, ouvert, form) if request.method == "POST" else _page_sortie(ligne, form)


def _sortie_envoyee(ligne: Ligne, ouvert: Ouvert, form: SortieForm) -> Response:
    """What this answer would change, or its saving, as asked."""
    jour = horloge.aujourd_hui()
    dossier_id = ligne.dossier_id
    assert dossier_id is not None  # noqa: S101 - read by its id
    if not form.validate():
        return _page_sortie(ligne, form, code=422)
    try:
        voulus = service_dossier.changements_de(ouvert, form.sortie, depuis=ligne.depuis, jour=jour)
        if request.form.get("action") != "enregistrer":
            return _page_sortie(ligne, form, effet=effet.effet(ouvert, voulus, jour) if voulus else None)
        service_dossier.sortir(dossier_id, ouvert, form.sortie, maintenant=horloge.maintenant())
        db.session.commit()
    except VersionPerimee:
        form.version.raw_data, form.version.data = None, ouvert.effectif.version
        return _page_sortie(ligne, form, code=409, sur_la_fiche=ouvert.effectif.date_exclusion)
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page_sortie(queries_fiche.ligne_dossier(dossier_id, jour), form, code=422)
    flash(f"Réponse enregistrée à {heure(horloge.maintenant())}.", "success")
    return _page_du_dossier(dossier_id)


def _page_sortie(ligne: Ligne, form: SortieForm, *, code: int = 200, **contexte: Any) -> Response:
    lectures.noms_lus("dossier", [ligne.effectif_id])
    vu = request.method == "POST" and code == 200
    page = render_template(
        "ruptures/sortie.html",
        ligne=ligne,
        form=form,
        vu=vu,
        parti=form.motif.data == AUTRE_CFA,
        perimee=code == 409,
        **({"effet": None, "sur_la_fiche": None} | contexte),
    )
    return make_response(page, code)


@bp.post(f"/dossiers/<{CLE}:dossier_id>/confirmer")
@access(Droit.CORRIGER)
def confirmer(dossier_id: int) -> Response:
    """Say that the new contract which closed the file is real."""

    def dire() -> None:
        service_dossier.confirmer(dossier_id, maintenant=horloge.maintenant())

    return _geste(dossier_id, dire, "Nouveau contrat confirmé : le dossier reste clos.")


@bp.post(f"/dossiers/<{CLE}:dossier_id>/depart/annuler")
@access(Droit.CORRIGER)
def annuler_depart(dossier_id: int) -> Response:
    """The youth has not left for another CFA: the file opens again."""

    def defaire() -> None:
        departs.annuler_depart(dossier_id, maintenant=horloge.maintenant())

    return _geste(dossier_id, defaire, "Départ annulé : le dossier reprend.")


@bp.post(f"/demarches/<{CLE}:demarche_id>/retirer")
@access(Droit.CORRIGER)
def retirer_demarche(demarche_id: int) -> Response:
    """Take back a step just noted, by its author."""
    dossier_id = service.dossier_de(demarche_id)

    def retirer() -> None:
        service.retirer(demarche_id, maintenant=horloge.maintenant())

    return _geste(dossier_id, retirer, "Démarche retirée.", "demarches")


@bp.route(f"/dossiers/<{CLE}:dossier_id>/referent", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def relais(dossier_id: int) -> Response:
    """Give the file to a colleague who follows the youths of this site, with a word."""
    jour = horloge.aujourd_hui()
    ligne = queries_fiche.ligne_dossier(dossier_id, jour)
    if (ailleurs := renvoyer_si_gele(ligne)) is not None:
        return ailleurs
    form = RelaisForm(data={"referent": ligne.referent_id, "version": ligne.version})
    form.proposer([r for r in queries_referents.referents(jour) if ligne.organisme_id in r.organismes])
    code = 200
    if request.method == "POST":
        code = 422
        try:
            if form.validate():
                nombre = service_dossier.confier(dossier_id, form.relais, maintenant=horloge.maintenant())
                db.session.commit()
                flash(_confie(nombre), "success")
                return _page_du_dossier(dossier_id)
        except service_dossier.DossierPerime:
            db.session.rollback()
            code, form.version.raw_data, form.version.data = 409, None, ligne.version
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
    lectures.noms_lus("dossier", [ligne.effectif_id])
    page = render_template(
        "ruptures/relais.html",
        ligne=ligne,
        form=form,
        perimee=code == 409,
        jumeaux=queries_jumeaux.jumeaux(ligne.effectif_id, dossier_id, jour),
    )
    return make_response(page, code)


def _confie(nombre: int) -> str:
    if nombre == 0:
        return "Ce dossier était déjà confié à cette personne."
    return (
        "Dossier confié."
        if nombre == 1
        else "Dossier confié, avec ceux de la même personne dans vos autres sites."
    )
