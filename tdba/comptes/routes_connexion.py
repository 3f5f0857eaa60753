"""Login, a stronger login, and logout, at the identity provider (identity-security.md §1). Nothing it says is shown."""

import logging
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Response, current_app, g, make_response, render_template, request, url_for
from flask import redirect as rediriger
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from tdba import horloge, journal, web
from tdba.access import connecte, ecrit, public
from tdba.comptes import jetons, refus, service
from tdba.comptes.proconnect import ClientOidc, ConnexionRefusee, Exigence, FournisseurIndisponible, Tentative
from tdba.comptes.routes import bp
from tdba.comptes.saisies import VERROU
from tdba.comptes.service import Identite
from tdba.comptes.sessions import aller, session_courante
from tdba.config import Configuration
from tdba.db import db
from tdba.debits import debit

log = logging.getLogger("tdba.comptes")

TENTATIVE: Final = "oidc:"
"""Prefix of the session's keys that hold a login in progress, one key for each `state`."""
DUREE_TENTATIVE: Final = 600
TENTATIVES_MAX: Final = 5
"""Tabs that may be logging in at once; beyond it, the oldest is forgotten."""


@dataclass(frozen=True, slots=True)
class Attente:
    """What the browser's session kept of a login that it started."""

    tentative: Tentative
    suite: str | None
    exigeante: bool = False
    """A level of authentication was demanded of the provider."""
    sensible: bool = False
    """Asked by somebody already here, for a stronger login."""
    partie_le: int = 0
    """When the browser left for the provider, in seconds."""


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def client() -> ClientOidc:
    """The client of the configured provider, one for the process."""
    clients: dict[Configuration, ClientOidc] = current_app.extensions.setdefault("tdba_oidc", {})
    configuration = _configuration()
    if configuration not in clients:
        clients[configuration] = ClientOidc(configuration)
    return clients[configuration]


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
    niveau_exige = bool(_configuration().acr_connexion)
    return make_response(render_template("comptes/connexion.html", suite=suite, niveau_exige=niveau_exige))


@bp.post("/connexion")
@public("c’est la porte d’entrée")
@debit("connexion")
def partir() -> Response:
    """Start a login: what will prove its answer stays in the session, the address to come back to as well."""
    suite = web.adresse_locale(request.form.get("suite"))
    perime = _formulaire_perime()
    if current_user.is_authenticated:
        return _vers(suite or url_for("comptes.accueil"))
    if perime:
        return aller("comptes.connexion", suite=suite)
    verrouillee = VERROU in session_courante()
    return _envoyer(Exigence.de_connexion(_configuration(), fraiche=verrouillee), suite, sensible=False)


@bp.get("/connexion/niveau")
@connecte("chacun peut renforcer sa propre identification")
def niveau() -> Response:
    """Explain why a stronger identification is asked, before the button that leads to it."""
    suite = web.adresse_locale(request.args.get("suite"))
    possible = bool(_configuration().acr_sensible)
    return make_response(render_template("comptes/niveau.html", suite=suite, possible=possible))


@bp.post("/connexion/niveau")
@connecte("chacun peut renforcer sa propre identification")
@debit("connexion")
def elever() -> Response:
    """Ask the provider for a level that sensitive acts accept (identity-security.md §1.5)."""
    suite = web.adresse_locale(request.form.get("suite"))
    if not _configuration().acr_sensible:
        return aller("comptes.niveau", suite=suite)
    return _envoyer(Exigence.sensible(_configuration()), suite, sensible=True)


