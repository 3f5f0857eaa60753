"""Checking the file of an ERP: most CFA get the survey's file from theirs; this says what is wrong in it."""

from typing import Any, Final, cast

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from tdba import lectures, scope, web
from tdba.access import access
from tdba.db import db
from tdba.depots.televersement import FormulaireIllisible, Recu, recevoir
from tdba.errors import ErreurMetier
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit
from tdba.sifa import colonnes, queries, regles, service_controle
from tdba.sifa.blueprint import bp
from tdba.sifa.forms import ControleForm
from tdba.sifa.routes import CHEMIN, campagne_voulue, fil

MONTREES: Final = 100
"""Rows shown of each list; their number is always said."""
_AUTOUR: Final = 100_000


@bp.route(f"{CHEMIN}/controler", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def controler(annee: int, organisme_id: int) -> ResponseReturnValue:
    """Ask for the file, then say what is wrong in it and how it differs from our list. Nothing of it is kept."""
    site = queries.etablissement(organisme_id)
    campagne_voulue(annee)
    if request.method == "GET":
        return _page(site, annee, ControleForm())
    recu = _recevoir()
    web.limiter("controle_sifa", scope.courant().personne_id or 0)
    try:
        trouve = service_controle.controler(organisme_id, annee, site.uai, recu.blocs, recu.nom)
        db.session.commit()
    except (ErreurMetier, FormulaireIllisible) as erreur:
        db.session.rollback()
        return _refus(site, annee, recu, erreur)
    return _resultat(site, annee, trouve)


def _page(site: OrganismeVu, annee: int, form: ControleForm, code: int = 200) -> Response:
    page = render_template(
        "sifa/controler.html",
        form=form,
        site=site,
        annee=annee,
        trouve=None,
        fil=fil(site, annee, ("Contrôler le fichier de mon ERP", None)),
    )
    return make_response(page, code)


def _resultat(site: OrganismeVu, annee: int, trouve: service_controle.Controle) -> Response:
    differences = trouve.differences
    montres = [n.effectif_id for n in differences.absents[:MONTREES]]
    montres += [e.notre.effectif_id for e in trouve.en_trop[:MONTREES] if e.notre]
    montres += [e.effectif_id for _, ecarts in differences.ecarts for e in ecarts[:MONTREES]]
    lectures.noms_lus("sifa.controle", sorted(set(montres)))
    return make_response(
        render_template(
            "sifa/controler.html",
            form=ControleForm(formdata=None),
            site=site,
            annee=annee,
            trouve=trouve,
            montrees=MONTREES,
            gravites=regles.GRAVITES,
            libelles=colonnes.LIBELLES,
            fil=fil(site, annee, ("Contrôler le fichier de mon ERP", None)),
        )
    )


def _recevoir() -> Recu:
    """Read the fields of the form, which come before its file. Raises CSRFError."""
    request.max_content_length = service_controle.TAILLE_MAX + _AUTOUR
    try:
        recu = recevoir(cast(Any, request.stream), request.mimetype_params.get("boundary", ""))
    except FormulaireIllisible as erreur:
        raise CSRFError("unreadable form") from erreur
    try:
        validate_csrf(recu.champs.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError as erreur:
        raise CSRFError(str(erreur)) from erreur
    return recu


def _refus(site: OrganismeVu, annee: int, recu: Recu, erreur: Exception) -> Response:
    """The same page with the reason; what is left of the file is read, or the browser would not read the answer."""
    try:
        for _ in recu.blocs:
            pass
    except FormulaireIllisible:
        pass
    form = ControleForm(formdata=None)
    if not isinstance(erreur, ErreurMetier):
        erreur = ErreurMetier("L’envoi du fichier a été coupé : recommencez.", champ="fichier")
    form.refuser(erreur)
    return _page(site, annee, form, code=422)
