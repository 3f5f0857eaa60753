"""Screens to change one's own second factors: adding, removing, recovery codes (decision 27)."""

from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for

from tdba import horloge
from tdba.access import connecte
from tdba.comptes import cles_acces, queries, queries_facteurs, routes_saisies, service_facteurs, totp
from tdba.comptes.forms_facteurs import ApplicationForm, CleForm
from tdba.comptes.routes import bp
from tdba.comptes.routes_facteurs import (
    contexte_courant,
    en_octets,
    en_texte,
    lancer_defi,
    reprendre_defi,
    suite_demandee,
    vers,
)
from tdba.comptes.service_facteurs import Contexte
from tdba.comptes.sessions import aller, session_courante
from tdba.db import db
from tdba.errors import ErreurMetier


def _prouve_recemment() -> Response | None:
    """Changing one's factors asks for one of them, shown a moment ago; the first of all has none to show."""
    courante, contexte = session_courante(), contexte_courant()
    if service_facteurs.recent(courante.facteur_le, service_facteurs.DUREE_GESTION, contexte.maintenant):
        return None
    if not queries_facteurs.a_un_facteur(contexte.personne_id):
        return None
    return aller("comptes.second_facteur", suite=routes_saisies.adresse_de_retour())


# --- Adding ----------------------------------------------------------------------------------------------------


@bp.route("/mon-compte/facteurs/application", methods=["GET", "POST"])
@connecte("chacun gère ses propres seconds facteurs")
def ajouter_application() -> Response:
    """Show a new secret as an image and as text, and ask for its first code."""
    if detour := _prouve_recemment():
        return detour
    contexte, form = contexte_courant(), ApplicationForm()
    secret = _secret_en_cours(contexte)
    if form.validate_on_submit():
        try:
            codes = service_facteurs.ajouter_application(
                contexte, nom=form.nom.data, secret=secret, code=form.code.data
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            return _ajoute(codes)
    return _page_application(contexte, form, secret)


def _page_application(contexte: Contexte, form: ApplicationForm, secret: bytes) -> Response:
    courriel = queries.personne(contexte.personne_id).courriel
    chiffre = totp.chiffrer(secret, cle=contexte.secret_key, personne_id=contexte.personne_id)
    return _formulaire(
        "comptes/ajouter_application.html",
        form=form,
        image=totp.image(totp.adresse(secret, courriel)),
        secret=totp.en_texte(secret),
        en_cours=en_texte(chiffre),
        suite=suite_demandee(),
    )


def _formulaire(gabarit: str, **contexte: Any) -> Response:
    reponse = make_response(render_template(gabarit, **contexte))
    reponse.status_code = 422 if request.method == "POST" else 200
    return reponse


def _secret_en_cours(contexte: Contexte) -> bytes:
    """The secret of the form sent back, encrypted for this person: a GET writes nothing. A new one otherwise."""
    chiffre = en_octets(request.form.get("en_cours", ""))
    secret = totp.dechiffrer(chiffre, cle=contexte.secret_key, personne_id=contexte.personne_id)
    return secret or totp.nouveau_secret()


@bp.route("/mon-compte/facteurs/cle", methods=["GET", "POST"])
@connecte("chacun gère ses propres seconds facteurs")
def ajouter_cle() -> Response:
    if detour := _prouve_recemment():
        return detour
    contexte, form = contexte_courant(), CleForm()
    if form.validate_on_submit():
        try:
            codes = service_facteurs.ajouter_cle(
                contexte, nom=form.nom.data, reponse=form.reponse_cle.data or "", defi=reprendre_defi()
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            return _ajoute(codes)
    possibles = cles_acces.possibles(contexte.base_url)
    return _formulaire("comptes/ajouter_cle.html", form=form, suite=suite_demandee(), possibles=possibles)


@bp.post("/mon-compte/facteurs/cle/defi")
@connecte("chacun gère ses propres seconds facteurs")
def defi_d_ajout() -> Response:
    """What the browser asks of a device that will hold a new passkey."""
    if detour := _prouve_recemment():
        return detour
    contexte = contexte_courant()
    deja = queries_facteurs.facteurs_de(contexte.personne_id, genre=service_facteurs.CLE_ACCES)
    return lancer_defi(
        cles_acces.demander_creation(
            contexte.base_url,
            identifiant=totp.anonyme(contexte.secret_key, contexte.personne_id),
            compte=queries.personne(contexte.personne_id).courriel,
            deja=[facteur.cle_id for facteur in deja if facteur.cle_id],
        )
    )


def _ajoute(codes: list[str]) -> Response:
    """What was just recorded was shown: it counts as a proof."""
    session_courante().prouver(horloge.maintenant())
    if codes:
        return _montrer(codes)
    flash("Votre second facteur est ajouté.", "success")
    return vers(suite_demandee() or url_for("comptes.mon_compte"))


# --- Removing, recovery codes ----------------------------------------------------------------------------------


@bp.post("/mon-compte/facteurs/<int:facteur_id>/retirer")
@connecte("chacun gère ses propres seconds facteurs")
def retirer_facteur(facteur_id: int) -> Response:
    if detour := _prouve_recemment():
        return detour
    service_facteurs.retirer(contexte_courant(), facteur_id)
    db.session.commit()
    flash("Ce second facteur est retiré.", "success")
    return aller("comptes.mon_compte")


@bp.post("/mon-compte/codes-de-secours")
@connecte("chacun gère ses propres seconds facteurs")
def nouveaux_codes() -> Response:
    """Replace one's recovery codes. They are in this answer and nowhere else."""
    if detour := _prouve_recemment():
        return detour
    try:
        codes = service_facteurs.creer_codes(contexte_courant())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
        return aller("comptes.mon_compte")
    return _montrer(codes)


def _montrer(codes: list[str]) -> Response:
    suite = suite_demandee() or url_for("comptes.mon_compte")
    return make_response(render_template("comptes/codes_secours.html", codes=codes, suite=suite))
