"""Screens of delegations: who sends for an establishment, for whom it sends, giving one, ending one (decision 12)."""

from typing import Final

from flask import Blueprint, Response, flash, request

from tdba import horloge, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.organismes import queries as organismes
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit
from tdba.transmissions import queries_cles, queries_delegations, service_cles, service_delegations
from tdba.transmissions.forms_delegations import ArretForm, DelegationForm, identifiant
from tdba.transmissions.routes_cles import choisir_un_site, code_du_formulaire, rendre, vers

bp = Blueprint("delegations", __name__)

DONNER: Final = "laisser un autre organisme transmettre"
"""What the second factor protects (decision 27). Ending a delegation never waits for it."""
_SOUS: Final = "/transmissions/organismes/<int:organisme_id>/delegations"

web.rattacher(
    "transmissions.liste",
    "delegations.choisir",
    "delegations.liste",
    "delegations.donner",
    "delegations.arreter",
)


@bp.get("/transmissions/delegations")
@access(Droit.CONFIGURER)
def choisir() -> Response:
    """The delegations of which establishment?"""
    return choisir_un_site("delegations.liste", "transmissions/delegations_choisir.html")


@bp.get(_SOUS)
@access(Droit.CONFIGURER)
def liste(organisme_id: int) -> Response:
    """Who sends for this establishment, and for whom it sends."""
    jour = horloge.aujourd_hui()
    return rendre(
        "transmissions/delegations.html",
        organisme=queries_cles.a_configurer(organisme_id),
        pour_nous=queries_delegations.pour_nous(organisme_id, jour),
        pour_d_autres=queries_delegations.pour_d_autres(organisme_id, jour),
        administre=service_cles.administre(),
        plusieurs=len(queries_cles.les_miens()) > 1,
    )


@bp.route(f"{_SOUS}/nouvelle", methods=["GET", "POST"])
@access(Droit.CONFIGURER, facteur=DONNER)
def donner(organisme_id: int) -> Response:
    """Find the organisme that will send, then say from when to when."""
    organisme = queries_cles.a_configurer(organisme_id)
    service_cles.exiger_administrateur()
    form = DelegationForm()
    choisi_id = form.delegue_id if request.method == "POST" else identifiant(request.args.get("delegue"))
    if choisi_id is None:
        return _chercher(organisme)
    try:
        choisi = service_delegations.delegue(organisme_id, choisi_id)
    except ErreurMetier as erreur:
        return _chercher(organisme, refus=erreur.message)
    if form.validate_on_submit():
        try:
            service_delegations.donner(organisme_id, choisi_id, form.dates, horloge.maintenant())
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            flash(f"{choisi.nom} peut transmettre pour {organisme.nom}.", "success")
            return vers("delegations.liste", organisme_id=organisme_id)
    form.delegue.data = str(choisi_id)
    return rendre(
        "transmissions/delegations_nouvelle.html",
        code=code_du_formulaire(),
        form=form,
        organisme=organisme,
        choisi=choisi,
    )


def _chercher(organisme: OrganismeVu, refus: str | None = None) -> Response:
    texte = request.args.get("q", "").replace("\x00", "").strip()[:100]
    return rendre(
        "transmissions/delegations_chercher.html",
        code=code_du_formulaire(),
        organisme=organisme,
        texte=texte,
        trouves=[o for o in organismes.chercher(texte) if o.id != organisme.id and not o.ferme],
        refus=refus,
    )


@bp.route(f"{_SOUS}/arreter", methods=["GET", "POST"])
@access(Droit.CONFIGURER)
def arreter(organisme_id: int) -> Response:
    """End one of the delegations of this establishment, at once."""
    organisme = queries_cles.a_configurer(organisme_id)
    service_cles.exiger_administrateur()
    vivantes = queries_delegations.a_arreter(organisme_id, horloge.aujourd_hui())
    form = ArretForm(delegations=vivantes, data={"delegation": request.args.get("delegation")})
    if form.validate_on_submit():
        delegue_id, debut = form.choisie
        service_delegations.arreter(organisme_id, delegue_id, debut, horloge.maintenant())
        db.session.commit()
        flash("La délégation est arrêtée : cet organisme ne peut plus transmettre pour vous.", "success")
        return vers("delegations.liste", organisme_id=organisme_id)
    return rendre(
        "transmissions/delegations_arreter.html",
        code=code_du_formulaire(),
        form=form,
        organisme=organisme,
        vivantes=vivantes,
    )
