"""Support checks a caller by the code of their own session (decision 24)."""

from typing import Final, cast

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for

from tdba import horloge, web
from tdba.access import access
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit
from tdba.support import queries, queries_passages, service_appelant
from tdba.support.blueprint import CLE, bp
from tdba.support.forms_voir_comme import AppelantForm
from tdba.support.service_appelant import Appel, Verdict

REFUS: Final = {
    Verdict.REFUSE: "Ce code n’est celui d’aucune session de cette personne, ou il n’est plus valable. Demandez-lui "
    "d’en afficher un nouveau.",
    Verdict.TROP: "Trop d’essais pour cette demande. Réessayez dans 15 minutes.",
}

web.rattacher("support.bureau", "support.appelant")


@bp.route(f"/support/dossiers/<{CLE}:demande_id>/appelant", methods=["GET", "POST"])
@access(Droit.SUPPORT, facteur="l’assistance")
def appelant(demande_id: int) -> Response:
    """Type the code that the caller reads out; the answer says whether it is theirs."""
    vue = queries.demande(demande_id)
    appelants = queries_passages.appelants(demande_id, horloge.aujourd_hui())
    form, verdict = AppelantForm(appelants), None
    if form.validate_on_submit():
        verdict = _verifier(form, demande_id)
        if verdict is Verdict.VERIFIE:
            flash(f"L’appelant est bien {appelants[form.personne.data]}.", "success")
            return cast("Response", redirect(url_for("support.dossier", demande_id=demande_id), 303))
    reponse = make_response(
        render_template("support/appelant.html", demande=vue, form=form, appelants=appelants)
    )
    if request.method == "POST":
        reponse.status_code = 429 if verdict is Verdict.TROP else 422
    if verdict is Verdict.TROP:
        reponse.headers["Retry-After"] = str(int(service_appelant.FENETRE.total_seconds()))
    return reponse


def _verifier(form: AppelantForm, demande_id: int) -> Verdict | None:
    """Count, compare and commit, whatever the answer. None when a rule refuses: the form then says why."""
    configuration = cast("Configuration", current_app.extensions["tdba"])
    appel = Appel(demande_id, form.personne.data, form.code.data)
    try:
        verdict = service_appelant.verifier(
            appel, configuration=configuration, maintenant=horloge.maintenant()
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return None
    if verdict in REFUS:
        form.refuser(ErreurMetier(REFUS[verdict], champ="code"))
    return verdict
