"""The checklist of a file: a line ticked with its day, or unticked (issue 6, part 2)."""

from flask import Response, flash, make_response, render_template, request, url_for

from tdba import horloge, lectures, scope, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.ruptures import formalites, queries_fiche, queries_suite, service_formalites
from tdba.ruptures.blueprint import CLE, LISTES, bp
from tdba.ruptures.forms_dossier import FormaliteForm
from tdba.ruptures.regles import RUPTURE
from tdba.ruptures.routes_dossier import renvoyer_si_gele, vers
from tdba.ruptures.vue_dossier import Vue
from tdba.scope import Droit, Introuvable

web.rattacher(LISTES[RUPTURE], "ruptures.formalite")
_CODES = f"any({', '.join(formalites.CODES)})"


@bp.route(f"/dossiers/<{CLE}:dossier_id>/formalites/<{_CODES}:code>", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def formalite(dossier_id: int, code: str) -> Response:
    """Tick a line with its day, or untick it. A line that does not apply to this file is not there."""
    vue = _vue(dossier_id)
    ligne = next((une for une in vue.checklist if une.code == code), None)
    if ligne is None:
        raise Introuvable
    if (ailleurs := renvoyer_si_gele(vue.ligne)) is not None:
        return ailleurs
    form = FormaliteForm(data={"le": ligne.faite_le or ligne.proposee_le or horloge.aujourd_hui()})
    decocher = request.form.get("action") == "decocher"
    statut = 200
    if request.method == "POST":
        statut = 422
        if decocher or form.validate():
            try:
                change = service_formalites.cocher(
                    dossier_id, code, None if decocher else form.le.data, maintenant=horloge.maintenant()
                )
                db.session.commit()
            except ErreurMetier as erreur:
                db.session.rollback()
                form.refuser(erreur)
            else:
                flash(_fait(decoche=decocher, change=change), "success")
                return vers(url_for("ruptures.dossier", dossier_id=dossier_id, _anchor="formalites"))
    lectures.noms_lus("dossier", [vue.ligne.effectif_id])
    page = render_template("ruptures/formalite.html", ligne=vue.ligne, formalite=ligne, form=form)
    return make_response(page, statut)


def _fait(*, decoche: bool, change: bool) -> str:
    if not change:
        return "C’était déjà noté : rien n’a changé."
    return "Formalité décochée." if decoche else "Formalité cochée."


def _vue(dossier_id: int) -> Vue:
    ligne = queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui())
    return Vue(
        ligne=ligne,
        suite=queries_suite.suite(ligne.effectif_id, dossier_id),
        demarches=queries_fiche.demarches(dossier_id),
        jumeaux=(),
        maintenant=horloge.maintenant(),
        moi=scope.courant().personne_id,
    )
