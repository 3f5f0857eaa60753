"""The circumstances of a youth: read on the page of the file, changed on their own (decisions 16 and 18)."""

from flask import Response, flash, make_response, render_template, request, url_for

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.ruptures import queries_fiche, queries_suite, service_circonstances
from tdba.ruptures.acces_dossier import lit_la_sante
from tdba.ruptures.blueprint import CLE, LISTES, bp
from tdba.ruptures.circonstances import Circonstances
from tdba.ruptures.forms_dossier import CirconstancesForm
from tdba.ruptures.queries_suite import CirconstanceLue
from tdba.ruptures.regles import RUPTURE
from tdba.ruptures.routes_dossier import renvoyer_si_gele, vers
from tdba.ruptures.service_circonstances import JAMAIS, CirconstancesPerimees
from tdba.scope import Droit

web.rattacher(LISTES[RUPTURE], "ruptures.circonstances")


@bp.route(f"/dossiers/<{CLE}:dossier_id>/circonstances", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def circonstances(dossier_id: int) -> Response:
    """What stands in the way of a youth, and what they wish. A stale form shows both versions (decision 18)."""
    tenues = queries_suite.circonstance(dossier_id)
    form = _formulaire(tenues)
    if request.method == "GET":
        ligne = queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui())
        if (ailleurs := renvoyer_si_gele(ligne)) is not None:
            return ailleurs
        return _page(dossier_id, form, tenues)
    if not form.validate():
        return _page(dossier_id, form, tenues, code=422)
    try:
        nouvelles = service_circonstances.enregistrer(
            dossier_id,
            form.saisies,
            version=form.version.data,
            maintenant=horloge.maintenant(),
            jour=horloge.aujourd_hui(),
        )
        db.session.commit()
    except CirconstancesPerimees:
        db.session.rollback()
        tenues = queries_suite.circonstance(dossier_id)
        form.version.raw_data, form.version.data = None, tenues.version if tenues else JAMAIS
        return _page(dossier_id, form, tenues, code=409)
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page(dossier_id, form, tenues, code=422)
    flash("Situation notée." if nouvelles else "C’était déjà noté : rien n’a changé.", "success")
    return vers(url_for("ruptures.dossier", dossier_id=dossier_id, _anchor="circonstances"))


def _formulaire(tenues: CirconstanceLue | None) -> CirconstancesForm:
    sante = lit_la_sante()
    if tenues is None:
        return CirconstancesForm.remplie(Circonstances(), JAMAIS, sante=sante)
    return CirconstancesForm.remplie(tenues.dites, tenues.version, sante=sante)


def _page(
    dossier_id: int, form: CirconstancesForm, tenues: CirconstanceLue | None, *, code: int = 200
) -> Response:
    ligne = queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui())
    lectures.noms_lus("dossier", [ligne.effectif_id])
    page = render_template(
        "ruptures/circonstances.html", ligne=ligne, form=form, tenues=tenues, perimee=code == 409
    )
    return make_response(page, code)
