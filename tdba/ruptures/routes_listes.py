"""Home "Aujourd’hui" and the worklists: ruptures, contracts ended without a next one, youths without a contract."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Response, render_template, request, url_for

from tdba import horloge, lectures, scope, web
from tdba.access import access
from tdba.effectifs.filtres import COMPTEES
from tdba.ruptures import choix as filtres
from tdba.ruptures import ecran_liste, queries, queries_accueil, queries_referents, receptions
from tdba.ruptures.blueprint import (
    CLE_MAX,
    LISTES,
    adresse_de_la_liste,
    affectation_faite,
    bp,
    partage,
    site_choisi,
    suit_un_cfa,
)
from tdba.ruptures.choix import MOI, OUI, TERME, Choix, ChoixInconnu, Lecteur
from tdba.ruptures.pages import Page
from tdba.ruptures.queries import Comptes, Position
from tdba.ruptures.queries_accueil import Site
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.queries_referents import Referent
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT
from tdba.scope import Droit, Introuvable

web.entree_menu(10, "Aujourd’hui", "ruptures.aujourd_hui", Droit.CORRIGER, si=suit_un_cfa)
web.entree_menu(30, "Ruptures", LISTES[RUPTURE], Droit.CORRIGER, si=suit_un_cfa)
web.entree_menu(40, "Sans contrat", LISTES[SANS_CONTRAT], Droit.CORRIGER, si=suit_un_cfa)

ONGLETS_DE_SITES: Final = 6
"""Beyond so many sites, tabs become a list to choose from."""


@bp.get("/aujourd-hui")
@access(Droit.CORRIGER)
def aujourd_hui() -> str:
    sites = queries_accueil.sites()
    site, moi = site_choisi(sites), request.args.get("qui", "") == MOI
    accueil = queries_accueil.accueil(
        horloge.aujourd_hui(), site, scope.courant().personne_id if moi else None
    )
    lectures.noms_lus("aujourd_hui", [ligne.effectif_id for ligne in accueil.lignes])
    dernieres = queries_accueil.receptions(sites, site)
    return render_template(
        "ruptures/aujourd_hui.html",
        accueil=accueil,
        sites=sites,
        receptions=dernieres,
        recues=receptions.dernieres([s.id for s in dernieres]),
        moi=moi,
        regards=_regards(sites, site, moi=moi),
        filtre=_filtre_des_sites(sites, site, moi=moi) if len(sites) > ONGLETS_DE_SITES else None,
        listes=_listes_des_chiffres(site),
        a_regler=queries_accueil.a_regler(site),
        site=site,
        partage=partage(),
    )


def _regards(sites: Sequence[Site], site: int | None, *, moi: bool) -> list[list[dict[str, Any]]]:
    """Tabs of the home page: by site when they are few, then everybody's files or mine."""

    def entree(libelle: str, vers: int | None, *, miens: bool) -> dict[str, Any]:
        adresse = url_for("ruptures.aujourd_hui", site=vers, qui=MOI if miens else None)
        return {"libelle": libelle, "url": adresse, "actif": (vers, miens) == (site, moi)}

    par_site = [entree("Tous les sites", None, miens=moi), *(entree(s.nom, s.id, miens=moi) for s in sites)]
    par_personne = [entree("Tous les dossiers", site, miens=False), entree("Les miens", site, miens=True)]
    return [par_site if 1 < len(sites) <= ONGLETS_DE_SITES else [], par_personne]


def _filtre_des_sites(sites: Sequence[Site], site: int | None, *, moi: bool) -> dict[str, Any]:
    caches: dict[str, Any] = {"qui": MOI} if moi else {}
    return {
        "action": url_for("ruptures.aujourd_hui"),
        "champs": [ecran_liste.champ_site(sites, site)],
        "choisis": [
            {"libelle": s.nom, "url": url_for("ruptures.aujourd_hui", **caches)}
            for s in sites
            if s.id == site
        ],
        "caches": caches,
    }


def _listes_des_chiffres(site: int | None) -> dict[str, str]:
    """Where each figure of the home page leads: its people, in the list of effectifs."""
    return {
        nom: url_for("effectifs.liste", statut=[s.name for s in statuts], annee=COMPTEES, site=site)
        for nom, statuts in queries_accueil.CHIFFRES.items()
    }


