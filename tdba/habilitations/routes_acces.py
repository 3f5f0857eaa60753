"""First access: from a first login to an habilitation, in as few screens as the facts allow (issue "who comes in", §4).

These pages are open to people who are stopped: they read public registers and one's own request, nothing else.
"""

from collections.abc import Callable
from functools import partial
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

from tdba import horloge
from tdba.access import connecte
from tdba.comptes import etats
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.comptes.models import Personne
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.habilitations import (
    acces,
    queries_acces,
    queries_acces_moyens,
    service_acces,
    service_acces_entree,
)
from tdba.habilitations.blueprint import bp
from tdba.habilitations.forms_acces import AutreForm, CfaForm, CleForm
from tdba.habilitations.models import DemandeAcces
from tdba.habilitations.service_acces_courriels import Adresses
from tdba.organismes.models import Organisme
from tdba.scope import Introuvable

LIBELLES_TERRITOIRE: Final = {
    "REGION": "Région",
    "DEPARTEMENT": "Département",
    "ACADEMIE": "Académie",
    "RESEAU": "Réseau",
}
SOI: Final = "chacun demande pour soi, avant d’avoir aucun droit"


def adresses() -> Adresses:
    """Our absolute addresses for mails: from the configuration, never from the request's host."""
    configuration = cast("Configuration", current_app.extensions["tdba"])

    def absolue(endpoint: str, **valeurs: Any) -> str:
        return configuration.base_url + url_for(endpoint, **valeurs)

    return Adresses(
        accueil=absolue("comptes.accueil"),
        demandes=absolue("habilitations.demandes"),
        suivi=absolue("habilitations.suivi_demande"),
        lien=lambda jeton: absolue("habilitations.lien_acces", jeton=jeton),
    )


def vers(endpoint: str, **valeurs: Any) -> Response:
    return cast("Response", redirect(url_for(endpoint, **valeurs), 303))


def rendre(gabarit: str, *, code: int = 200, **contexte: Any) -> Response:
    """A page of somebody who may have no right at all: the menu's links would all lead back here."""
    if g.acteur.blocage is not None:
        contexte["menu"] = None
    reponse = make_response(render_template(gabarit, **contexte))
    reponse.status_code = code
    return reponse


def arrete_ailleurs() -> Response | None:
    """A suspended or closed account asks for nothing here: its own page says why."""
    blocage = g.acteur.blocage
    return None if blocage is None or blocage in etats.SE_DEMANDENT else vers("comptes.sans_acces")


def moi_meme() -> Personne:
    return comptes.personne(g.acteur.personne_id)


def _tenter(agir: Callable[[], DemandeAcces], form: BaseForm) -> DemandeAcces | None:
    """Act and commit. None when a rule refuses: the form then says why."""
    try:
        resultat = agir()
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return None
    return resultat


@bp.route("/acces/entrer", methods=["GET", "POST"])
@connecte(SOI, meme_arrete=True)
def acces_cfa() -> Response:
    """Propose the CFA of the login's SIRET, or search; say one's function; ask."""
    if arrete := arrete_ailleurs():
        return arrete
    moi = moi_meme()
    choix = service_comptes.habilitations_valides(moi, horloge.aujourd_hui())
    if request.method == "GET" and _a_suivre(moi.id, {h.id for h, _ in choix}):
        return vers("habilitations.suivi_demande")
    q = request.args.get("q", "").replace("\x00", "").strip()[:100]
    proposes = queries_acces.proposes(moi.siret)
    choisi = _choisi(proposes, cherche=bool(q))
    form, masquee = _formulaire_cfa(choisi, moi)
    if choisi is not None and form.validate_on_submit():
        regle = form.regle.data if form.regle else "ETABLISSEMENTS"
        demander = partial(service_acces.demander_cfa, moi, choisi.id, regle=regle, adresses=adresses())
        if _tenter(partial(demander, fonction=form.fonction.data), form) is not None:
            if form.lien is not None and form.lien.data:
                envoyer()
            return vers("habilitations.suivi_demande")
    return rendre(
        "habilitations/acces_cfa.html",
        code=422 if request.method == "POST" else 200,
        form=form,
        choisi=choisi,
        proposes=proposes,
        masquee=masquee,
        q=q,
        resultats=queries_acces.chercher(q) if q else None,
        siret=moi.siret,
        choix=choix,
    )


