"""One file's page, written or not yet, and the form "Noter un appel" in its row or on its page."""

from collections.abc import Callable
from typing import Final

from flask import (
    Response,
    flash,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from tdba import horloge, lectures, scope, web
from tdba.access import access
from tdba.db import db
from tdba.effectifs.encarts import Encart
from tdba.errors import ErreurMetier
from tdba.ruptures import queries_fiche, queries_jumeaux, queries_suite, service, service_ouverture, volets
from tdba.ruptures.blueprint import CLE, LISTES, adresse_de_la_liste, adresse_du_dossier, bp, suit_un_cfa
from tdba.ruptures.forms import DemarcheForm
from tdba.ruptures.oppositions import SuiviGele
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT
from tdba.ruptures.vue_dossier import Vue
from tdba.scope import Droit

_TITRES: Final = {
    RUPTURE: "Suivi de la rupture",
    FIN_DE_CONTRAT: "Suivi après le contrat",
    SANS_CONTRAT: "Suivi sans contrat",
}
_VIRTUELS: Final = f"any({FIN_DE_CONTRAT}, {SANS_CONTRAT})"

web.rattacher(LISTES[RUPTURE], "ruptures.dossier", "ruptures.noter")
web.rattacher(LISTES[FIN_DE_CONTRAT], "ruptures.dossier_fin_de_contrat", "ruptures.noter_fin_de_contrat")
web.rattacher(LISTES[SANS_CONTRAT], "ruptures.dossier_sans_contrat", "ruptures.noter_sans_contrat")


def _lire(dossier_id: int) -> Callable[[], Ligne]:
    return lambda: queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui())


def _lire_virtuel(genre: str, effectif_id: int) -> Callable[[], Ligne]:
    lire = queries_fiche.ligne_sans_contrat if genre == SANS_CONTRAT else queries_fiche.ligne_fin_de_contrat
    return lambda: lire(effectif_id, horloge.aujourd_hui())


@bp.get(f"/dossiers/<{CLE}:dossier_id>")
@access(Droit.CORRIGER)
def dossier(dossier_id: int) -> Response:
    return _fiche(_lire(dossier_id)())


@bp.get(f"/sans-contrat/<{CLE}:effectif_id>")
@access(Droit.CORRIGER)
def dossier_sans_contrat(effectif_id: int) -> Response:
    """The file of a youth without a contract; once written, it is read at its own address."""
    return _virtuel(SANS_CONTRAT, effectif_id)


@bp.get(f"/fin-de-contrat/<{CLE}:effectif_id>")
@access(Droit.CORRIGER)
def dossier_fin_de_contrat(effectif_id: int) -> Response:
    """The file of a youth whose contract reached its term; once written, it is read at its own address."""
    return _virtuel(FIN_DE_CONTRAT, effectif_id)


def _virtuel(genre: str, effectif_id: int) -> Response:
    ligne = _lire_virtuel(genre, effectif_id)()
    if ligne.dossier_id is not None and not web.fragment_demande():
        return vers(adresse_du_dossier(ligne))
    return _fiche(ligne)


