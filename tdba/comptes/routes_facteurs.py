"""Screens of the second factor: proving one (decision 27, identity-security.md §3.1.27). Changing one's own:
`routes_facteurs_gestion`.

`exiger` is what `access.second_facteur` calls: the kernel knows that a view needs a factor, this module knows what one is.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Invalide
from datetime import timedelta
from typing import Final, cast

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for

from tdba import horloge, web
from tdba.access import connecte
from tdba.comptes import cles_acces, jetons, queries_facteurs, routes_saisies, service_facteurs
from tdba.comptes.forms_facteurs import CodeForm
from tdba.comptes.routes import bp
from tdba.comptes.saisies import VERROU
from tdba.comptes.service_facteurs import Contexte, Verdict
from tdba.comptes.sessions import Acteur, aller, session_courante
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier

DEFI: Final = "defi_cle"
"""Key of the session that holds the challenge a passkey must sign."""
DUREE_DEFI: Final = timedelta(minutes=5)
REFUS: Final = {
    Verdict.REFUSE: "Cette preuve n’est pas acceptée. Un code ne sert qu’une fois : attendez le suivant.",
    Verdict.TROP: "Trop d’essais en peu de temps. Réessayez dans 15 minutes, ou écrivez au support.",
}


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def contexte_courant() -> Contexte:
    configuration, acteur = _configuration(), cast("Acteur", g.acteur)
    return Contexte(
        acteur.personne_id, configuration.secret_key, configuration.base_url, horloge.maintenant()
    )


def suite_demandee(source: str = "") -> str | None:
    return web.adresse_locale(source or request.values.get("suite"))


def vers(adresse: str | None) -> Response:
    return cast("Response", redirect(adresse or url_for("comptes.accueil"), 303))


# --- Asked by other views --------------------------------------------------------------------------------------


def exiger() -> Response | None:
    """Where to go when the view needs a second factor that this session has not; None when it has.

    A level that the provider certified and the configuration accepts dispenses with it. What a form held is kept.
    """
    courante, configuration = session_courante(), _configuration()
    if not configuration.second_facteur_exige:
        return None
    if jetons.suffit_aux_actes_sensibles(courante.niveau, configuration.acr_sensible):
        return None
    if service_facteurs.recent(courante.facteur_le, service_facteurs.DUREE, horloge.maintenant()):
        return None
    return aller("comptes.second_facteur", suite=routes_saisies.adresse_de_retour())


# --- Proving ---------------------------------------------------------------------------------------------------


@bp.route("/second-facteur", methods=["GET", "POST"])
@connecte("chacun prouve son propre second facteur")
def second_facteur() -> Response:
    """Ask for a code, a recovery code or a passkey; resumes a locked session in place."""
    form = CodeForm()
    if form.validate_on_submit():
        verdict = service_facteurs.presenter_code(contexte_courant(), form.code.data)
        db.session.commit()
        if verdict is Verdict.ACCEPTE:
            return _prouve()
        form.refuser(ErreurMetier(REFUS[verdict], champ="code"))
        return _demander(form, verdict)
    return _demander(form, Verdict.REFUSE if request.method == "POST" else None)


@bp.post("/second-facteur/cle")
@connecte("chacun prouve son propre second facteur")
def presenter_cle() -> Response:
    form = CodeForm(formdata=None)
    verdict = service_facteurs.presenter_cle(
        contexte_courant(), request.form.get("reponse_cle", ""), reprendre_defi()
    )
    db.session.commit()
    if verdict is Verdict.ACCEPTE:
        return _prouve()
    form.refuser(ErreurMetier(REFUS[verdict]))
    return _demander(form, verdict)


@bp.post("/second-facteur/cle/defi")
@connecte("chacun prouve son propre second facteur")
def defi_de_preuve() -> Response:
    """What the browser asks of a passkey already recorded."""
    cles = queries_facteurs.facteurs_de(contexte_courant().personne_id, genre=service_facteurs.CLE_ACCES)
    return lancer_defi(
        cles_acces.demander_preuve(_configuration().base_url, cles=[c.cle_id for c in cles if c.cle_id])
    )


def _demander(form: CodeForm, verdict: Verdict | None) -> Response:
    contexte, verrouillee = contexte_courant(), VERROU in session_courante()
    facteurs = queries_facteurs.facteurs_de(contexte.personne_id)
    reponse = make_response(
        render_template(
            "comptes/second_facteur.html",
            form=form,
            suite=suite_demandee(),
            facteurs=facteurs,
            cle=any(facteur.genre == service_facteurs.CLE_ACCES for facteur in facteurs),
            cles_possibles=cles_acces.possibles(contexte.base_url),
            verrouillee=verrouillee,
            niveau=bool(_configuration().acr_sensible),
            menu=None,  # a locked session opens nothing; otherwise, one thing at a time
        )
    )
    reponse.status_code = {None: 200, Verdict.TROP: 429}.get(verdict, 422)
    if verdict is Verdict.TROP:
        reponse.headers["Retry-After"] = str(int(service_facteurs.FENETRE.total_seconds()))
    return reponse


def _prouve() -> Response:
    session_courante().prouver(horloge.maintenant())
    return vers(suite_demandee())


# --- Challenges ------------------------------------------------------------------------------------------------


def lancer_defi(demande: cles_acces.Demande) -> Response:
    session_courante()[DEFI] = {
        "valeur": en_texte(demande.defi),
        "le": int(horloge.maintenant().timestamp()),
    }
    return Response(demande.options, mimetype="application/json")


def reprendre_defi() -> bytes | None:
    """The challenge of this session, which serves once and not for long."""
    attente = session_courante().pop(DEFI, None)
    if attente is None or horloge.maintenant().timestamp() - attente["le"] > DUREE_DEFI.total_seconds():
        return None
    return en_octets(attente["valeur"])


def en_texte(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode()


def en_octets(texte: str) -> bytes:
    try:
        return urlsafe_b64decode(texte.encode())
    except (Base64Invalide, ValueError):
        return b""
