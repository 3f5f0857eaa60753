"""Guides by ERP: read by whoever sees transmissions, written by support."""

from typing import Final

from flask import Blueprint, Response, flash, request

from tdba import horloge, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit
from tdba.transmissions import guides, queries_guides, service_guides
from tdba.transmissions.forms_guides import GuideForm
from tdba.transmissions.routes_cles import code_du_formulaire, rendre, vers

bp = Blueprint("guides", __name__)

_UN: Final = "/transmissions/guides/<jeton:code>"

web.rattacher("transmissions.liste", "guides.liste", "guides.lire", "guides.creer", "guides.modifier")


@bp.get("/transmissions/guides")
@access(Droit.VOIR_TRANSMISSIONS)
def liste() -> Response:
    """Which software has a guide."""
    return rendre("transmissions/guides.html", guides=queries_guides.noms())


@bp.get(_UN)
@access(Droit.VOIR_TRANSMISSIONS)
def lire(code: str) -> Response:
    """How one corrects in one software."""
    guide = queries_guides.guide(code)
    return rendre("transmissions/guide.html", guide=guide, page=guides.page(guide.texte))


@bp.route("/transmissions/guides/nouveau", methods=["GET", "POST"])
@access(Droit.SUPPORT, facteur="l’assistance")
def creer() -> Response:
    """Write the guide of a software that has none; seen before it is kept."""
    form = GuideForm()
    if form.validate_on_submit() and not _a_voir():
        try:
            code = service_guides.creer(
                nom=form.nom.data, texte=form.texte.data, maintenant=horloge.maintenant()
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            flash("Le guide est en ligne.", "success")
            return vers("guides.lire", code=code)
    return _formulaire(form, None)


@bp.route(f"{_UN}/modifier", methods=["GET", "POST"])
@access(Droit.SUPPORT, facteur="l’assistance")
def modifier(code: str) -> Response:
    """Write a guide anew; seen before it is kept."""
    guide = queries_guides.guide(code)
    form = GuideForm(nom=guide.nom, texte=guide.texte, version=guide.maj_le.isoformat())
    if form.validate_on_submit() and not _a_voir():
        try:
            service_guides.modifier(
                code,
                nom=form.nom.data,
                texte=form.texte.data,
                version=form.version.data,
                maintenant=horloge.maintenant(),
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
            form.version.data = queries_guides.guide(code).maj_le.isoformat()
        else:
            flash("Le guide est à jour.", "success")
            return vers("guides.lire", code=code)
    return _formulaire(form, code)


@bp.post(f"{_UN}/retirer")
@access(Droit.SUPPORT, facteur="l’assistance")
def retirer(code: str) -> Response:
    """Take a guide away."""
    service_guides.retirer(code)
    db.session.commit()
    flash("Le guide est retiré : plus aucune page n’y mène.", "success")
    return vers("guides.liste")


def _a_voir() -> bool:
    """The button that shows the page without keeping it."""
    return "voir" in request.form


def _formulaire(form: GuideForm, code: str | None) -> Response:
    vu = request.method == "POST" and form.texte.data and _a_voir()
    return rendre(
        "transmissions/guide_ecrire.html",
        code=200 if vu and not form.errors else code_du_formulaire(),
        form=form,
        guide=code,
        apercu=guides.page(form.texte.data) if vu else None,
    )
