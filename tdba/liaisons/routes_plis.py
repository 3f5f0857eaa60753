"""What the reader of a letter sees: no account, a code, one opening, one answer (ADR 0024).

A GET only asks: readers of mail open links by themselves. Whatever a link was, one that opens nothing has one page.
"""

from typing import Any, cast

from flask import Response, current_app, make_response, render_template, request

from tdba import horloge, web
from tdba.access import public
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.liaisons import service_plis
from tdba.liaisons.blueprint import bp_plis as bp
from tdba.liaisons.donnees import REPONSES
from tdba.liaisons.forms import CodeForm, ReponseForm
from tdba.liaisons.service_plis import CodeFaux, CodeIllisible, PliFerme


@bp.route("/liaison/<jeton:jeton>", methods=["GET", "POST"])
@public("un conseiller sans compte ouvre une seule fois ce qui lui est adressé, avec le lien et un code")
def ouvrir(jeton: str) -> Response:
    """Ask for the code, then show the letter, once."""
    form = CodeForm()
    maintenant = horloge.maintenant()
    try:
        if not form.validate_on_submit():
            service_plis.verifier(jeton, maintenant)
            return _demander(form)
        _limiter()
        lettre = service_plis.ouvrir(
            jeton, form.code.data, secret=_configuration().secret_key, maintenant=maintenant
        )
        db.session.commit()
    except CodeIllisible:
        db.session.rollback()
        return _refuser(form, "Le code a 8 chiffres. Rien n’a été compté.")
    except CodeFaux as faux:
        db.session.commit()
        return _refuser(form, _restants(faux.restants)) if faux.restants else _ferme()
    except PliFerme:
        db.session.rollback()
        return _ferme()
    return _rendre("liaisons/lettre.html", lettre=lettre, form=ReponseForm(formdata=None))


@bp.route("/liaison/reponse/<jeton:cle>", methods=["GET", "POST"])
@public("qui a ouvert un dossier de liaison y répond, avec l’adresse que cette page lui a donnée")
def repondre(cle: str) -> Response:
    """Take the answer, once; the page holds nothing about anybody, and may be kept to answer later."""
    form = ReponseForm()
    maintenant = horloge.maintenant()
    try:
        if form.validate_on_submit():
            _limiter()
            donnee: str | None = service_plis.repondre(cle, form.reponse.data, maintenant)
            db.session.commit()
        else:
            donnee = service_plis.reponse_donnee(cle, maintenant)
    except PliFerme:
        db.session.rollback()
        return _ferme()
    if donnee is not None:
        return _rendre("liaisons/repondu.html", reponse=REPONSES[donnee])
    return _rendre("liaisons/repondre.html", code=_code(), form=form)


def _limiter() -> None:
    """As codes of pairing: the two guess a code typed by a person. Counted apart, and for nobody but an address."""
    web.limiter("appairage_code", f"pli:{request.remote_addr or ''}")


def _restants(restants: int) -> str:
    if restants == 1:
        return "Ce code n’est pas le bon. Il reste un essai : ensuite le lien est détruit."
    return f"Ce code n’est pas le bon. Il reste {restants} essais : ensuite le lien est détruit."


def _refuser(form: CodeForm, phrase: str) -> Response:
    form.refuser(ErreurMetier(phrase, champ="code"))
    return _demander(form)


def _demander(form: CodeForm) -> Response:
    return _rendre("liaisons/ouvrir.html", code=_code(), form=form)


def _ferme() -> Response:
    return _rendre("liaisons/ferme.html", code=404)


def _code() -> int:
    return 422 if request.method == "POST" else 200


def _rendre(gabarit: str, *, code: int = 200, **contexte: Any) -> Response:
    reponse = make_response(render_template(gabarit, menu=None, **contexte))
    reponse.status_code = code
    reponse.headers["X-Robots-Tag"] = "noindex"
    return reponse


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])
