"""Screens of files: what a file may be, giving one, past ones, the template (issue 4, part 2)."""

from contextlib import suppress
from typing import Any, Final, cast

from flask import Response, make_response, redirect, request, url_for
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from tdba import horloge, scope, web
from tdba.access import access
from tdba.db import db
from tdba.depots import emetteurs, queries, service
from tdba.depots.blueprint import bp
from tdba.depots.forms import DepotForm
from tdba.depots.garde import TAILLE_MAXIMALE
from tdba.depots.modele import ecrire_modele
from tdba.depots.televersement import FormulaireIllisible, Recu, recevoir
from tdba.errors import ErreurMetier
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AUTOUR: Final = 100_000
"""What a form adds around its file."""


def _donne_des_fichiers() -> bool:
    """Support reaches every establishment, and gives a file for none."""
    return scope.courant().portee(Droit.CORRIGER).organismes is not None


web.entree_menu(51, "Importer un fichier", "depots.liste", Droit.CORRIGER, si=_donne_des_fichiers)
web.rattacher(
    "depots.liste",
    "depots.deposer",
    "depots.suivre",
    "depots.apparier",
    "depots.confirmer",
    "depots.revoir",
    "depots.abandonner",
    "depots.annuler",
    "depots.remplacer",
    "depots.corriger_ligne",
    "depots.une_fiche",
)


def vers(endpoint: str, **valeurs: Any) -> Response:
    return cast("Response", redirect(url_for(endpoint, **valeurs), 303))


def telecharger(contenu: bytes, nom: str) -> Response:
    """A workbook to be saved, never opened in the page."""
    reponse = make_response(contenu)
    reponse.headers["Content-Type"] = XLSX
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


@bp.get("/depots")
@access(Droit.CORRIGER)
def liste() -> Response:
    """What a file may be, the form, and past files."""
    sites = emetteurs.mes_etablissements()
    return _page(DepotForm(sites), sites)


def _page(form: DepotForm, sites: list[OrganismeVu], *, code: int = 200) -> Response:
    depots, suite = queries.liste(web.cle_demandee("avant"))
    return web.page_or_partial(
        "depots/liste.html",
        "depots/_passes.html",
        code=code,
        form=form,
        possible=bool(sites),
        depots=depots,
        suivant=depots[-1].depot.id if suite else None,
        maintenant=horloge.maintenant(),
        limites={d.depot.id: service.annulable_jusqu_a(d.depot) for d in depots},
    )


@bp.get("/depots/modele.xlsx")
@access(Droit.CORRIGER)
def modele() -> Response:
    """The template, made from the rules."""
    return telecharger(ecrire_modele(), "modele-import-apprenants.xlsx")


@bp.post("/depots")
@access(Droit.CORRIGER)
def deposer() -> Response:
    """Take a file in by blocks, as it comes; its token is checked before its first byte is kept."""
    recu = recevoir_le_fichier(TAILLE_MAXIMALE)
    sites = emetteurs.mes_etablissements()
    choisi = next((s.id for s in sites if len(sites) == 1 or str(s.id) == recu.champs.get("organisme")), None)
    form = DepotForm(sites, formdata=MultiDict(recu.champs), meta={"csrf": False})
    try:
        depot = service.deposer(choisi, recu.nom, recu.blocs, complete=bool(form.complete.data))
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _refuse(form, sites, recu)
    except FormulaireIllisible:
        db.session.rollback()
        form.refuser(ErreurMetier("L’envoi du fichier a été coupé : recommencez.", champ="fichier"))
        return _page(_neuf(form, sites), sites, code=422)
    return vers("depots.suivre", depot_uuid=depot.uuid)


def _refuse(form: DepotForm, sites: list[OrganismeVu], recu: Recu) -> Response:
    """What is left of the file is read to its end: a browser that is still sending reads no answer."""
    with suppress(FormulaireIllisible):
        for _ in recu.blocs:
            pass
    return _page(_neuf(form, sites), sites, code=422)


def _neuf(form: DepotForm, sites: list[OrganismeVu]) -> DepotForm:
    """The same form with a token of its own and the errors of this one."""
    neuf = DepotForm(sites, formdata=None, data=form.data)
    for nom, champ in form._fields.items():
        if nom in neuf:
            neuf[nom].errors = champ.errors
    neuf.form_errors = list(form.form_errors)
    return neuf


def recevoir_le_fichier(maximum: int) -> Recu:
    """Begin to read a form that holds a file. Raises CSRFError, and 413 when it says that it is too big."""
    request.max_content_length = maximum + _AUTOUR
    try:
        recu = recevoir(cast(Any, request.stream), request.mimetype_params.get("boundary", ""))
    except FormulaireIllisible as erreur:
        raise CSRFError("unreadable form") from erreur
    try:
        validate_csrf(recu.champs.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError as erreur:
        raise CSRFError(str(erreur)) from erreur
    return recu
