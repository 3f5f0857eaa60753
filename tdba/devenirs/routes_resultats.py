"""The page "Résultats" of a CFA, the list behind each figure, and its breakdowns as a file."""

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.devenirs import fichier, filtres, mots, queries, queries_resultats, resultats
from tdba.devenirs.blueprint import bp, champ_site, champs, exiger_de_suivre, fraicheur
from tdba.devenirs.etats import JALONS
from tdba.devenirs.filtres import Demande
from tdba.devenirs.resultats import Ligne
from tdba.formats import date_longue, nombre
from tdba.ruptures import queries_accueil
from tdba.ruptures.blueprint import partage, site_choisi, suit_un_cfa
from tdba.ruptures.queries_accueil import Site
from tdba.scope import Droit, Introuvable

web.entree_menu(48, "Résultats", "devenirs.page", Droit.CORRIGER, si=suit_un_cfa)
web.rattacher(
    "devenirs.page", "devenirs.jeunes", "devenirs.a_dire", "devenirs.dossier", "devenirs.sur_le_territoire"
)

AXES = {"cause": "Cause légale", "formation": "Formation", "employeur": "Employeur"}
"""How the figures are broken down."""


@bp.get("/devenirs")
@access(Droit.CORRIGER)
def page() -> str:
    """First step, follow-up and new contracts of a school year's files, beside the year before."""
    jour, sites, demande = _lire()
    lus = queries_resultats.resultats(demande, jour)
    avant = filtres.avant(jour)
    return render_template(
        "devenirs/resultats.html",
        demande=demande,
        resultats=lus,
        phrase=resultats.phrase(demande.genre, demande.annee, lus.total),
        comparer=_comparer(date_longue(avant)),
        an_dernier=avant,
        delai=resultats.delai_en_mots,
        jalons=JALONS,
        lignes_max=resultats.LIGNES_MAX,
        axes=_axes(demande),
        mots=mots,
        partage=partage(),
        vers=_vers(demande),
        a_dire=queries.nombre_a_dire(jour, site=demande.site),
        filtre=champs(demande, jour) + champ_site(sites, demande.site),
        fraicheur_jalons=fraicheur(lus.calcule_le),
        csv=url_for("devenirs.resultats_csv", **filtres.parametres(demande)),
    )


@bp.get("/devenirs/jeunes")
@access(Droit.CORRIGER)
def jeunes() -> Response:
    """Who is counted in one figure of the page."""
    jour, _, demande = _lire()
    qui = request.args.get("qui", filtres.TOUS)
    if qui not in filtres.QUI:
        raise Introuvable
    lot = queries_resultats.liste(demande, jour, qui, apres=web.cle_demandee("apres"))
    lectures.noms_lus("devenirs_jeunes", [ligne.effectif_id for ligne in lot.lignes])
    choix = {**filtres.parametres(demande), "qui": qui}
    suite = url_for("devenirs.jeunes", **choix, apres=lot.lignes[-1].dossier_id) if lot.suite else None
    return web.page_or_partial(
        "devenirs/jeunes.html",
        "devenirs/_jeunes.html",
        lot=lot,
        demande=demande,
        mots=mots,
        qui=mots.qui(qui),
        suivants=suite,
        debut=url_for("devenirs.jeunes", **choix) if request.args.get("apres") else None,
        retour=url_for("devenirs.page", **filtres.parametres(demande)),
    )


@bp.get("/devenirs.csv")
@access(Droit.CORRIGER)
def resultats_csv() -> Response:
    """The breakdowns, one row each; no name."""
    jour, _, demande = _lire()
    lus = queries_resultats.resultats(demande, jour)
    titres = ["Découpage", "Valeur", "Dossiers", "Avec une démarche", "Délai médian (jours)"]
    titres += [f"{quoi} à {jalon} jours" for jalon in JALONS for quoi in ("Dossiers", "En contrat")]
    ensemble = Ligne(None, mots.GENRES[demande.genre], lus.total, lus.avant)
    rangees = [("Ensemble", ensemble)]
    rangees += [(AXES[axe], ligne) for axe in _axes(demande) for ligne in lus.axes[axe]]
    corps = fichier.ecrire(titres, [_rangee(axe, ligne) for axe, ligne in rangees])
    return telechargement(corps, f"resultats-{demande.annee_scolaire}-{jour.isoformat()}.csv")


def telechargement(corps: bytes, nom: str) -> Response:
    """A file of counts."""
    reponse = make_response(corps)
    reponse.headers["Content-Type"] = "text/csv; charset=utf-8"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


def _rangee(axe: str, ligne: Ligne) -> list[object]:
    m = ligne.mesures
    delai = "" if m.delai is None else nombre(m.delai, 1)
    jalons = [n for jalon in JALONS for n in (m.contrats[jalon].sur, m.contrats[jalon].n)]
    return [axe, ligne.libelle, m.total, m.suivis.n, delai, *jalons]


def _lire() -> tuple[Any, list[Site], Demande]:
    """The day, the sites of the reader, and what is asked."""
    exiger_de_suivre()
    jour, sites = horloge.aujourd_hui(), queries_accueil.sites()
    return jour, sites, filtres.lire(request.args, jour, site=site_choisi(sites))


def _axes(demande: Demande) -> dict[str, str]:
    """A file without a contract has neither a cause nor an employer."""
    return {axe: libelle for axe, libelle in AXES.items() if axe in filtres.AXES[demande.genre]}


def _vers(demande: Demande) -> Callable[[str], str]:
    """Make the address of the list behind a figure."""

    def vers(qui: str) -> str:
        return url_for("devenirs.jeunes", **filtres.parametres(demande), qui=qui)

    return vers


def _comparer(le: str) -> Callable[..., str]:
    def comparer(maintenant: resultats.Part, avant: resultats.Part) -> str:
        return resultats.comparaison(maintenant, avant, le)

    return comparer
