"""Requests for access, as those who settle them see them: administrators for their own organisation, a responsable or
a network that vouches, support for all others; and the second signature (decisions 20, 25).
"""

from typing import Final

from flask import Response, flash, g, make_response, render_template
from flask_login import current_user

from tdba import horloge, scope, web
from tdba.access import AccesRefuse, access, connecte, second_facteur
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.habilitations import acces, queries_acces_decisions, service_acces_decisions
from tdba.habilitations.acces import Decideur
from tdba.habilitations.blueprint import bp
from tdba.habilitations.forms_acces import AccepterForm, RefuserForm
from tdba.habilitations.octrois import MEMBRE
from tdba.habilitations.routes_acces import adresses, vers
from tdba.organismes import queries as organismes
from tdba.scope import Droit

DONNER: Final = "donner un accès"
RAISON: Final = "les administrateurs décident pour leur organisation, le support pour les autres"


def _decide() -> bool:
    """Who has the line in the menu. The rights themselves are checked on the page."""
    acteur = g.get("acteur")
    if acteur is None or not current_user.is_authenticated:
        return False
    administrateur = acteur.role == "administrateur" and acteur.organisation_type in (acces.CFA, acces.RESEAU)
    return administrateur or scope.courant().a(Droit.SUPPORT)


web.entree_menu(60, "Demandes d’accès", "habilitations.demandes", None, si=_decide)
web.rattacher("habilitations.demandes", "habilitations.demande", "habilitations.a_valider")


def _decideur() -> Decideur:
    """Who settles requests in this session; 403 for everybody else."""
    qui = queries_acces_decisions.decideur()
    if qui is None:
        raise AccesRefuse("décider des demandes d’accès")
    return qui


@bp.get("/demandes-acces")
@connecte(RAISON)
def demandes() -> Response:
    """What waits for this person, the oldest first."""
    qui = _decideur()
    vues = queries_acces_decisions.en_attente(qui, horloge.maintenant(), horloge.aujourd_hui())
    return make_response(
        render_template("habilitations/demandes_acces.html", vues=vues, qui=qui, genres=acces.GENRES)
    )


@bp.get("/demandes-acces/<int:demande_id>")
@connecte(RAISON)
@second_facteur(DONNER)
def demande(demande_id: int) -> Response:
    """Who asks, for what, and the possible answers."""
    return _page(_decideur(), demande_id, _formulaire(), RefuserForm(prefix="refus"))


def _formulaire() -> AccepterForm:
    """Roles, and the sites of one's own CFA to limit a member to."""
    form = AccepterForm()
    siens = scope.courant().portee(Droit.CONFIGURER).organismes
    vus = organismes.par_ids(siens) if siens and len(siens) > 1 else {}
    if not vus:
        del form.sites
    else:
        form.sites.choices = {o.id: o.nom for o in sorted(vus.values(), key=lambda o: (o.nom, o.id))}
    if not form.role.data:
        form.role.data = MEMBRE
    return form


def _page(
    qui: Decideur, demande_id: int, accepter: AccepterForm, refuser: RefuserForm, *, code: int = 200
) -> Response:
    vue = queries_acces_decisions.une_demande(
        demande_id, qui, horloge.maintenant(), horloge.aujourd_hui(), verrou=False
    )
    reponse = make_response(
        render_template(
            "habilitations/demandes_une.html",
            vue=vue,
            qui=qui,
            genres=acces.GENRES,
            accepter=accepter,
            refuser=refuser,
        )
    )
    reponse.status_code = code
    return reponse


@bp.post("/demandes-acces/<int:demande_id>/accepter")
@connecte(RAISON)
@second_facteur(DONNER)
def accepter_demande(demande_id: int) -> Response:
    """Let the person in. Vouching sends no role: it makes the first administrator."""
    qui, form = _decideur(), _formulaire()
    if not form.validate_on_submit():
        return _page(qui, demande_id, form, RefuserForm(prefix="refus", formdata=None), code=422)
    sites = frozenset(form.sites.data or ()) if form.sites else frozenset()
    try:
        vue = service_acces_decisions.accepter(
            demande_id, qui, role=form.role.data, sites=sites, adresses=adresses()
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page(qui, demande_id, form, RefuserForm(prefix="refus", formdata=None), code=422)
    flash(f"L’accès à {vue.nom} est ouvert. La personne est prévenue par courriel.", "success")
    return vers("habilitations.demandes")


@bp.post("/demandes-acces/<int:demande_id>/refuser")
@connecte(RAISON)
def refuser_demande(demande_id: int) -> Response:
    qui, form = _decideur(), RefuserForm(prefix="refus")
    if not form.validate_on_submit():
        return _page(qui, demande_id, _formulaire(), form, code=422)
    try:
        service_acces_decisions.refuser(demande_id, qui, form.raison.data, adresses())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page(qui, demande_id, _formulaire(), form, code=422)
    flash("La demande est refusée. La personne lira votre raison.", "success")
    return vers("habilitations.demandes")


@bp.get("/demandes-acces/a-valider")
@access(Droit.SUPPORT)
@second_facteur(DONNER)
def a_valider() -> Response:
    """Accesses that wait for a second signature before they open names or support (decision 25)."""
    lignes = queries_acces_decisions.a_valider(horloge.aujourd_hui())
    return make_response(
        render_template("habilitations/demandes_a_valider.html", lignes=lignes, moi=g.acteur.personne_id)
    )


@bp.post("/demandes-acces/a-valider/<int:habilitation_id>")
@access(Droit.SUPPORT)
@second_facteur(DONNER)
def valider(habilitation_id: int) -> Response:
    """The second signature; never by who granted the access, nor by who receives it."""
    try:
        service_acces_decisions.valider(habilitation_id, g.acteur.personne_id)
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash("L’accès est validé : il ouvre maintenant tous ses droits.", "success")
    return vers("habilitations.a_valider")
