"""Login, logout, the account page, the choice of an organisation, and where each person starts."""

import logging
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, flash, g, make_response, render_template, request, url_for
from flask import redirect as rediriger
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from tdba import horloge, journal, web
from tdba.access import connecte, ecrit, public
from tdba.comptes import queries, service, service_sessions
from tdba.comptes.proconnect import ClientOidc, ConnexionRefusee, FournisseurIndisponible, Tentative
from tdba.comptes.service import Identite
from tdba.comptes.sessions import Acteur, aller, session_courante
from tdba.config import Configuration
from tdba.db import db
from tdba.scope import Introuvable

log = logging.getLogger("tdba.comptes")

bp = Blueprint("comptes", __name__)

TENTATIVE: Final = "oidc:"
"""Prefix of the session's keys that hold a login in progress, one key for each `state`."""
DUREE_TENTATIVE: Final = 600
TENTATIVES_MAX: Final = 5
"""Tabs that may be logging in at once; beyond it, the oldest is forgotten."""

ERREURS_DU_FOURNISSEUR: Final = {
    "access_denied": "annulee",
    "login_required": "expiree",
    "server_error": "indisponible",
    "temporarily_unavailable": "indisponible",
}
PAGES_DE_REFUS: Final = ("annulee", "expiree", "indisponible")
CODES_HTTP: Final = {"expiree": 400, "indisponible": 503}


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def client() -> ClientOidc:
    """The client of the configured provider, one for the process."""
    clients: dict[Configuration, ClientOidc] = current_app.extensions.setdefault("tdba_oidc", {})
    configuration = _configuration()
    if configuration not in clients:
        clients[configuration] = ClientOidc(configuration)
    return clients[configuration]


def _acteur() -> Acteur:
    return cast("Acteur", g.acteur)


def _retour(endpoint: str) -> str:
    """Our address as registered at the provider: from the configuration, never from the request's host."""
    return _configuration().base_url + url_for(endpoint)


def _vers(adresse: str) -> Response:
    return cast("Response", rediriger(adresse, 303))


@bp.get("/connexion")
@public("c’est la porte d’entrée")
def connexion() -> Response:
    suite = web.adresse_locale(request.args.get("suite"))
    if current_user.is_authenticated:
        return _vers(suite or url_for("comptes.accueil"))
    return make_response(render_template("comptes/connexion.html", suite=suite))


@bp.post("/connexion")
@public("c’est la porte d’entrée")
def partir() -> Response:
    """Start a login: what will prove its answer stays in the session, the address to come back to as well."""
    suite = web.adresse_locale(request.form.get("suite"))
    perime = _formulaire_perime()
    if current_user.is_authenticated:
        return _vers(suite or url_for("comptes.accueil"))
    if perime:
        return aller("comptes.connexion", suite=suite)
    db.session.rollback()  # no connection to PostgreSQL is held while the provider is called
    tentative = Tentative.nouvelle()
    try:
        adresse = client().adresse_autorisation(tentative, _retour("comptes.retour"))
    except FournisseurIndisponible as erreur:
        return _indisponible(erreur)
    courante = session_courante()
    en_cours = sorted((c for c in courante if c.startswith(TENTATIVE)), key=lambda c: courante[c]["le"])
    for ancienne in en_cours[: max(0, len(en_cours) - TENTATIVES_MAX + 1)]:
        del courante[ancienne]
    courante[TENTATIVE + tentative.state] = {
        "nonce": tentative.nonce,
        "verifieur": tentative.verifieur,
        "suite": suite,
        "le": int(horloge.maintenant().timestamp()),
    }
    return _vers(adresse)


def _formulaire_perime() -> bool:
    """A login page left open over night gets a fresh one; a form without any token is not ours (CSRFError)."""
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        if "csrf_token" not in request.form:
            raise
        return True
    return False


@bp.get("/connexion/retour")
@public("le fournisseur d’identité renvoie ici une personne encore inconnue")
@ecrit("un GET par construction du protocole : il enregistre la personne et consigne la connexion")
def retour() -> Response:
    """Receive the provider's answer. Nothing of it is ever shown, and each attempt is answered once."""
    trouvee = _reprendre(request.args.get("state", ""))
    if trouvee is None:
        # A second tab, or a page reloaded after a login that succeeded: they are where they wanted to be.
        return aller("comptes.accueil") if current_user.is_authenticated else _refus("expiree", None)
    tentative, suite = trouvee
    try:
        identite, id_token = _identifier(tentative)
    except FournisseurIndisponible as erreur:
        return _indisponible(erreur)
    except ConnexionRefusee as erreur:
        return _refuser(str(erreur), suite)
    ouverte = service.connecter(identite, horloge.maintenant())
    db.session.commit()
    courante = session_courante()
    courante.renouveler(ouverte.personne.id, ouverte.habilitation_id)
    courante["id_token"] = id_token
    if ouverte.blocage is not None:
        return aller("comptes.sans_acces")
    return _vers(suite or url_for("comptes.accueil"))


def _identifier(tentative: Tentative) -> tuple[Identite, str]:
    """Read the provider's answer, then ask it who this is."""
    if request.args.get("iss", client().emetteur) != client().emetteur:
        raise ConnexionRefusee("emetteur")
    if "error" in request.args:
        raise ConnexionRefusee(ERREURS_DU_FOURNISSEUR.get(request.args["error"], "erreur"))
    if not request.args.get("code"):
        raise ConnexionRefusee("code_absent")
    db.session.rollback()  # no connection to PostgreSQL is held while the provider is called
    return client().identifier(request.args["code"], tentative, _retour("comptes.retour"))


