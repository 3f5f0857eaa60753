"""Screens of pairing: type the code that a software shows, see who asks, say yes or no (RFC 8628, decision 27).

The request that the person is answering is kept in their session: no address names it.
"""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, flash, request, session

from tdba import horloge, scope, web
from tdba.access import access
from tdba.db import db
from tdba.debits import debit
from tdba.errors import ErreurMetier
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit
from tdba.transmissions import queries_cles, service_cles
from tdba.transmissions import service_appairages as appairages
from tdba.transmissions.forms_appairages import AccordForm, CodeForm
from tdba.transmissions.models import Appairage
from tdba.transmissions.routes_cles import CREER, rendre, vers
from tdba.transmissions.service_appairages import CodeRefuse

bp = Blueprint("appairages", __name__)

EN_COURS: Final = "appairage"
"""Key of the session that holds the request being answered."""

web.rattacher(
    "transmissions.liste", "appairages.code", "appairages.saisir", "appairages.demande", "appairages.accorder"
)


@bp.get("/connexion-api")
@access(Droit.CONFIGURER)
def code() -> Response:
    """Where the person types the code; an address may bring it, and it is not looked at before they send it."""
    service_cles.exiger_administrateur()
    return rendre("transmissions/appairage_code.html", form=CodeForm(data={"code": request.args.get("code")}))


@bp.post("/connexion-api")
@access(Droit.CONFIGURER)
@debit("appairage_code")
def saisir() -> Response:
    """Look for the request that this code names."""
    personne_id = service_cles.exiger_administrateur()
    form = CodeForm()
    if not form.validate_on_submit():
        return rendre("transmissions/appairage_code.html", code=422, form=form)
    trouve = appairages.reconnaitre(form.code.data, personne_id, horloge.maintenant())
    db.session.commit()
    if not isinstance(trouve, CodeRefuse):
        session[EN_COURS] = trouve
        return vers("appairages.demande")
    form.refuser(ErreurMetier(trouve.value, champ="code"))
    trop = trouve is CodeRefuse.TROP
    reponse = rendre("transmissions/appairage_code.html", code=429 if trop else 422, form=form)
    if trop:
        reponse.headers["Retry-After"] = str(int(appairages.FENETRE.total_seconds()))
    return reponse


@bp.get("/connexion-api/demande")
@access(Droit.CONFIGURER, facteur=CREER)
def demande() -> Response:
    """Which software asks, since when, and for which establishment."""
    service_cles.exiger_administrateur()
    appairage = _en_cours()
    if appairage is None:
        return vers("appairages.code")
    ouverts = _ouverts()
    annonces = _annonces(appairage, ouverts)
    choisi = annonces[0] if len(annonces) == 1 else None
    return _page(appairage, AccordForm(organismes=ouverts, data={"organisme": choisi}))


@bp.post("/connexion-api/accorder")
@access(Droit.CONFIGURER, facteur=CREER)
def accorder() -> Response:
    """Let the software take a key of the establishment chosen."""
    service_cles.exiger_administrateur()
    appairage = _en_cours()
    if appairage is None:
        return _perdue()
    form = AccordForm(organismes=_ouverts())
    if not form.validate_on_submit():
        return _page(appairage, form, code=422)
    try:
        appairages.accorder(appairage.id, form.organisme.data, horloge.maintenant())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page(appairage, form, code=422)
    session.pop(EN_COURS, None)
    flash(
        f"« {appairage.erp} » va recevoir sa clé dans quelques secondes : retournez dans le logiciel.",
        "success",
    )
    return vers("cles.liste", organisme_id=form.organisme.data)


@bp.post("/connexion-api/refuser")
@access(Droit.CONFIGURER)
def refuser() -> Response:
    """Say no: the software is told so at its next question."""
    service_cles.exiger_administrateur()
    appairage = _en_cours()
    if appairage is None:
        return _perdue()
    try:
        appairages.refuser(appairage.id, horloge.maintenant())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash(f"La demande de « {appairage.erp} » est refusée : ce logiciel ne reçoit pas de clé.", "success")
    session.pop(EN_COURS, None)
    return vers("cles.choisir")


def _page(appairage: Appairage, form: AccordForm, *, code: int = 200) -> Response:
    ouverts = _ouverts()
    return rendre(
        "transmissions/appairage_demande.html",
        code=code,
        form=form,
        appairage=appairage,
        organismes=ouverts,
        ailleurs=bool(ouverts) and not _annonces(appairage, ouverts),
    )


def _perdue() -> Response:
    flash(
        "Cette demande a expiré, ou a déjà reçu une réponse. Redemandez un code dans votre logiciel.", "error"
    )
    return vers("appairages.code")


def _en_cours() -> Appairage | None:
    """The request of this session, while it waits for an answer."""
    if EN_COURS not in session:
        return None
    return appairages.en_attente(session[EN_COURS], horloge.maintenant())


def _ouverts() -> list[OrganismeVu]:
    assert not scope.courant().a(Droit.SUPPORT)  # noqa: S101 - an administrator of a CFA, checked by the view
    return [o for o in queries_cles.les_miens() if not o.ferme]


def _annonces(appairage: Appairage, ouverts: Sequence[OrganismeVu]) -> list[int]:
    """The establishments of the person that the software may mean: all of them when it names none."""
    return [o.id for o in ouverts if appairage.uai in (None, o.uai) and appairage.siret in (None, o.siret)]
