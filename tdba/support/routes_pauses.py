"""Pauses of readings, which only support lifts, and never for oneself (decision 27)."""

from typing import cast

from flask import Response, flash, g, make_response, redirect, render_template, url_for

from tdba import horloge, web
from tdba.access import access
from tdba.comptes import queries_habitudes, service_habitudes
from tdba.comptes.habitudes import RAISONS
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit
from tdba.support.blueprint import CLE, bp
from tdba.support.forms_pauses import LeveeForm

web.rattacher("support.bureau", "support.pauses", "support.lever_pause")


def _formulaire(pause_id: int) -> LeveeForm:
    return LeveeForm(prefix=f"pause-{pause_id}-")


def _page(refuse: tuple[int, LeveeForm] | None = None) -> Response:
    """Everybody's last pauses; `refuse` is the form of the line that was not accepted."""
    vues = queries_habitudes.pauses()
    formulaires = {v.pause.id: _formulaire(v.pause.id) for v in vues if v.pause.levee_le is None}
    if refuse is not None and refuse[0] in formulaires:
        formulaires[refuse[0]] = refuse[1]
    reponse = make_response(
        render_template(
            "support/pauses.html",
            pauses=vues,
            formulaires=formulaires,
            raisons=RAISONS,
            moi=g.acteur.personne_id,
        )
    )
    reponse.status_code = 200 if refuse is None else 422
    return reponse


@bp.get("/support/pauses")
@access(Droit.SUPPORT, facteur="l’assistance")
def pauses() -> Response:
    return _page()


@bp.post(f"/support/pauses/<{CLE}:pause_id>/lever")
@access(Droit.SUPPORT, facteur="l’assistance")
def lever_pause(pause_id: int) -> Response:
    """Open names again to somebody, saying why."""
    form = _formulaire(pause_id)
    if not form.validate_on_submit():
        return _page((pause_id, form))
    try:
        service_habitudes.lever(
            pause_id, form.raison.data, par=g.acteur.personne_id, maintenant=horloge.maintenant()
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash("La pause est levée : cette personne peut de nouveau consulter des noms.", "success")
    return cast("Response", redirect(url_for("support.pauses"), 303))
