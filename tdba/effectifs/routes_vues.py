"""Screens of the effectifs: the views that people keep of the list, and its columns."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge
from tdba.access import access
from tdba.db import db
from tdba.effectifs import filtres, queries_vues, service_liste, service_vues
from tdba.effectifs.blueprint import bp
from tdba.effectifs.forms_vues import VueForm
from tdba.effectifs.routes_liste import adresse, lire_filtres, page_de_liste, refuser_support
from tdba.errors import ErreurMetier
from tdba.scope import Droit


@bp.get("/effectifs/vues")
@access(Droit.VOIR_NOMINATIF)
def vues() -> ResponseReturnValue:
    """The views that the person may open; one's own can be renamed, shared, deleted."""
    refuser_support()
    return _page()


@bp.post("/effectifs/vues")
@access(Droit.VOIR_NOMINATIF)
def enregistrer_vue() -> ResponseReturnValue:
    """Keep the list of the address as a view."""
    refuser_support()
    form = VueForm()
    permis, demandes = service_liste.permis(), lire_filtres()
    try:
        vue = service_vues.enregistrer(
            form.nom.data or "",
            demandes,
            queries_vues.colonnes_de(demandes.vue),
            partagee=form.partagee.data,
            maintenant=horloge.maintenant(),
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return page_de_liste(demandes, permis, form, code=422)
    return redirect(adresse(filtres.vers_url(demandes, r="", vue=vue.id)), 303)


@bp.post("/effectifs/vues/<int:vue_id>")
@access(Droit.VOIR_NOMINATIF)
def modifier_vue(vue_id: int) -> ResponseReturnValue:
    """Rename a view, share it or take it back."""
    refuser_support()
    form = VueForm()
    try:
        service_vues.modifier(vue_id, form.nom.data or "", partagee=form.partagee.data)
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page(vue_id, form, code=422)
    return redirect(url_for("effectifs.vues"), 303)


@bp.post("/effectifs/vues/<int:vue_id>/supprimer")
@access(Droit.VOIR_NOMINATIF)
def supprimer_vue(vue_id: int) -> ResponseReturnValue:
    """Delete a view of one's own; nobody else can."""
    refuser_support()
    service_vues.supprimer(vue_id)
    db.session.commit()
    return redirect(url_for("effectifs.vues"), 303)


@bp.post("/effectifs/colonnes")
@access(Droit.VOIR_NOMINATIF)
def choisir_colonnes() -> ResponseReturnValue:
    """Remember the columns of the list, and go back to it."""
    refuser_support()
    habituelles = request.form.get("action") == "habituelles"
    service_vues.choisir_colonnes(
        None if habituelles else request.form.getlist("colonnes"),
        service_liste.colonnes_permises(),
        horloge.maintenant(),
    )
    db.session.commit()
    return redirect(adresse(filtres.vers_url(lire_filtres(), vue=None)), 303)


def _page(
    refusee: int | None = None, refus: VueForm | None = None, *, code: int = 200
) -> ResponseReturnValue:
    lues = queries_vues.cadre().vues
    formulaires = {
        vue.id: refus
        if refus is not None and vue.id == refusee
        else VueForm(formdata=None, nom=vue.nom, partagee=vue.partagee)
        for vue in lues
        if vue.sienne
    }
    for vue_id, form in formulaires.items():
        for champ in form:
            champ.id = f"{champ.name}-{vue_id}"  # one form for each view, on one page
    page = render_template(
        "effectifs/vues.html",
        vues=lues,
        formulaires=formulaires,
        adresse_de=lambda vue: adresse(_etat(vue)),
        fil=[("Effectifs", adresse()), ("Mes vues", None)],
    )
    return page, code


def _etat(vue: queries_vues.VueLue) -> str:
    return f"?{vue.parametres}&vue={vue.id}" if vue.parametres else f"?vue={vue.id}"