def _reprendre(state: str) -> tuple[Tentative, str | None] | None:
    """Take back the attempt that `state` names, from this browser's session and from nowhere else."""
    attente: dict[str, Any] | None = session_courante().pop(TENTATIVE + state, None)
    if attente is None or horloge.maintenant().timestamp() - attente["le"] > DUREE_TENTATIVE:
        return None
    return Tentative(state, attente["nonce"], attente["verifieur"]), attente["suite"]


def _refuser(raison: str, suite: str | None) -> Response:
    journal.consigner("compte.refuse", raison=raison)
    db.session.commit()
    return _refus(raison if raison in PAGES_DE_REFUS else "technique", suite)


def _refus(page: str, suite: str | None) -> Response:
    reponse = make_response(render_template("comptes/refus.html", page=page, suite=suite))
    reponse.status_code = CODES_HTTP.get(page, 403)
    return reponse


def _indisponible(erreur: FournisseurIndisponible) -> Response:
    log.warning("identity provider unavailable: %s", erreur)
    reponse = _refus("indisponible", None)
    reponse.headers["Retry-After"] = "30"
    return reponse


@bp.post("/deconnexion")
@public("se déconnecter aboutit toujours, même quand la session est déjà finie")
def deconnexion() -> Response:
    """End our session first, then send the browser to end the provider's: it would log in again without a word."""
    courante = session_courante()
    if current_user.is_authenticated:
        current_app.extensions["csrf"].protect()
        journal.consigner("compte.deconnecte")
        db.session.commit()
    id_token: str | None = courante.get("id_token")
    tentative = Tentative.nouvelle()
    courante.renouveler()
    try:
        adresse = client().adresse_fin(id_token, tentative.state, _retour("comptes.deconnectee"))
    except FournisseurIndisponible as erreur:
        log.warning("identity provider unavailable at logout: %s", erreur)
        adresse = None
    if adresse is None or id_token is None:
        return _vers(url_for("comptes.deconnectee"))
    courante["deconnexion"] = tentative.state
    return _vers(adresse)


@bp.get("/deconnexion/retour")
@public("la personne n’est plus connectée")
def deconnectee() -> Response:
    """Say that the session is over. The provider's answer counts only if this browser asked for it."""
    courante = session_courante()
    if current_user.is_authenticated:
        return aller("comptes.accueil")
    complete = bool(courante.get("deconnexion")) and request.args.get("state") == courante["deconnexion"]
    if complete:
        courante.renouveler()
    return make_response(render_template("comptes/deconnectee.html", complete=complete))


@bp.get("/")
@connecte("chacun part de sa première page")
def accueil() -> Response:
    """Lead to the first page that this person may open."""
    permises = web.entrees_permises()
    if permises:
        return aller(permises[0].endpoint)
    return make_response(render_template("comptes/aucun_droit.html", acteur=_acteur()))


@bp.get("/acces")
@connecte("dit pourquoi une personne connue ne peut pas travailler ici")
def sans_acces() -> Response:
    acteur = _acteur()
    if acteur.blocage is None:
        return aller("comptes.accueil")
    personne = queries.personne(acteur.personne_id)
    reponse = make_response(
        render_template(
            "comptes/sans_acces.html",
            raison=service.preciser(acteur.blocage, personne).value,
            choix=service.habilitations_valides(personne, horloge.aujourd_hui()),
            menu=None,  # its links would all lead back here
        )
    )
    reponse.status_code = 403
    return reponse


@bp.post("/organisation")
@connecte("chacun choisit parmi ses propres habilitations")
def organisation() -> Response:
    """Act from now on for another of one's organisations."""
    habilitation_id = request.form.get("habilitation_id", type=int)
    choisie = service.choisir_habilitation(_acteur().personne_id, habilitation_id, horloge.aujourd_hui())
    db.session.commit()
    session_courante().habilitation_id = habilitation_id
    flash(f"Vous agissez maintenant pour {choisie.nom}.", "success")
    return aller("comptes.accueil")


@bp.get("/mon-compte")
@connecte("chacun voit son propre compte")
def mon_compte() -> Response:
    acteur = _acteur()
    personne = queries.personne(acteur.personne_id)
    return make_response(
        render_template(
            "comptes/mon_compte.html",
            acteur=acteur,
            personne=personne,
            choix=service.habilitations_valides(personne, horloge.aujourd_hui()),
            sessions=service_sessions.ouvertes(personne.id, horloge.maintenant(), _configuration()),
            session_courante_id=session_courante().ligne_id,
        )
    )


@bp.post("/mon-compte/sessions/<int:session_id>/fermer")
@connecte("chacun ferme ses propres sessions")
def fermer_session(session_id: int) -> Response:
    if not service_sessions.fermer_sessions(_acteur().personne_id, seulement=session_id):
        raise Introuvable
    db.session.commit()
    return _apres_fermeture("La session est fermée.")


@bp.post("/mon-compte/sessions/fermer")
@connecte("chacun ferme ses propres sessions")
def fermer_autres_sessions() -> Response:
    """End every session of this person but the one in use."""
    courante = session_courante().ligne_id
    nombre = service_sessions.fermer_sessions(_acteur().personne_id, sauf=courante)
    db.session.commit()
    phrase = "Vos autres sessions sont fermées." if nombre else "Vous n’aviez pas d’autre session ouverte."
    return _apres_fermeture(phrase)


def _apres_fermeture(phrase: str) -> Response:
    flash(phrase, "success")
    return aller("comptes.mon_compte")
