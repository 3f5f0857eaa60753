"""Mails that a person wants: on their account, and in one click from a mail, without a login (RFC 8058)."""

from typing import cast

from flask import Response, current_app, flash, g, make_response, render_template, request

from tdba import courriels
from tdba.access import connecte, public
from tdba.comptes import service_preferences
from tdba.comptes.forms_preferences import PreferencesForm
from tdba.comptes.routes import bp
from tdba.comptes.sessions import aller
from tdba.config import Configuration
from tdba.db import db
from tdba.scope import Introuvable


@bp.post("/mon-compte/courriels")
@connecte("chacun choisit les courriels qu’il reçoit")
def preferences() -> Response:
    form = PreferencesForm()
    if form.validate_on_submit():
        service_preferences.choisir(g.acteur.personne_id, form.refuses(), parmi=courriels.A_COCHER)
        db.session.commit()
        flash("Votre choix est enregistré.", "success")
    else:
        flash("Ce choix n’existe pas : rien n’a été enregistré.", "error")
    return aller("comptes.mon_compte")


# Made from the kinds themselves: one that the address forgot could never be turned off.
@bp.route(
    f"/courriels/refuser/<int:personne_id>/<any({','.join(courriels.REFUSABLES)}):genre>/<jeton:signature>",
    methods=["GET", "POST"],
)
@public("le lien signé d’un courriel suffit à ne plus recevoir ce genre de courriel")
def refuser_courriels(personne_id: int, genre: str, signature: str) -> Response:
    """Turn off one kind of mail. A GET only asks: readers of mail open links by themselves.

    The POST carries no form token: mail services send it, and the signature in the address proves where it comes from.
    """
    configuration = cast("Configuration", current_app.extensions["tdba"])
    if not courriels.refus_authentique(personne_id, genre, signature, configuration):
        raise Introuvable
    if request.method == "POST":
        service_preferences.refuser(personne_id, genre)
        db.session.commit()
    return make_response(
        render_template(
            "comptes/refuser_courriels.html",
            quoi=courriels.REFUSABLES[genre],
            fait=request.method == "POST",
        )
    )


def contexte() -> dict[str, object]:
    """The kinds of mails that the account page lets one choose."""
    return {"courriels_refusables": courriels.A_COCHER}
