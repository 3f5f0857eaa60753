"""Home "Aujourd’hui" and the two worklists."""

from typing import Any

from flask import Response, render_template, request, url_for

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.effectifs.filtres import COMPTEES
from tdba.ruptures import queries, queries_accueil, receptions
from tdba.ruptures.blueprint import CLE_MAX, LISTES, bp, filtre_site, partage, site_choisi, suit_un_cfa
from tdba.ruptures.queries import Position
from tdba.ruptures.regles import RUPTURE, SANS_CONTRAT, SEGMENTS, Segment
from tdba.scope import Droit, Introuvable

web.entree_menu(10, "Aujourd’hui", "ruptures.aujourd_hui", Droit.CORRIGER, si=suit_un_cfa)
web.entree_menu(30, "Ruptures", LISTES[RUPTURE], Droit.CORRIGER, si=suit_un_cfa)
web.entree_menu(40, "Sans contrat", LISTES[SANS_CONTRAT], Droit.CORRIGER, si=suit_un_cfa)


@bp.get("/aujourd-hui")
@access(Droit.CORRIGER)
def aujourd_hui() -> str:
    sites = queries_accueil.sites()
    site = site_choisi(sites)
    accueil = queries_accueil.accueil(horloge.aujourd_hui(), site)
    lectures.noms_lus("aujourd_hui", [ligne.effectif_id for ligne in accueil.lignes])
    dernieres = queries_accueil.receptions(sites, site)
    return render_template(
        "ruptures/aujourd_hui.html",
        accueil=accueil,
        sites=sites,
        receptions=dernieres,
        recues=receptions.dernieres([s.id for s in dernieres]),
        filtre=filtre_site("ruptures.aujourd_hui", sites, site),
        listes=_listes_des_chiffres(site),
        a_regler=queries_accueil.a_regler(site),
        site=site,
        partage=partage(),
    )


@bp.get("/ruptures")
@access(Droit.CORRIGER)
def ruptures() -> Response:
    return _liste(RUPTURE)


@bp.get("/sans-contrat")
@access(Droit.CORRIGER)
def sans_contrat() -> Response:
    return _liste(SANS_CONTRAT)


def _listes_des_chiffres(site: int | None) -> dict[str, str]:
    """Where each figure of the home page leads: its people, in the list of effectifs."""
    return {
        nom: url_for("effectifs.liste", statut=[s.name for s in statuts], annee=COMPTEES, site=site)
        for nom, statuts in queries_accueil.CHIFFRES.items()
    }


def _liste(genre: str) -> Response:
    jour = horloge.aujourd_hui()
    sites = queries_accueil.sites()
    site, segment = site_choisi(sites), _segment(genre)
    comptes = queries.compter(genre, jour, site)
    lot = queries.page(genre, jour, site=site, segment=segment, position=_position())
    lectures.noms_lus(LISTES[genre], [ligne.effectif_id for ligne in lot.lignes])
    choix: dict[str, Any] = {"site": site, "segment": _cle_segment(segment)}
    return web.page_or_partial(
        "ruptures/liste.html",
        "ruptures/_liste.html",
        genre=genre,
        comptes=comptes,
        lot=lot,
        segment=segment,
        segments=[
            (s, n, url_for(LISTES[genre], site=site, segment=_cle_segment(s)))
            for s, n in comptes.segments.items()
        ],
        url_tous=url_for(LISTES[genre], site=site),
        precedents=lot.precedents and url_for(LISTES[genre], **choix, avant=lot.precedents),
        suivants=lot.suivants and url_for(LISTES[genre], **choix, apres=lot.suivants),
        filtre=filtre_site(LISTES[genre], sites, site, segment=_cle_segment(segment)),
        partage=partage(),
    )


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
    return 0 if lu is not None and not 0 < lu <= CLE_MAX else lu