@bp.post(f"/suivi/<{_VIRTUELS}:genre>/<{CLE}:effectif_id>/ouvrir")
@access(Droit.CORRIGER)
def ouvrir(genre: str, effectif_id: int) -> Response:
    """Write a file that nobody touched yet, so that something may hang on it."""
    ligne = _lire_virtuel(genre, effectif_id)()
    try:
        ecrit = service_ouverture.ouvrir(
            effectif_id, genre, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
        return vers(adresse_du_dossier(ligne))
    return vers(url_for("ruptures.dossier", dossier_id=ecrit.id))


@bp.route(f"/dossiers/<{CLE}:dossier_id>/demarches", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def noter(dossier_id: int) -> Response:
    def enregistrer(saisie: service.Saisie) -> bool:
        return service.noter_demarche(
            dossier_id, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )

    return _noter(_lire(dossier_id), enregistrer)


@bp.route(f"/effectifs/<{CLE}:effectif_id>/demarches", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def noter_sans_contrat(effectif_id: int) -> Response:
    return _noter_virtuel(SANS_CONTRAT, effectif_id)


@bp.route(f"/effectifs/<{CLE}:effectif_id>/fin-de-contrat/demarches", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def noter_fin_de_contrat(effectif_id: int) -> Response:
    return _noter_virtuel(FIN_DE_CONTRAT, effectif_id)


def _noter_virtuel(genre: str, effectif_id: int) -> Response:
    def enregistrer(saisie: service.Saisie) -> bool:
        return service.noter_sans_dossier(
            effectif_id, genre, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )

    return _noter(_lire_virtuel(genre, effectif_id), enregistrer)


def encart(effectif_id: int) -> Encart | None:
    """What a sheet says of the follow-up, with the way to it; None without any file, and for support."""
    if not suit_un_cfa():
        return None
    jour = horloge.aujourd_hui()
    ligne = queries_fiche.ligne_de_la_fiche(effectif_id, jour)
    if ligne is None:
        return None
    phrase = get_template_attribute("ruptures/_mots.html", "phrase")(ligne, jour).striptags()
    return Encart(_TITRES[ligne.genre], phrase, adresse_du_dossier(ligne), "Ouvrir le suivi")


def _fiche(ligne: Ligne) -> Response:
    """A file's page; for htmx its row, which is how the form in a row is closed."""
    lectures.noms_lus("dossier", [ligne.effectif_id])
    if web.fragment_demande():
        return web.page_or_partial("ruptures/_ligne.html", "ruptures/_ligne.html", ligne=ligne, message=None)
    ecrit = ligne.dossier_id is not None
    lies = queries_jumeaux.lies(ligne.effectif_id, ligne.dossier_id, horloge.aujourd_hui())
    vue = Vue(
        ligne=ligne,
        suite=queries_suite.suite(ligne.effectif_id, ligne.dossier_id),
        demarches=queries_fiche.demarches(ligne.dossier_id),
        jumeaux=[j for j in lies if j.clos_du is None],
        maintenant=horloge.maintenant(),
        moi=scope.courant().personne_id,
    )
    return make_response(
        render_template(
            "ruptures/dossier.html",
            vue=vue,
            ligne=ligne,
            liste=adresse_de_la_liste(ligne.genre),
            precedents=[j for j in lies if j.clos_du is not None],
            form=_formulaire(ligne),
            coordonnees=None if ligne.gele else queries_fiche.coordonnees(ligne.effectif_id),
            volets=volets.volets_de(ligne) if ecrit and not ligne.gele else [],
        )
    )


def _noter(lire: Callable[[], Ligne], enregistrer: Callable[[service.Saisie], bool]) -> Response:
    ligne = lire()
    if request.method == "GET" and (ailleurs := renvoyer_si_gele(ligne)) is not None:
        return ailleurs
    form = _formulaire(ligne)
    if form.validate_on_submit():
        try:
            nouvelle = enregistrer(form.saisie(horloge.aujourd_hui()))
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            return _notee(lire(), nouvelle=nouvelle)
    lectures.noms_lus("demarche", [ligne.effectif_id])
    return web.page_or_partial(
        "ruptures/demarche.html",
        "ruptures/_saisie.html",
        code=422 if request.method == "POST" else 200,
        ligne=ligne,
        liste=adresse_de_la_liste(ligne.genre),
        form=form,
        coordonnees=queries_fiche.coordonnees(ligne.effectif_id),
    )


def _notee(ligne: Ligne, *, nouvelle: bool) -> Response:
    """The row as it now stands, or the file's page without script; saved twice, it says so."""
    message = "Démarche notée." if nouvelle else "Cette démarche était déjà notée."
    if web.fragment_demande():
        lectures.noms_lus("demarche", [ligne.effectif_id])
        return web.page_or_partial(
            "ruptures/dossier.html", "ruptures/_ligne.html", ligne=ligne, message=message
        )
    flash(message, "success")
    return vers(adresse_du_dossier(ligne))


def renvoyer_si_gele(ligne: Ligne) -> Response | None:
    """Back to the page of a frozen file, which says why no form opens; None for another."""
    if not ligne.gele:
        return None
    flash(SuiviGele().message, "warning")
    return vers(adresse_du_dossier(ligne))


def vers(adresse: str) -> Response:
    """See Other, so that coming back does not send the form again."""
    reponse = redirect(adresse, 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse


def _formulaire(ligne: Ligne) -> DemarcheForm:
    return DemarcheForm(prefix=f"demarche-{ligne.effectif_id}-")
