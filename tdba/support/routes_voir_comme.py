"""The screens of "voir comme": starting, stopping, what it forbids, where an organisation reads it (decision 24)."""

from typing import Any, Final, cast

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from tdba import access, horloge, scope, web
from tdba.access import connecte
from tdba.comptes.acteurs import Acteur
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit
from tdba.support import queries, queries_passages, service_voir_comme
from tdba.support.blueprint import CLE, bp
from tdba.support.forms_voir_comme import VoirCommeForm
from tdba.support.motifs import MOTIFS_DE_PASSAGE
from tdba.support.service_voir_comme import Regard

PASSAGE: Final = "passage_id"
"""Key of the session that holds the passage in progress."""
PROPRES: Final = (
    "support.arreter_voir_comme",
    "comptes.second_facteur",
    "comptes.presenter_cle",
    "comptes.defi_de_preuve",
    "comptes.verrouiller",
    "comptes.prolonger",
    "comptes.saisie_gardee",
    "comptes.oublier_saisie",
)
"""With public pages (the logout is one), what support still does as itself while it looks."""
SORTIE: Final = "comptes.deconnexion"
ECRANS: Final = ("comptes.accueil", "support.passages")
HORS_ECRAN: Final = ("comptes.", "support.", "habilitations.demande", "effectifs.mon_activite", "exports.")
"""Beginnings of the pages that belong to one person (account, cases, files, requests to settle): never shown to another."""

web.rattacher("support.bureau", "support.voir_comme")


def entrer() -> Response | None:
    """`before_request`, once support is known and before the page's right is checked: put the other's reach in place.

    Reading only, and only their screens. Once it is over, whatever was asked waits: it was meant for the other's screen.
    """
    if g.acteur is None or request.endpoint is None or PASSAGE not in session:
        return None
    regard = service_voir_comme.regard(session[PASSAGE], maintenant=horloge.maintenant())
    propre = request.endpoint in PROPRES or access.acces_de(current_app, request.endpoint) == access.ANONYME
    if regard is None:
        return None if propre else _fini()
    g.regard = regard
    if request.endpoint == SORTIE:
        service_voir_comme.arreter(regard.passage_id, maintenant=horloge.maintenant())  # it commits
    if propre:
        return None
    if request.method not in ("GET", "HEAD") or _hors_ecran(request.endpoint):
        return _refuser()
    g.acteur = _acteur_vu(cast("Acteur", g.acteur), regard)
    g.bandeau, g.comptes_menu = None, {}
    scope.entrer(regard.scope, lecture_seule=True)
    return None


def contexte() -> dict[str, Any]:
    """What every page says of the screens that support is looking at."""
    return {"regard": g.get("regard")}


def _hors_ecran(endpoint: str) -> bool:
    return endpoint.startswith(HORS_ECRAN) and endpoint not in ECRANS


def _acteur_vu(support: Acteur, regard: Regard) -> Acteur:
    """The head of the page is the other's; who acts stays support, whose own account nothing else touches."""
    return Acteur(
        personne_id=support.personne_id,
        nom_complet=regard.nom,
        role=regard.habilitation.role,
        habilitation_id=regard.habilitation.id,
        organisation_id=regard.organisation.id,
        organisation_nom=regard.organisation.nom,
        organisation_type=regard.organisation.type,
        habilitations=1,
        assistant=support,
    )


def _fini() -> Response:
    session.pop(PASSAGE)
    flash("Le passage est terminé : vous ne voyez plus l’écran d’une autre personne.", "info")
    assiste = scope.courant().a(Droit.SUPPORT)
    return _vers(url_for("support.bureau" if assiste else "comptes.accueil"))


def _refuser() -> Response:
    """403, and why: the layout's banner holds the button that stops."""
    g.page_erreur = True
    fragment = bool(request.headers.get("HX-Request"))
    gabarit = "support/_regard_refus.html" if fragment else "support/regard_refus.html"
    lecture = request.method in ("GET", "HEAD")
    reponse = make_response(render_template(gabarit, lecture=lecture, menu=None))
    reponse.status_code = 403
    return reponse


def _vers(adresse: str) -> Response:
    """Redirect the page, also when a fragment was asked."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": adresse})
    return cast("Response", redirect(adresse, 303))


@bp.route(f"/support/dossiers/<{CLE}:demande_id>/voir-comme", methods=["GET", "POST"])
@access.access(Droit.SUPPORT, facteur="l’assistance")
def voir_comme(demande_id: int) -> Response:
    """Choose whose screens, and say why; then start at their first page."""
    vue, maintenant = queries.demande(demande_id), horloge.maintenant()
    candidats = queries_passages.candidats(demande_id, horloge.aujourd_hui())
    form = VoirCommeForm(candidats)
    if form.validate_on_submit():
        try:
            passage = service_voir_comme.commencer(
                demande_id, form.habilitation.data, form.motif.data, maintenant=maintenant
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            session[PASSAGE] = passage.id
            return _vers(url_for("comptes.accueil"))
    reponse = make_response(
        render_template("support/voir_comme.html", demande=vue, form=form, candidats=candidats)
    )
    reponse.status_code = 422 if request.method == "POST" else 200
    return reponse


@bp.post("/support/voir-comme/arreter")
@connecte("chacun arrête de voir l’écran d’une autre personne, même si son droit a pris fin")
def arreter_voir_comme() -> Response:
    passage_id = session.pop(PASSAGE, None)
    demande_id = None
    if passage_id is not None:
        demande_id = service_voir_comme.arreter(passage_id, maintenant=horloge.maintenant())
        db.session.commit()
    if demande_id is None or not scope.courant().a(Droit.SUPPORT):
        return _vers(url_for("comptes.accueil"))
    flash("Vous ne voyez plus l’écran d’une autre personne.", "success")
    return _vers(url_for("support.dossier", demande_id=demande_id))


@bp.get("/equipe/passages")
@connecte("chacun peut savoir quand l’assistance a vu les écrans de son organisation")
def passages() -> Response:
    """When support looked at the screens of one's own organisation, whose, and why; of support, not who."""
    texte = request.args.get("avant", "")
    avant = int(texte) if texte.isdecimal() and len(texte) < 19 else None
    organisation_id = cast("Acteur", g.acteur).organisation_id
    assert organisation_id is not None  # noqa: S101 - somebody who is not stopped acts for an organisation
    vus, suivant = queries_passages.de_l_organisation(organisation_id, avant=avant)
    return make_response(
        render_template(
            "support/passages.html",
            passages=vus,
            suivant=suivant,
            motifs=MOTIFS_DE_PASSAGE,
            maintenant=horloge.maintenant(),
            organisation=cast("Acteur", g.acteur).organisation_nom,
        )
    )