def _a_suivre(personne_id: int, ouvertes: set[int]) -> bool:
    """Their last request is open, or was accepted since they logged in without any right: it is what they come for."""
    vue = queries_acces.derniere_demande(personne_id)
    if vue is None:
        return False
    acceptee = g.acteur.blocage is not None and vue.demande.habilitation_id in ouvertes
    return vue.demande.etat == "EN_ATTENTE" or acceptee


def _choisi(proposes: list[Organisme], *, cherche: bool) -> Organisme | None:
    """The establishment named by the form or the address; else the only one proposed."""
    texte = request.form.get("organisme") or request.args.get("organisme") or ""
    if texte.isdecimal() and len(texte) < 10:
        trouve = queries_acces.organisme(int(texte))
        if trouve is None:
            raise Introuvable
        return trouve
    return proposes[0] if len(proposes) == 1 and not cherche else None


def _formulaire_cfa(choisi: Organisme | None, moi: Personne) -> tuple[CfaForm, str | None]:
    """The form without what offers no choice, and the masked address that a link would be sent to."""
    form = CfaForm()
    masquee = queries_acces_moyens.lien_possible(choisi, moi) if choisi is not None else None
    if choisi is not None:
        form.organisme.data = choisi.id
    if choisi is None or not queries_acces_moyens.peut_demander_l_entite(choisi, moi):
        del form.regle
    if masquee is None:
        del form.lien
    return form, masquee


@bp.route("/acces/autre", methods=["GET", "POST"])
@connecte(SOI, meme_arrete=True)
def acces_autre() -> Response:
    """Ask for another kind of organisation: the kind first, then its territory."""
    if arrete := arrete_ailleurs():
        return arrete
    genre = request.args.get("type", "")
    if genre not in acces.GENRES:
        return rendre("habilitations/acces_autre.html", genre=None, genres=acces.GENRES, form=None)
    regle, form = acces.GENRES[genre].regle, AutreForm()
    if regle == "NATION":
        del form.territoire
    else:
        form.territoire.label.text = LIBELLES_TERRITOIRE[regle]
        form.territoire.choices = {"": "Choisissez"} | dict(queries_acces.territoires(regle))
    if form.validate_on_submit():
        code = form.territoire.data if form.territoire else None
        fonction = form.fonction.data
        if _tenter(lambda: service_acces.demander_autre(moi_meme(), genre, code, fonction=fonction), form):
            return vers("habilitations.suivi_demande")
    return rendre(
        "habilitations/acces_autre.html",
        code=422 if request.method == "POST" else 200,
        genre=genre,
        genres=acces.GENRES,
        form=form,
    )


@bp.get("/acces/suivi")
@connecte(SOI, meme_arrete=True)
def suivi_demande() -> Response:
    """Where one's request stands, since when, who decides, and how to come in at once."""
    if arrete := arrete_ailleurs():
        return arrete
    return page_de_suivi(CleForm())


def page_de_suivi(form: CleForm, *, code: int = 200) -> Response:
    moi = moi_meme()
    vue = queries_acces.derniere_demande(moi.id)
    if vue is None:
        return vers("habilitations.acces_cfa")
    en_attente = vue.demande.etat == "EN_ATTENTE"
    ouvertes = service_comptes.habilitations_valides(moi, horloge.aujourd_hui())
    return rendre(
        "habilitations/acces_suivi.html",
        code=code,
        vue=vue,
        moyens=queries_acces_moyens.moyens(vue, moi, dirigeant=est_dirigeant()) if en_attente else None,
        ouverte=vue.demande.habilitation_id in {h.id for h, _ in ouvertes},
        genres=acces.GENRES,
        patience=acces.PATIENCE.days,
        form=form,
    )


def est_dirigeant() -> bool:
    """The level of this session is one by which the provider certifies directors."""
    configuration: Configuration = current_app.extensions["tdba"]
    return cast("Any", session).niveau in configuration.acr_dirigeant


@bp.post("/acces/annuler")
@connecte(SOI, meme_arrete=True)
def annuler_demande() -> Response:
    service_acces.annuler(g.acteur.personne_id)
    db.session.commit()
    flash("Votre demande est annulée.", "success")
    return vers("habilitations.acces_cfa")


def envoyer() -> None:
    try:
        masquee = service_acces_entree.envoyer_lien(moi_meme(), adresses())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash(f"Un lien d’entrée est envoyé à {masquee}. Il sert une fois, pendant quatre jours.", "success")
