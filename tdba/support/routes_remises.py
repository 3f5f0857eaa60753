"""Screens of the reset of second factors: one person of support asks, another confirms (decisions 25 and 27)."""

from collections.abc import Callable
from typing import cast

from flask import Response, current_app, flash, g, request, url_for

from tdba import horloge, web
from tdba.access import access
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit
from tdba.support import queries, queries_remises, service_remises
from tdba.support.blueprint import CLE, bp, rendre, vers
from tdba.support.forms_remises import RemiseForm
from tdba.support.motifs import MOTIFS_DE_REMISE

web.rattacher("support.bureau", "support.demander_remise", "support.remises")


def _adresse_du_compte() -> str:
    return cast("Configuration", current_app.extensions["tdba"]).base_url + url_for("comptes.mon_compte")


@bp.route(f"/support/dossiers/<{CLE}:demande_id>/seconds-facteurs", methods=["GET", "POST"])
@access(Droit.SUPPORT, facteur="l’assistance")
def demander_remise(demande_id: int) -> Response:
    """Ask, under a case, that the factors of one of its people be taken away."""
    vue, personnes = queries.demande(demande_id), queries_remises.personnes(demande_id)
    form = RemiseForm(personnes)
    if form.validate_on_submit():
        try:
            service_remises.demander(
                demande_id,
                form.personne.data,
                form.motif.data,
                maintenant=horloge.maintenant(),
                adresse=_adresse_du_compte(),
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            flash(
                "La remise à zéro est demandée : une autre personne de l’assistance la confirme.", "success"
            )
            return vers(url_for("support.remises"))
    code = 422 if request.method == "POST" else 200
    return rendre("support/demander_remise.html", code=code, demande=vue, form=form, personnes=personnes)


@bp.get("/support/seconds-facteurs")
@access(Droit.SUPPORT, facteur="l’assistance")
def remises() -> Response:
    """Those that wait for a second person, then the last decided."""
    return rendre(
        "support/remises.html",
        remises=queries_remises.remises(),
        motifs=MOTIFS_DE_REMISE,
        moi=g.acteur.personne_id,
    )


@bp.post(f"/support/seconds-facteurs/<{CLE}:remise_id>/confirmer")
@access(Droit.SUPPORT, facteur="l’assistance")
def confirmer_remise(remise_id: int) -> Response:
    return _decider(
        lambda: service_remises.confirmer(
            remise_id, maintenant=horloge.maintenant(), adresse=_adresse_du_compte()
        ),
        "Les seconds facteurs sont remis à zéro, les sessions fermées et la personne prévenue.",
    )


@bp.post(f"/support/seconds-facteurs/<{CLE}:remise_id>/ecarter")
@access(Droit.SUPPORT, facteur="l’assistance")
def ecarter_remise(remise_id: int) -> Response:
    return _decider(
        lambda: service_remises.ecarter(remise_id, maintenant=horloge.maintenant()),
        "La remise à zéro est écartée : rien n’a changé pour la personne.",
    )


def _decider(decision: Callable[[], None], phrase: str) -> Response:
    try:
        decision()
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash(phrase, "success")
    return vers(url_for("support.remises"))