def _envoyer(exigence: Exigence, suite: str | None, *, sensible: bool) -> Response:
    db.session.rollback()  # no connection to PostgreSQL is held while the provider is called
    tentative = Tentative.nouvelle()
    try:
        adresse = client().adresse_autorisation(tentative, exigence, _retour("comptes.retour"))
    except FournisseurIndisponible as erreur:
        return _indisponible(erreur, suite, sensible=sensible)
    courante = session_courante()
    en_cours = sorted((c for c in courante if c.startswith(TENTATIVE)), key=lambda c: courante[c]["le"])
    for ancienne in en_cours[: max(0, len(en_cours) - TENTATIVES_MAX + 1)]:
        del courante[ancienne]
    courante[TENTATIVE + tentative.state] = {
        "nonce": tentative.nonce,
        "verifieur": tentative.verifieur,
        "suite": suite,
        "exigeante": exigence.imperative,
        "sensible": sensible,
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
@debit("retour_connexion")
def retour() -> Response:
    """Receive the provider's answer. Nothing of it is ever shown, and each attempt is answered once."""
    attente = _reprendre(request.args.get("state", ""))
    if attente is None or attente.sensible != current_user.is_authenticated:
        # A second tab, or a page reloaded after a login that succeeded: they are where they wanted to be.
        return aller("comptes.accueil") if current_user.is_authenticated else _refus("expiree", None)
    try:
        identite, id_token = _identifier(attente)
    except FournisseurIndisponible as erreur:
        return _indisponible(erreur, attente.suite, sensible=attente.sensible)
    except ConnexionRefusee as erreur:
        return _refuser(str(erreur), attente)
    if attente.sensible:
        return _renforcer(identite, id_token, attente)
    if not jetons.suffit(identite.niveau, _configuration().acr_connexion):
        # Kept so that they can leave the provider and come back with another means of identification.
        session_courante()["id_token"] = id_token
        return _refuser("niveau_insuffisant", attente)
    return _entrer(identite, id_token, attente.suite)


def _entrer(identite: Identite, id_token: str, suite: str | None) -> Response:
    ouverte = service.connecter(identite, horloge.maintenant())
    db.session.commit()
    courante = session_courante()
    courante.renouveler(ouverte.personne.id, ouverte.habilitation_id, identite.niveau)
    courante["id_token"] = id_token
    if ouverte.blocage is not None and not suite:
        return aller("comptes.sans_acces")
    # Whoever is stopped is led there from any page that is not also for them: a one-time link is.
    return _vers(suite or url_for("comptes.accueil"))


def _renforcer(identite: Identite, id_token: str, attente: Attente) -> Response:
    """Give the session of somebody already here its new level, under a new identifier and with what it held."""
    if not jetons.suffit_aux_actes_sensibles(identite.niveau, _configuration().acr_sensible):
        return _refuser("niveau_insuffisant", attente)
    if not service.elever(identite, g.acteur.personne_id):
        return _refuser("autre_personne", attente)
    db.session.commit()
    courante = session_courante()
    gardees = dict(courante)
    courante.renouveler(courante.personne_id, courante.habilitation_id, identite.niveau)
    courante.update(gardees | {"id_token": id_token})
    return _vers(attente.suite or url_for("comptes.accueil"))


def _identifier(attente: Attente) -> tuple[Identite, str]:
    """Read the provider's answer, then ask it who this is."""
    db.session.rollback()  # no connection to PostgreSQL is held while the provider is called
    client().verifier_emetteur(request.args.get("iss"))
    if "error" in request.args:
        raise ConnexionRefusee(refus.raison_de(request.args["error"], niveau_exige=attente.exigeante))
    if not request.args.get("code"):
        raise ConnexionRefusee("code_absent")
    identite, id_token = client().identifier(
        request.args["code"], attente.tentative, _retour("comptes.retour")
    )
    # A locked session is resumed by a proof given since, not by the session still open at the provider.
    if VERROU in session_courante() and not jetons.fraiche(identite.identifiee_le, attente.partie_le):
        raise ConnexionRefusee("identification_ancienne")
    return identite, id_token


def _reprendre(state: str) -> Attente | None:
    """Take back the attempt that `state` names, from this browser's session and from nowhere else."""
    gardee: dict[str, Any] | None = session_courante().pop(TENTATIVE + state, None)
    if gardee is None or horloge.maintenant().timestamp() - gardee["le"] > DUREE_TENTATIVE:
        return None
    return Attente(
        Tentative(state, gardee["nonce"], gardee["verifieur"]),
        gardee["suite"],
        exigeante=gardee.get("exigeante", False),
        sensible=gardee.get("sensible", False),
        partie_le=gardee["le"],
    )


def _refuser(raison: str, attente: Attente) -> Response:
    journal.consigner("compte.refuse", raison=raison)
    db.session.commit()
    return _refus(refus.page_de(raison), attente.suite, sensible=attente.sensible)


def _refus(nom: str, suite: str | None, *, sensible: bool = False) -> Response:
    page = refus.PAGES[nom]
    reference = journal.reference_requete.get()
    if page.alerte:
        log.error(
            "the identity provider refuses our requests: check the registration (reference %s)", reference
        )
    reponse = make_response(
        render_template(
            "comptes/refus.html",
            page=nom,
            reprise=url_for("comptes.niveau" if sensible else "comptes.connexion", suite=suite),
            reference=reference,
            ailleurs=bool(session_courante().get("id_token")) and not sensible,
        )
    )
    reponse.status_code = page.statut
    if page.statut == 503:
        reponse.headers["Retry-After"] = "30"
    return reponse


def _indisponible(erreur: FournisseurIndisponible, suite: str | None, *, sensible: bool) -> Response:
    log.warning("identity provider unavailable: %s", erreur)
    return _refus("indisponible", suite, sensible=sensible)


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
