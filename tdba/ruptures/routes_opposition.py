"""A person objects to being followed: their files freeze, until they change their mind."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.access import access
from tdba.db import db
from tdba.effectifs.ajouts import Geste
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.ruptures import service_oppositions
from tdba.ruptures.blueprint import CLE, bp, suit_un_cfa
from tdba.ruptures.forms_opposition import LeverForm, OppositionForm
from tdba.scope import Droit

web.rattacher("effectifs.liste", "ruptures.opposition")


@bp.route(f"/effectifs/<{CLE}:effectif_id>/opposition", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def opposition(effectif_id: int) -> ResponseReturnValue:
    """What an objection changes, then recording it; once it stands, how to lift it."""
    form, code = OppositionForm(), 200
    if request.method == "POST":
        code = 422
        service_oppositions.effectif_concerne(effectif_id)
        if form.validate():
            try:
                nouvelle = service_oppositions.recevoir(
                    effectif_id,
                    form.jour_recu(),
                    maintenant=horloge.maintenant(),
                    jour=horloge.aujourd_hui(),
                )
                db.session.commit()
            except ErreurMetier as erreur:
                db.session.rollback()
                form.refuser(erreur)
            else:
                dit = "Opposition enregistrée" if nouvelle else "L’opposition était déjà enregistrée"
                flash(f"{dit} : le suivi de cette personne est gelé.", "success")
                return redirect(url_for("ruptures.opposition", effectif_id=effectif_id), 303)
    return _page(effectif_id, form, code)


@bp.post(f"/effectifs/<{CLE}:effectif_id>/opposition/lever")
@access(Droit.CORRIGER)
def lever_opposition(effectif_id: int) -> ResponseReturnValue:
    """The person accepts to be followed again. Asked twice, it is done once."""
    levee = service_oppositions.lever(effectif_id, maintenant=horloge.maintenant())
    db.session.commit()
    dit = "Opposition levée" if levee else "Aucune opposition n’était en cours"
    flash(f"{dit} : le suivi de cette personne peut reprendre.", "success")
    return redirect(url_for("ruptures.opposition", effectif_id=effectif_id), 303)


def proposer(effectif: Effectif) -> list[Geste]:
    """On the sheet of who follows the youth; never for support, nor for a network to which it is not shared."""
    lisibles = scope.courant().portee_suivi.organismes
    partage = lisibles is None or effectif.organisme_id in lisibles
    if not suit_un_cfa() or not partage:
        return []
    return [Geste("Opposition au suivi", url_for("ruptures.opposition", effectif_id=effectif.id))]


def _page(effectif_id: int, form: OppositionForm, code: int) -> Response:
    effectif = service_oppositions.effectif_concerne(effectif_id)
    lectures.noms_lus("opposition", [effectif_id])
    fiche = url_for("effectifs.fiche", effectif_id=effectif_id)
    nom = f"{effectif.prenom} {effectif.nom}"
    reponse = make_response(
        render_template(
            "ruptures/opposition.html",
            effectif=effectif,
            en_cours=service_oppositions.en_cours(effectif),
            form=form,
            lever=LeverForm(formdata=None),
            fiche=fiche,
            fil=[("Effectifs", url_for("effectifs.liste")), (nom, fiche), ("Opposition au suivi", None)],
        )
    )
    reponse.status_code = code
    return reponse
