"""Screens of API keys: those of an establishment, a new one shown once, revoking one (decisions 12 and 27)."""

from typing import Any, Final, cast

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from tdba import horloge, scope, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit
from tdba.transmissions import cles as valeurs
from tdba.transmissions import queries_cles, service_cles
from tdba.transmissions.forms_cles import CleForm, RevocationForm

bp = Blueprint("cles", __name__)

CREER: Final = "créer une clé d’API"
"""What the second factor protects (decision 27). Taking a key back never waits for it."""

web.rattacher("transmissions.liste", "cles.choisir", "cles.liste", "cles.creer", "cles.revoquer")


def rendre(gabarit: str, *, code: int = 200, **contexte: Any) -> Response:
    reponse = make_response(render_template(gabarit, **contexte))
    reponse.status_code = code
    return reponse


def code_du_formulaire() -> int:
    """A form that is shown again after a POST was refused."""
    return 422 if request.method == "POST" else 200


def vers(endpoint: str, **arguments: Any) -> Response:
    return cast("Response", redirect(url_for(endpoint, **arguments), 303))


def choisir_un_site(endpoint: str, gabarit: str) -> Response:
    """The page of one's only establishment, else the choice among them; support comes from an establishment's page."""
    miens = queries_cles.les_miens()
    if len(miens) == 1:
        return vers(endpoint, organisme_id=miens[0].id)
    return rendre(gabarit, organismes=miens, support=scope.courant().a(Droit.SUPPORT))


@bp.get("/transmissions/cles")
@access(Droit.CONFIGURER)
def choisir() -> Response:
    """The keys of which establishment?"""
    return choisir_un_site("cles.liste", "transmissions/cles_choisir.html")


@bp.get("/transmissions/organismes/<int:organisme_id>/cles")
@access(Droit.CONFIGURER)
def liste(organisme_id: int) -> Response:
    """The keys of an establishment: what each is for, when it ends, when and from where it last served."""
    maintenant = horloge.maintenant()
    organisme = queries_cles.a_configurer(organisme_id)
    vues = queries_cles.cles(organisme_id, maintenant)
    vivantes = sum(vue.etat is queries_cles.Etat.VIVANTE for vue in vues)
    administre = service_cles.administre()
    return rendre(
        "transmissions/cles.html",
        organisme=organisme,
        cles=vues,
        vivantes=vivantes,
        administre=administre,
        revoque=administre or scope.courant().a(Droit.SUPPORT),
        place=vivantes < valeurs.VIVANTES_MAX and not organisme.ferme,
        plusieurs=len(queries_cles.les_miens()) > 1,
    )


@bp.route("/transmissions/organismes/<int:organisme_id>/cles/nouvelle", methods=["GET", "POST"])
@access(Droit.CONFIGURER, facteur=CREER)
def creer(organisme_id: int) -> Response:
    """A new key, in clear in this answer and nowhere else."""
    organisme = queries_cles.a_configurer(organisme_id)
    service_cles.exiger_administrateur()
    form = CleForm()
    if form.validate_on_submit():
        try:
            cle = service_cles.creer(
                organisme_id,
                libelle=form.libelle.data,
                erp=form.erp.data or None,
                derniere=form.derniere_connue,
                maintenant=horloge.maintenant(),
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            return _montrer(organisme_id, cle, form.libelle.data)
    form.derniere.data = str(valeurs.derniere(organisme_id))
    return rendre(
        "transmissions/cles_nouvelle.html", code=code_du_formulaire(), form=form, organisme=organisme
    )


def _montrer(organisme_id: int, cle: str, libelle: str) -> Response:
    """Show a key this once, with the one that it may replace."""
    maintenant = horloge.maintenant()
    vues = queries_cles.cles(organisme_id, maintenant)
    autres = [v for v in vues if v.etat is queries_cles.Etat.VIVANTE and v.prefixe != cle[:8]]
    return rendre(
        "transmissions/cles_montrer.html",
        organisme=queries_cles.a_configurer(organisme_id),
        cle=cle,
        libelle=libelle,
        expire_le=maintenant + valeurs.DUREE,
        autres=autres,
    )


@bp.route("/transmissions/cles/<int:cle_id>/revoquer", methods=["GET", "POST"])
@access(Droit.CONFIGURER)
def revoquer(cle_id: int) -> Response:
    """Close a key at once, after saying what stops."""
    organisme, vue = queries_cles.cle(cle_id, horloge.maintenant())
    service_cles.exiger_de_revoquer()
    form = RevocationForm()
    if form.validate_on_submit():
        try:
            service_cles.revoquer(cle_id, form.raison.data, horloge.maintenant())
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            flash(f"La clé « {vue.libelle} » est révoquée : elle n’ouvre plus rien.", "success")
            return vers("cles.liste", organisme_id=organisme.id)
    return rendre(
        "transmissions/cles_revoquer.html",
        code=code_du_formulaire(),
        form=form,
        organisme=organisme,
        cle=vue,
    )
