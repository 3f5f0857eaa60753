"""One file's page, and the form "Noter un appel" in its row or on its page."""

from collections.abc import Callable
from typing import Final

from flask import Response, flash, get_template_attribute, redirect, request, url_for

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.effectifs.encarts import Encart
from tdba.errors import ErreurMetier
from tdba.ruptures import queries_fiche, service
from tdba.ruptures.blueprint import CLE, LISTES, adresse_du_dossier, bp, suit_un_cfa
from tdba.ruptures.forms import DemarcheForm
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import RUPTURE, SANS_CONTRAT
from tdba.scope import Droit

_TITRES: Final = {RUPTURE: "Suivi de la rupture", SANS_CONTRAT: "Suivi sans contrat"}

web.rattacher(LISTES[RUPTURE], "ruptures.dossier", "ruptures.noter")
web.rattacher(LISTES[SANS_CONTRAT], "ruptures.dossier_sans_contrat", "ruptures.noter_sans_contrat")


@bp.get(f"/dossiers/<{CLE}:dossier_id>")
@access(Droit.CORRIGER)
def dossier(dossier_id: int) -> Response:
    return _fiche(queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui()))


@bp.get(f"/sans-contrat/<{CLE}:effectif_id>")
@access(Droit.CORRIGER)
def dossier_sans_contrat(effectif_id: int) -> Response:
    return _fiche(queries_fiche.ligne_sans_contrat(effectif_id, horloge.aujourd_hui()))


@bp.route(f"/dossiers/<{CLE}:dossier_id>/demarches", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def noter(dossier_id: int) -> Response:
    def enregistrer(saisie: service.Saisie) -> bool:
        return service.noter_demarche(
            dossier_id, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )

    return _noter(lambda: queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui()), enregistrer)


@bp.route(f"/effectifs/<{CLE}:effectif_id>/demarches", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def noter_sans_contrat(effectif_id: int) -> Response:
    def enregistrer(saisie: service.Saisie) -> bool:
        return service.noter_sans_contrat(
            effectif_id, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )

    return _noter(lambda: queries_fiche.ligne_sans_contrat(effectif_id, horloge.aujourd_hui()), enregistrer)


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
    return web.page_or_partial(
        "ruptures/dossier.html",
        "ruptures/_ligne.html",
        ligne=ligne,
        message=None,
        liste=url_for(LISTES[ligne.genre]),
        form=_formulaire(ligne),
        demarches=queries_fiche.demarches(ligne.dossier_id),
        coordonnees=queries_fiche.coordonnees(ligne.effectif_id),
    )


def _noter(lire: Callable[[], Ligne], enregistrer: Callable[[service.Saisie], bool]) -> Response:
    ligne = lire()
    form = _formulaire(ligne)
    if form.validate_on_submit():
        try:
            nouvelle = enregistrer(form.saisie())
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
        liste=url_for(LISTES[ligne.genre]),
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
    reponse = redirect(adresse_du_dossier(ligne), 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse


def _formulaire(ligne: Ligne) -> DemarcheForm:
    return DemarcheForm(prefix=f"demarche-{ligne.effectif_id}-")