@bp.get("/ruptures")
@access(Droit.CORRIGER)
def ruptures() -> Response:
    return _liste(FIN_DE_CONTRAT if request.args.get("groupe") == TERME else RUPTURE)


@bp.get("/sans-contrat")
@access(Droit.CORRIGER)
def sans_contrat() -> Response:
    return _liste(SANS_CONTRAT)


def _liste(genre: str) -> Response:
    jour = horloge.aujourd_hui()
    sites, equipe = queries_accueil.sites(), queries_referents.referents(jour)
    lecteur = Lecteur(scope.courant().personne_id, frozenset(r.id for r in equipe))
    choix = choix_de_l_adresse(genre, sites, lecteur)
    geles = request.args.get("geles") == OUI
    comptes = queries.compter(genre, jour, choix, lecteur)
    lot = queries.page(genre, jour, choix, lecteur, position=_position(), geles=geles)
    lectures.noms_lus(LISTES[genre], [ligne.effectif_id for ligne in lot.lignes])
    return web.page_or_partial(
        "ruptures/liste.html",
        "ruptures/_liste.html",
        genre=genre,
        choix=choix,
        comptes=comptes,
        lot=lot,
        geles=geles,
        partage=partage(),
        equipe=[] if geles else equipe,
        affectation=affectation_faite(),
        **_adresses(genre, choix, comptes, lot, geles=geles),
        **_filtres(genre, choix, comptes, sites, equipe),
    )


def choix_de_l_adresse(genre: str, sites: Sequence[Site], lecteur: Lecteur) -> Choix:
    """The filters of the address. Raises Introuvable for a value that is not there, or not theirs."""
    try:
        return filtres.comprendre(
            genre,
            lambda nom: request.values.get(nom, "").strip(),
            {str(s.id): s.id for s in sites},
            lecteur.equipe,
        )
    except ChoixInconnu:
        raise Introuvable from None


def _adresses(genre: str, choix: Choix, comptes: Comptes, lot: Page[Ligne], *, geles: bool) -> dict[str, Any]:
    """Where the tabs, the segments and the pages of a list lead."""
    dits = choix.adresse() | ({"geles": OUI} if geles else {})
    hors_segment = {nom: valeur for nom, valeur in choix.adresse().items() if nom != "segment"}
    return {
        "segments": [
            (s, n, adresse_de_la_liste(genre, **hors_segment, segment=filtres.cle_segment(s)))
            for s, n in comptes.segments.items()
        ],
        "url_tous": adresse_de_la_liste(genre, **hors_segment),
        "url_liste": adresse_de_la_liste(genre, **choix.adresse()),
        "url_geles": adresse_de_la_liste(genre, site=choix.site, geles=OUI),
        "groupes": {g: adresse_de_la_liste(g, site=choix.site, qui=choix.qui or None) for g in LISTES},
        "precedents": lot.precedents and adresse_de_la_liste(genre, **dits, avant=lot.precedents),
        "suivants": lot.suivants and adresse_de_la_liste(genre, **dits, apres=lot.suivants),
    }


def _filtres(
    genre: str, choix: Choix, comptes: Comptes, sites: Sequence[Site], equipe: Sequence[Referent]
) -> dict[str, Any]:
    """The row of filters, and those chosen, each with the address without it."""
    champs = ecran_liste.champs(choix, comptes, sites, equipe)
    mots = ecran_liste.en_mots(choix, sites, equipe)
    dits = choix.adresse()
    retires = {nom: adresse_de_la_liste(genre, **{n: v for n, v in dits.items() if n != nom}) for nom in mots}
    caches = {"segment": dits.get("segment"), "groupe": TERME if genre == FIN_DE_CONTRAT else None}
    return {
        "filtre": {
            "action": url_for(LISTES[genre]),
            "champs": champs[:3],
            "autres": champs[3:],
            "choisis": [{"libelle": mot, "url": retires[nom]} for nom, mot in mots.items()],
            "tout_effacer": adresse_de_la_liste(genre) if len(mots) > 1 else None,
            "caches": {nom: valeur for nom, valeur in caches.items() if valeur},
        }
    }


def _position() -> Position:
    return Position(apres=_repere("apres"), avant=_repere("avant"))


def _repere(nom: str) -> int | None:
    """The row a page starts from; a number that no row can bear is a row that is gone."""
    lu = request.args.get(nom, type=int)
    return 0 if lu is not None and not 0 < lu <= CLE_MAX else lu
