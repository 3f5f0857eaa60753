"""Screens of the effectifs: the list, the search, the sheet."""

import secrets
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, scope, web
from tdba.access import AccesRefuse, access
from tdba.effectifs import encarts, etiquettes, filtres, queries_liste, recherche, service
from tdba.effectifs.filtres import TOUTES, Filtres
from tdba.effectifs.statuts import Motif, Statut
from tdba.scope import Droit

bp = Blueprint("effectifs", __name__)

RECHERCHES = "recherches"
"""Key of the session that keeps the searches, out of addresses (decision 35)."""


def _hors_support() -> bool:
    return not scope.courant().a(Droit.SUPPORT)


web.entree_menu(20, "Effectifs", "effectifs.liste", Droit.CORRIGER, si=_hors_support)
web.entree_menu(
    20,
    "Listes nominatives",
    "effectifs.liste",
    Droit.VOIR_NOMINATIF,
    si=lambda: not scope.courant().a(Droit.CORRIGER),
)
web.rattacher(
    "effectifs.liste",
    "effectifs.fiche",
    "effectifs.corriger_nom",
    "effectifs.corriger_contrat",
    "effectifs.annuler_correction",
)


@bp.get("/effectifs")
@access(Droit.VOIR_NOMINATIF)
def liste() -> ResponseReturnValue:
    """List the effectifs of the whole reach; agents of the State see their statuses and nothing else.

    Support does not use this list: it searches in its own screen, where names are masked (decision 24).
    """
    _refuser_support()
    demandes = _lire_filtres()
    texte = _texte_cherche(demandes)
    criteres = recherche.comprendre(texte) if texte is not None else None
    page = queries_liste.page(demandes, criteres, horloge.aujourd_hui())
    facettes = queries_liste.facettes()
    offre = etiquettes.Offre(_statuts_offerts(), facettes.formations, facettes.annees, queries_liste.sites())
    web.noms_lus("effectifs.liste", [ligne.id for ligne in page.lignes])
    return web.page_or_partial(
        "effectifs/liste.html",
        "effectifs/_tableau.html",
        page=page,
        filtres=demandes,
        offre=offre,
        champs=etiquettes.champs(demandes, offre),
        choisies=etiquettes.choisies(demandes, offre, texte),
        texte=texte,
        recherche_perdue=bool(demandes.r) and texte is None,
        date_impossible=criteres.impossible if criteres else None,
        adresse=_adresse,
        vers=lambda **changements: _adresse(filtres.vers_url(demandes, **changements)),
        trier=lambda tri: _adresse(filtres.trier(demandes, tri)),
        chercher_url=url_for("effectifs.chercher") + filtres.vers_url(demandes, r=""),
        ouvrable=_ouvrable,
        statut_nom=lambda code: Statut(code).name if code else None,
        motif_nom=lambda code: Motif(code).name if code else None,
        avec_motif=queries_liste.motif_lisible(),
        avec_coordonnees=not scope.courant().a(Droit.CORRIGER) and scope.courant().a(Droit.VOIR_COORDONNEES),
    )


@bp.post("/effectifs/recherche")
@access(Droit.VOIR_NOMINATIF)
def chercher() -> ResponseReturnValue:
    """Keep what was typed in the session, and go to the list; straight to the sheet when one record is found.

    A search looks in every year, unless one was chosen.
    """
    _refuser_support()
    texte = request.form.get("q", "")
    criteres = recherche.comprendre(texte)
    demandes = _lire_filtres()
    if criteres.vide:
        return redirect(_adresse(filtres.vers_url(demandes, r="")), 303)
    reference = secrets.token_urlsafe(9)
    demandes = filtres.changer(demandes, r=reference, annee=demandes.annee or TOUTES)
    trouves = queries_liste.deux_premiers(demandes, criteres, horloge.aujourd_hui())
    if len(trouves) == 1 and _ouvrable(trouves[0][1]):
        return redirect(url_for("effectifs.fiche", effectif_id=trouves[0][0]), 303)
    session[RECHERCHES] = recherche.ranger(
        session.get(RECHERCHES, {}), reference, criteres.entier, horloge.maintenant()
    )
    return redirect(_adresse(filtres.vers_url(demandes)), 303)


@bp.get("/effectifs/<int:effectif_id>")
@access(Droit.CORRIGER)
def fiche(effectif_id: int) -> ResponseReturnValue:
    """Show one apprentice: identity, formation, contracts, parcours with its reasons, corrections."""
    jour = horloge.aujourd_hui()
    vue = service.fiche(effectif_id, jour)
    encarts.franchir(effectif_id)
    web.noms_lus("effectifs.fiche", [effectif_id])
    return make_response(render_template("effectifs/fiche.html", **contexte_fiche(vue)))


def contexte_fiche(vue: service.Fiche, focus: str | None = None) -> dict[str, Any]:
    """What the templates of the sheet need; `focus` is the anchor where the work continues."""
    fil = [
        ("Effectifs", url_for("effectifs.liste")),
        (f"{vue.effectif.prenom} {vue.effectif.nom}", None),
    ]
    return {"fiche": vue, "fil": fil, "focus": focus}


def _refuser_support() -> None:
    if not _hors_support():
        raise AccesRefuse(Droit.VOIR_NOMINATIF.value)


def _statuts_offerts() -> list[str]:
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF)
    return etiquettes.statuts_offerts(portee.statuts, avec_motif=queries_liste.motif_lisible())


def _lire_filtres() -> Filtres:
    organismes = scope.courant().portee(Droit.VOIR_NOMINATIF).organismes
    return filtres.lire(
        request.args.to_dict(flat=False),
        statuts=etiquettes.statuts_admis(_statuts_offerts()),
        sites=organismes or (),
    )


def _texte_cherche(demandes: Filtres) -> str | None:
    gardees = session.get(RECHERCHES, {})
    return recherche.retrouver(gardees, demandes.r, horloge.maintenant()) if demandes.r else None


def _adresse(parametres: str = "") -> str:
    return url_for("effectifs.liste") + parametres


def _ouvrable(organisme_id: int) -> bool:
    """The sheets of that organisme open for this person."""
    portee = scope.courant().portee(Droit.CORRIGER)
    return portee.organismes is None or organisme_id in portee.organismes
