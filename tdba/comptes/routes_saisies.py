"""Typed text that survives a session (decision 27, docs/adr/0011): kept at the door, offered back to who typed it.

Only a form that carries a token signed by us, naming its person, is kept: another site cannot plant a text here.
"""

from typing import Any, Final, cast

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from tdba import access, horloge, web
from tdba.access import connecte
from tdba.comptes import saisies
from tdba.comptes.routes import bp
from tdba.comptes.saisies import JETON, SAISIE
from tdba.comptes.sessions import Acteur, aller, session_courante

AGE_MAX: Final = 7 * 24 * 3600
"""Seconds after which a form left open is not taken back."""
JAMAIS: Final = (
    "comptes.partir",
    "comptes.deconnexion",
    "comptes.second_facteur",
    "comptes.presenter_cle",
    "comptes.defi_de_preuve",
    "comptes.ajouter_application",
    "comptes.ajouter_cle",
    "comptes.prolonger",
    "comptes.oublier_saisie",
)
"""Views whose forms hold codes, or nothing that somebody would type twice."""
ADRESSE: Final = "_adresse"
"""When the page itself locks its session, where the form that it sends along was going."""


def garder() -> bool:
    """Keep what this request's form holds, in the browser's session, for the person who typed it."""
    auteur, adresse = _auteur(), _adresse()
    if auteur is None or adresse is None or request.endpoint in JAMAIS:
        return False
    champs = saisies.a_garder(
        (nom, valeur)
        for nom, valeurs in request.form.lists()
        for valeur in valeurs
        if nom not in (JETON, ADRESSE)
    )
    if champs is None:
        return False
    session_courante()[SAISIE] = {
        "personne": auteur,
        "adresse": adresse,
        "page": web.adresse_locale(request.headers.get("HX-Current-URL") or request.referrer),
        "fichiers": bool(request.files),
        "champs": champs,
        "le": int(horloge.maintenant().timestamp()),
    }
    return True


def _adresse() -> str | None:
    """Where the form was going, a path of ours."""
    if request.endpoint == "comptes.verrouiller":
        return web.adresse_locale(request.form.get(ADRESSE))
    return request.full_path.rstrip("?")


def adresse_de_retour() -> str | None:
    """Where a detour comes back to: the page asked for, or the text kept from the form that was sent."""
    if request.method == "GET":
        return web.adresse_locale(request.headers.get("HX-Current-URL")) or request.full_path.rstrip("?")
    if garder():
        return url_for("comptes.saisie_gardee")
    return web.adresse_locale(request.headers.get("HX-Current-URL") or request.referrer)


def a_la_porte() -> Response | None:
    """`before_request`, once the person is known: a form from a session that ended leads to the login, its text kept."""
    if request.endpoint is None or request.method != "POST":
        return None
    if g.acteur is not None:
        _renvoyee()
        return None
    if access.acces_de(current_app, request.endpoint) in (access.ANONYME, access.CLE_API):
        return None
    return aller("comptes.connexion", suite=url_for("comptes.saisie_gardee")) if garder() else None


def _renvoyee() -> None:
    """The kept text is on its way: its page now holds it, errors included."""
    gardee = session_courante().get(SAISIE)
    if gardee is not None and gardee["adresse"] == request.full_path.rstrip("?"):
        del session_courante()[SAISIE]


def apres_jeton_refuse() -> Response | None:
    """A form whose session was replaced in another tab: its text is kept when the same person is here."""
    acteur = cast("Acteur | None", g.acteur)
    if acteur is None or _auteur() != acteur.personne_id or not garder():
        return None
    return aller("comptes.saisie_gardee")


def _auteur() -> int | None:
    """The person named by the form's token, once its signature is verified."""
    signe = request.form.get(JETON) or request.headers.get("X-CSRFToken") or ""
    lecteur = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    try:
        return saisies.auteur(lecteur.loads(signe, max_age=AGE_MAX))
    except BadData:
        return None


@bp.get("/saisie-gardee")
@connecte("chacun retrouve ce qu’il a lui-même saisi")
def saisie_gardee() -> Response:
    """Show what was kept, to be sent again by its author and by nobody else."""
    gardee = _la_sienne()
    if gardee is None:
        return aller("comptes.accueil")
    return make_response(
        render_template(
            "comptes/saisie_gardee.html", saisie=gardee, montres=saisies.a_montrer(gardee["champs"])
        )
    )


@bp.post("/saisie-gardee/oublier")
@connecte("chacun oublie ce qu’il a lui-même saisi")
def oublier_saisie() -> Response:
    gardee = _la_sienne()
    if gardee is not None:
        del session_courante()[SAISIE]
        flash("Votre saisie est oubliée.", "success")
    page = gardee["page"] if gardee else None
    return cast("Response", redirect(page or url_for("comptes.accueil"), 303))


def _la_sienne() -> dict[str, Any] | None:
    gardee: dict[str, Any] | None = session_courante().get(SAISIE)
    if gardee is None or gardee["personne"] != cast("Acteur", g.acteur).personne_id:
        return None
    return gardee
