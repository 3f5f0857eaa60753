"""Screens of the effectifs: the list and its search."""

import secrets

from flask import redirect, request, url_for
from flask import session as session_web
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.debits import debit
from tdba.effectifs import etiquettes, filtres, queries_liste, recherche, service_liste
from tdba.effectifs.blueprint import bp
from tdba.effectifs.filtres import TOUTES, Filtres
from tdba.scope import Droit

RECHERCHES = "recherches"
"""Key of the session that keeps the searches, out of addresses (decision 35)."""


@bp.get("/effectifs")
@access(Droit.VOIR_NOMINATIF)
def liste() -> ResponseReturnValue:
    """List the effectifs of the whole reach; agents of the State see their statuses and nothing else.

    Support does not use this list: it searches in its own screen, where names are masked (decision 24).
    """
    _refuser_support()
    demandes = _lire_filtres()
    # A form without a script sends its empty fields too: the address that one copies must stay the state alone.
    etat = _adresse(filtres.vers_url(demandes, apres=demandes.apres, avant=demandes.avant))
    if "" in request.args.values() and not web.fragment_demande():
        return redirect(etat, 303)
    texte = _texte_cherche(demandes)
    vue = service_liste.liste(demandes, texte, horloge.aujourd_hui())
    lectures.noms_lus("effectifs.liste", [ligne.id for ligne in vue.page.lignes])
    reponse = web.page_or_partial(
        "effectifs/liste.html",
        "effectifs/_tableau.html",
        liste=vue,
        filtres=demandes,
        recherche_perdue=bool(demandes.r) and texte is None,
        adresse=_adresse,
        vers=lambda **changements: _adresse(filtres.vers_url(demandes, **changements)),
        trier=lambda tri: _adresse(filtres.trier(demandes, tri)),
        chercher_url=url_for("effectifs.chercher") + filtres.vers_url(demandes, r=""),
    )
    if web.fragment_demande():
        reponse.headers["HX-Push-Url"] = etat
    return reponse


@bp.post("/effectifs/recherche")
@access(Droit.VOIR_NOMINATIF)
@debit("recherche")
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
    if len(trouves) == 1 and service_liste.ouvrable(trouves[0][1]):
        return redirect(url_for("effectifs.fiche", effectif_id=trouves[0][0]), 303)
    session_web[RECHERCHES] = recherche.ranger(
        session_web.get(RECHERCHES, {}), reference, criteres.entier, horloge.maintenant()
    )
    return redirect(_adresse(filtres.vers_url(demandes)), 303)


def _refuser_support() -> None:
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse(Droit.VOIR_NOMINATIF.value)


def _lire_filtres() -> Filtres:
    organismes = scope.courant().portee(Droit.VOIR_NOMINATIF).organismes
    return filtres.lire(
        request.args.to_dict(flat=False),
        statuts=etiquettes.statuts_admis(service_liste.statuts_offerts()),
        sites=organismes or (),
    )


def _texte_cherche(demandes: Filtres) -> str | None:
    gardees = session_web.get(RECHERCHES, {})
    return recherche.retrouver(gardees, demandes.r, horloge.maintenant()) if demandes.r else None


def _adresse(parametres: str = "") -> str:
    return url_for("effectifs.liste") + parametres
