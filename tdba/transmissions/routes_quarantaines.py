"""Screens of what waits: unknown establishments to recognise, refused lines to play again (issue 4, parts 3 and 6)."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from tdba import horloge, scope, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.formats import pluriel, quantite
from tdba.scope import Droit
from tdba.transmissions import queries_quarantaines, service_quarantaines, service_rejeu
from tdba.transmissions.forms_quarantaines import EcarterForm, ReconnaitreForm
from tdba.transmissions.queries_quarantaines import Inconnu
from tdba.transmissions.routes_cles import rendre, vers

bp = Blueprint("quarantaines", __name__)

web.rattacher(
    "transmissions.liste",
    "quarantaines.liste",
    "quarantaines.une",
    "quarantaines.reconnaitre",
    "quarantaines.ecarter",
)


@bp.app_template_global()
def peut_rejouer(transmetteur_id: int) -> bool:
    """Whether the reader may have the refused lines of that sender played again."""
    portee = scope.courant().portee(Droit.CORRIGER)
    return portee.statuts is None and (portee.organismes is None or transmetteur_id in portee.organismes)


@bp.get("/transmissions/inconnus")
@access(Droit.CORRIGER)
def liste() -> Response:
    """The establishments that nobody knows, how many records wait for each, and the best guess. No apprentice is named."""
    inconnus, suite = queries_quarantaines.inconnus(apres=web.cle_demandee("apres") or 0)
    return rendre(
        "transmissions/inconnus.html",
        inconnus=inconnus,
        premieres=queries_quarantaines.premieres(inconnus),
        reconnus=queries_quarantaines.reconnus(),
        suivants=url_for("quarantaines.liste", apres=inconnus[-1].id) if suite else None,
    )


@bp.get("/transmissions/inconnus/<int:quarantaine_id>")
@access(Droit.CORRIGER)
def une(quarantaine_id: int) -> Response:
    """One unknown establishment: which one it may be, and why."""
    return _page(queries_quarantaines.inconnu(quarantaine_id), EcarterForm())


@bp.post("/transmissions/inconnus/<int:quarantaine_id>/reconnaitre")
@access(Droit.CORRIGER)
def reconnaitre(quarantaine_id: int) -> Response:
    """Say which establishment it is: its lines are played again."""
    inconnu = queries_quarantaines.inconnu(quarantaine_id)
    form, ecarter_ = ReconnaitreForm(), EcarterForm(formdata=None)
    if not form.validate_on_submit():
        ecarter_.refuser(ErreurMetier("Choisissez un établissement."))
        return _page(inconnu, ecarter_, code=422)
    try:
        service_quarantaines.resoudre(quarantaine_id, form.organisme.data, maintenant=horloge.maintenant())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        ecarter_.refuser(erreur)
        return _page(inconnu, ecarter_, code=422)
    attente = quantite(inconnu.fiches, "fiche")
    flash(
        f"L’établissement est reconnu. {attente} {pluriel(inconnu.fiches, 'est reprise', 'sont reprises')} dès "
        "maintenant, et les prochaines transmissions le reconnaîtront.",
        "success",
    )
    return vers("quarantaines.liste")


@bp.post("/transmissions/inconnus/<int:quarantaine_id>/ecarter")
@access(Droit.CORRIGER)
def ecarter(quarantaine_id: int) -> Response:
    """Set its lines aside, with a reason."""
    inconnu = queries_quarantaines.inconnu(quarantaine_id)
    form = EcarterForm()
    if form.validate_on_submit():
        try:
            service_quarantaines.ecarter(quarantaine_id, form.motif.data, maintenant=horloge.maintenant())
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            flash("Ces fiches sont écartées : elles ne seront pas comptées.", "success")
            return vers("quarantaines.liste")
    return _page(inconnu, form, code=422)


@bp.post("/transmissions/inconnus/<int:quarantaine_id>/rouvrir")
@access(Droit.CORRIGER)
def rouvrir(quarantaine_id: int) -> Response:
    """Take a recognition back."""
    service_quarantaines.rouvrir(quarantaine_id)
    db.session.commit()
    flash(
        "Cet établissement n’est plus reconnu : les prochaines fiches transmises pour lui attendront. Ce qui a déjà été "
        "compté le reste.",
        "success",
    )
    return vers("quarantaines.liste")


def _page(inconnu: Inconnu, form: EcarterForm, *, code: int = 200) -> Response:
    support = scope.courant().a(Droit.SUPPORT)
    texte = request.args.get("q", "").replace("\x00", "").strip()[:100] if support else ""
    return rendre(
        "transmissions/inconnu.html",
        code=code,
        inconnu=inconnu,
        propositions=queries_quarantaines.propositions(inconnu),
        cherches=queries_quarantaines.cherches(texte),
        texte=texte,
        support=support,
        form=form,
    )


@bp.post("/transmissions/<uuid:transmission_uuid>/rejouer")
@access(Droit.CORRIGER)
def rejouer(transmission_uuid: UUID) -> Response:
    """Play the refused lines of a transmission again, under today's rules and référentiel."""
    try:
        nombre = service_rejeu.demander(transmission_uuid)
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash(
            f"{quantite(nombre, 'ligne')} {pluriel(nombre, 'est relue', 'sont relues')} avec les règles et le référentiel "
            "d’aujourd’hui. Rechargez cette page dans un instant pour voir ce qui est accepté.",
            "success",
        )
    return vers("transmissions.detail", transmission_uuid=transmission_uuid)
