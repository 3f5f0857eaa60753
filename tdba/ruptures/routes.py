"""Home "Aujourd’hui", the two worklists, one file's page, and the form "Noter un appel".

A row, its form and its page share their addresses: htmx receives the row, a browser without script the page.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.effectifs.encarts import Encart
from tdba.effectifs.filtres import COMPTEES
from tdba.errors import ErreurMetier
from tdba.ruptures import queries, queries_accueil, queries_fiche, receptions, service
from tdba.ruptures.forms import DemarcheForm
from tdba.ruptures.queries import Position
from tdba.ruptures.queries_accueil import Site
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import RUPTURE, SANS_CONTRAT, SEGMENTS, Segment
from tdba.scope import Droit, Introuvable

bp = Blueprint("ruptures", __name__)

_CLE_MAX: Final = 2**63 - 1
_CLE: Final = f"int(max={_CLE_MAX})"
_LISTES: Final = {RUPTURE: "ruptures.ruptures", SANS_CONTRAT: "ruptures.sans_contrat"}


_TITRES: Final = {RUPTURE: "Suivi de la rupture", SANS_CONTRAT: "Suivi sans contrat"}


def _suit_un_cfa() -> bool:
    return not scope.courant().a(Droit.SUPPORT)


web.entree_menu(10, "Aujourd’hui", "ruptures.aujourd_hui", Droit.CORRIGER, si=_suit_un_cfa)
web.entree_menu(30, "Ruptures", _LISTES[RUPTURE], Droit.CORRIGER, si=_suit_un_cfa)
web.entree_menu(40, "Sans contrat", _LISTES[SANS_CONTRAT], Droit.CORRIGER, si=_suit_un_cfa)
web.rattacher(_LISTES[RUPTURE], "ruptures.dossier", "ruptures.noter")
web.rattacher(_LISTES[SANS_CONTRAT], "ruptures.dossier_sans_contrat", "ruptures.noter_sans_contrat")


@bp.before_request
def sans_le_support() -> None:
    """Support sees names only inside an opened case, and a CFA's follow-up is the CFA's (decisions 24 and 26)."""
    if not _suit_un_cfa():
        raise AccesRefuse("suivre les ruptures d’un CFA")


@bp.get("/aujourd-hui")
@access(Droit.CORRIGER)
def aujourd_hui() -> str:
    sites = queries_accueil.sites()
    site = _site(sites)
    accueil = queries_accueil.accueil(horloge.aujourd_hui(), site)
    lectures.noms_lus("aujourd_hui", [ligne.effectif_id for ligne in accueil.lignes])
    dernieres = queries_accueil.receptions(sites, site)
    return render_template(
        "ruptures/aujourd_hui.html",
        accueil=accueil,
        sites=sites,
        receptions=dernieres,
        recues=receptions.dernieres([s.id for s in dernieres]),
        filtre=_filtre_site("ruptures.aujourd_hui", sites, site),
        listes=_listes_des_chiffres(site),
        a_regler=queries_accueil.a_regler(site),
        site=site,
        partage=_partage(),
    )


@bp.get("/ruptures")
@access(Droit.CORRIGER)
def ruptures() -> Response:
    return _liste(RUPTURE)


@bp.get("/sans-contrat")
@access(Droit.CORRIGER)
def sans_contrat() -> Response:
    return _liste(SANS_CONTRAT)


@bp.get(f"/dossiers/<{_CLE}:dossier_id>")
@access(Droit.CORRIGER)
def dossier(dossier_id: int) -> Response:
    return _fiche(queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui()))


@bp.get(f"/sans-contrat/<{_CLE}:effectif_id>")
@access(Droit.CORRIGER)
def dossier_sans_contrat(effectif_id: int) -> Response:
    return _fiche(queries_fiche.ligne_sans_contrat(effectif_id, horloge.aujourd_hui()))


@bp.route(f"/dossiers/<{_CLE}:dossier_id>/demarches", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def noter(dossier_id: int) -> Response:
    def enregistrer(saisie: service.Saisie) -> bool:
        return service.noter_demarche(
            dossier_id, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )

    return _noter(lambda: queries_fiche.ligne_dossier(dossier_id, horloge.aujourd_hui()), enregistrer)


@bp.route(f"/effectifs/<{_CLE}:effectif_id>/demarches", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def noter_sans_contrat(effectif_id: int) -> Response:
    def enregistrer(saisie: service.Saisie) -> bool:
        return service.noter_sans_contrat(
            effectif_id, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )

    return _noter(lambda: queries_fiche.ligne_sans_contrat(effectif_id, horloge.aujourd_hui()), enregistrer)


def encart(effectif_id: int) -> Encart | None:
    """What a sheet says of the follow-up, with the way to it; None without any file, and for support."""
    if not _suit_un_cfa():
        return None
    jour = horloge.aujourd_hui()
    ligne = queries_fiche.ligne_de_la_fiche(effectif_id, jour)
    if ligne is None:
        return None
    phrase = get_template_attribute("ruptures/_mots.html", "phrase")(ligne, jour).striptags()
    return Encart(_TITRES[ligne.genre], phrase, _adresse_du_dossier(ligne), "Ouvrir le suivi")


def _adresse_du_dossier(ligne: Ligne) -> str:
    if ligne.genre == RUPTURE:
        return url_for("ruptures.dossier", dossier_id=ligne.dossier_id)
    return url_for("ruptures.dossier_sans_contrat", effectif_id=ligne.effectif_id)


def _listes_des_chiffres(site: int | None) -> dict[str, str]:
    """Where each figure of the home page leads: its people, in the list of effectifs."""
    return {
        nom: url_for("effectifs.liste", statut=[s.name for s in statuts], annee=COMPTEES, site=site)
        for nom, statuts in queries_accueil.CHIFFRES.items()
    }


def _partage() -> tuple[int, int] | None:
    """For a network, how many of its establishments share their follow-up, and how many it has; None: all, or a CFA."""
    courant = scope.courant()
    lus, tous = courant.portee_suivi.organismes, courant.portee(Droit.CORRIGER).organismes
    return None if lus is None or tous is None or lus == tous else (len(lus), len(tous))


def _liste(genre: str) -> Response:
    jour = horloge.aujourd_hui()
    sites = queries_accueil.sites()
    site, segment = _site(sites), _segment(genre)
    comptes = queries.compter(genre, jour, site)
    lot = queries.page(genre, jour, site=site, segment=segment, position=_position())
    lectures.noms_lus(_LISTES[genre], [ligne.effectif_id for ligne in lot.lignes])
    choix: dict[str, Any] = {"site": site, "segment": _cle_segment(segment)}
    return web.page_or_partial(
        "ruptures/liste.html",
        "ruptures/_liste.html",
        genre=genre,
        comptes=comptes,
        lot=lot,
        segment=segment,
        segments=[
            (s, n, url_for(_LISTES[genre], site=site, segment=_cle_segment(s)))
            for s, n in comptes.segments.items()
        ],
        url_tous=url_for(_LISTES[genre], site=site),
        precedents=lot.precedents and url_for(_LISTES[genre], **choix, avant=lot.precedents),
        suivants=lot.suivants and url_for(_LISTES[genre], **choix, apres=lot.suivants),
        filtre=_filtre_site(_LISTES[genre], sites, site, segment=_cle_segment(segment)),
        partage=_partage(),
    )


def _fiche(ligne: Ligne) -> Response:
    """A file's page; for htmx its row, which is how the form in a row is closed."""
    lectures.noms_lus("dossier", [ligne.effectif_id])
    return web.page_or_partial(
        "ruptures/dossier.html",
        "ruptures/_ligne.html",
        ligne=ligne,
        message=None,
        liste=url_for(_LISTES[ligne.genre]),
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
        liste=url_for(_LISTES[ligne.genre]),
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
    reponse = redirect(_adresse_du_dossier(ligne), 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse


def _formulaire(ligne: Ligne) -> DemarcheForm:
    return DemarcheForm(prefix=f"demarche-{ligne.effectif_id}-")


def _site(sites: list[Site]) -> int | None:
    """The site chosen in the address; one that is not theirs is not found."""
    texte = request.args.get("site", "")
    if not texte:
        return None
    choisi = next((site.id for site in sites if str(site.id) == texte), None)
    if choisi is None:
        raise Introuvable
    return choisi


def _segment(genre: str) -> Segment | None:
    texte = request.args.get("segment", "")
    if not texte:
        return None
    for segment in SEGMENTS[genre]:
        if _cle_segment(segment) == texte:
            return segment
    raise Introuvable


def _cle_segment(segment: Segment | None) -> str | None:
    """How an address names a segment: `45-89`, `180-plus`."""
    if segment is None:
        return None
    premier, dernier = segment.value
    return f"{premier}-{'plus' if dernier is None else dernier}"


def _position() -> Position:
    return Position(apres=_repere("apres"), avant=_repere("avant"))


def _repere(nom: str) -> int | None:
    """The row a page starts from; a number that no row can bear is a row that is gone."""
    lu = request.args.get(nom, type=int)
    return 0 if lu is not None and not 0 < lu <= _CLE_MAX else lu


def _filtre_site(endpoint: str, sites: list[Site], site: int | None, **caches: Any) -> dict[str, Any] | None:
    """The filter by site, for those who follow several."""
    if len(sites) < 2:
        return None
    gardes = {nom: valeur for nom, valeur in caches.items() if valeur is not None}
    options = [("", "Tous les sites"), *((s.id, s.nom) for s in sites)]
    sans = url_for(endpoint, **gardes)
    return {
        "action": url_for(endpoint),
        "champs": [
            {"nom": "site", "libelle": "Site", "type": "select", "valeur": site or "", "options": options}
        ],
        "choisis": [{"libelle": s.nom, "url": sans} for s in sites if s.id == site],
        "caches": gardes,
    }
