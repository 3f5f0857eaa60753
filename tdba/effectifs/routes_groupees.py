"""Screens of the effectifs: acting on several records at once, with their count, a reason, and undoing (issue 5, part 1)."""

from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.effectifs import (
    filtres,
    groupees,
    queries_gestes,
    queries_groupees,
    service_groupees,
    service_liste,
)
from tdba.effectifs.blueprint import bp
from tdba.effectifs.forms_groupees import formulaire
from tdba.effectifs.models_gestes import ActionGroupee
from tdba.effectifs.routes_liste import texte_cherche
from tdba.effectifs.service_groupees import Effet
from tdba.errors import ErreurMetier
from tdba.scope import Droit, Introuvable

_ID_MAX: Final = 2**63 - 1


@bp.post("/effectifs/groupees")
@access(Droit.CORRIGER)
def groupee_preparer() -> ResponseReturnValue:
    """Freeze the records that were ticked, or all that a list shows, and go to what is to be done with them."""
    _refuser_support()
    nature = request.form.get("nature", "")
    if nature not in groupees.NATURES:
        raise Introuvable
    etat = parse_qs(request.form.get("etat", "").removeprefix("?"))
    demandes = service_liste.lire(etat)
    try:
        action = service_groupees.preparer(nature, _conditions(demandes), horloge.maintenant())
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "warning")
        if nature == groupees.RESTAURATION:
            return redirect(url_for("effectifs.corbeille"), 303)
        liste = url_for("effectifs.liste")
        return redirect(web.adresse_locale(liste + filtres.vers_url(demandes)) or liste, 303)
    db.session.commit()
    return redirect(url_for("effectifs.groupee", action_uuid=action.uuid), 303)


def _conditions(demandes: filtres.Filtres) -> list[ColumnElement[bool]]:
    if request.form.get("tout") == "oui":
        return service_groupees.de_la_liste(demandes, texte_cherche(demandes), horloge.aujourd_hui())
    lus = {int(v) for v in request.form.getlist("ids") if v.isascii() and v.isdigit() and len(v) < 20}
    return service_groupees.des_choisies({cle for cle in lus if cle <= _ID_MAX})


@bp.get("/effectifs/groupees")
@access(Droit.CORRIGER)
def groupees_recentes() -> ResponseReturnValue:
    """The last actions of the current person: where one left is found again."""
    _refuser_support()
    return make_response(
        render_template(
            "effectifs/groupees.html",
            actions=queries_groupees.recentes(),
            natures=groupees.NATURES,
            fil=[("Effectifs", url_for("effectifs.liste")), ("Mes actions groupées", None)],
        )
    )


@bp.get("/effectifs/groupees/<uuid:action_uuid>")
@access(Droit.CORRIGER)
def groupee(action_uuid: UUID) -> ResponseReturnValue:
    """One action where it stands: to be confirmed, in progress, done, undone."""
    _refuser_support()
    action = queries_groupees.action(action_uuid)
    form = _formulaire(action) if action.etat == groupees.A_CONFIRMER else None
    return _page(action, form)


@bp.post("/effectifs/groupees/<uuid:action_uuid>/confirmer")
@access(Droit.CORRIGER)
def groupee_confirmer(action_uuid: UUID) -> ResponseReturnValue:
    """Show what the action would do, by groups; then start it. Confirmed twice, it starts once."""
    _refuser_support()
    action = queries_groupees.action(action_uuid, verrou=True)
    if action.etat != groupees.A_CONFIRMER:
        return redirect(url_for("effectifs.groupee", action_uuid=action_uuid), 303)
    form = _formulaire(action)
    if not form.validate():
        return _page(action, form, code=422)
    jour = horloge.aujourd_hui()
    motif, commentaire = getattr(form, "motif", None), getattr(form, "commentaire", None)
    raison = (motif.data if motif else "", commentaire.data if commentaire else None)
    try:
        parametres = service_groupees.verifier(action, form.parametres(), *raison, jour)
        if request.form.get("action") != "confirmer":
            return _page(action, form, effet=service_groupees.effet(action, parametres, jour))
        service_groupees.confirmer(action, parametres, *raison)
    except ErreurMetier as erreur:
        form.refuser(erreur)
        return _page(action, form, code=422)
    db.session.commit()
    return redirect(url_for("effectifs.groupee", action_uuid=action_uuid), 303)


@bp.post("/effectifs/groupees/<uuid:action_uuid>/annuler")
@access(Droit.CORRIGER)
def groupee_annuler(action_uuid: UUID) -> ResponseReturnValue:
    """Ask for an action to be undone. Asked twice, it is undone once."""
    _refuser_support()
    service_groupees.annuler(queries_groupees.action(action_uuid, verrou=True))
    db.session.commit()
    return redirect(url_for("effectifs.groupee", action_uuid=action_uuid), 303)


def _refuser_support() -> None:
    """Support repairs one record at a time, under a case (decision 24)."""
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse(Droit.CORRIGER.value)


def _formulaire(action: ActionGroupee) -> Any:
    if action.nature != groupees.TRANSFERT:
        return formulaire(action.nature, ())
    return formulaire(action.nature, queries_gestes.places(service_groupees.destinations()))


def _page(
    action: ActionGroupee, form: Any, *, code: int = 200, effet: Effet | None = None
) -> ResponseReturnValue:
    comptes = queries_groupees.comptes(action.id)
    nommees = [] if action.etat == groupees.A_CONFIRMER else queries_groupees.nommees(action.id)
    lectures.noms_lus("effectifs.action_groupee", [fiche.id for fiche in nommees])
    destination = action.parametres.get("destination")
    return web.page_or_partial(
        "effectifs/groupee.html",
        "effectifs/_groupee.html",
        code=code,
        action=action,
        nature=groupees.NATURES[action.nature],
        champs=groupees.CHAMPS,
        form=form,
        effet=effet,
        refus=groupees.REFUS,
        comptes=comptes,
        issues=queries_groupees.par_issue(comptes),
        nommees=nommees,
        montrees=queries_groupees.MONTREES,
        destination=queries_gestes.nom_de(int(destination)) if destination else None,
        en_cours=action.etat in (groupees.EN_COURS, groupees.ANNULATION),
        fil=[("Effectifs", url_for("effectifs.liste")), (groupees.NATURES[action.nature].libelle, None)],
    )
