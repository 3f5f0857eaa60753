"""Screens of the effectifs: the list, its search, why it counts what it counts, its employers."""

import secrets

from flask import Response, make_response, redirect, render_template, request, url_for
from flask import session as session_web
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.debits import debit
from tdba.effectifs import (
    annees,
    etiquettes,
    filtres,
    queries_liste,
    queries_nombre,
    recherche,
    service_liste,
)
from tdba.effectifs.blueprint import bp
from tdba.effectifs.colonnes_liste import COLONNES, TOUJOURS
from tdba.effectifs.filtres import COMPTEES, TOUTES, Filtres, Permis
from tdba.effectifs.forms_vues import VueForm
from tdba.scope import Droit


@bp.get("/effectifs")
@access(Droit.VOIR_NOMINATIF)
def liste() -> ResponseReturnValue:
    """List the effectifs of the whole reach; agents of the State see their statuses and nothing else.

    Support does not use this list: it searches in its own screen, where names are masked (decision 24).
    """
    refuser_support()
    permis = service_liste.permis()
    demandes = filtres.lire(request.args.to_dict(flat=False), permis)
    # A form without a script sends its empty fields too: the address that one copies must stay the state alone.
    etat = adresse(filtres.vers_url(demandes, apres=demandes.apres, avant=demandes.avant))
    if "" in request.args.values() and not web.fragment_demande():
        return redirect(web.adresse_locale(etat) or adresse(), 303)
    reponse = page_de_liste(demandes, permis, VueForm())
    if web.fragment_demande():
        reponse.headers["HX-Push-Url"] = etat
    return reponse


def page_de_liste(demandes: Filtres, permis: Permis, form: VueForm, *, code: int = 200) -> Response:
    """The list in that state; `form` saves it as a view, and keeps what was typed when it was refused."""
    texte = texte_cherche(demandes)
    vue = service_liste.liste(demandes, texte, horloge.aujourd_hui(), permis)
    lectures.noms_lus("effectifs.liste", [ligne.id for ligne in vue.page.lignes])
    return web.page_or_partial(
        "effectifs/liste.html",
        "effectifs/_tableau.html",
        code=code,
        liste=vue,
        filtres=demandes,
        form=form,
        catalogue=COLONNES,
        toujours=TOUJOURS,
        recherche_perdue=bool(demandes.r) and texte is None,
        adresse=adresse,
        vers=lambda **changements: adresse(filtres.vers_url(demandes, **changements)),
        trier=lambda tri: adresse(filtres.trier(demandes, tri)),
        etat_url=filtres.vers_url(demandes),
        chercher_url=url_for("effectifs.chercher") + filtres.vers_url(demandes, r=""),
    )


@bp.post("/effectifs/recherche")
@access(Droit.VOIR_NOMINATIF)
@debit("recherche")
def chercher() -> ResponseReturnValue:
    """Keep what was typed in the session, and go to the list; straight to the sheet when one record is found.

    A search looks in every year, unless one was chosen.
    """
    refuser_support()
    texte = request.form.get("q", "")
    criteres = recherche.comprendre(texte)
    demandes = lire_filtres()
    if criteres.vide:
        return redirect(adresse(filtres.vers_url(demandes, r="")), 303)
    reference = secrets.token_urlsafe(9)
    demandes = filtres.changer(demandes, r=reference, annee=demandes.annee or TOUTES)
    trouves = queries_liste.deux_premiers(demandes, criteres, horloge.aujourd_hui())
    if len(trouves) == 1 and service_liste.ouvrable(trouves[0][1]):
        return redirect(url_for("effectifs.fiche", effectif_id=trouves[0][0]), 303)
    session_web[recherche.CLE_SESSION] = recherche.ranger(
        session_web.get(recherche.CLE_SESSION, {}), reference, criteres.entier, horloge.maintenant()
    )
    return redirect(adresse(filtres.vers_url(demandes)), 303)


@bp.get("/effectifs/pourquoi-ce-nombre")
@access(Droit.VOIR_NOMINATIF)
def pourquoi_ce_nombre() -> ResponseReturnValue:
    """Say how many of a list the figures count, and why not the others."""
    refuser_support()
    demandes, jour = lire_filtres(), horloge.aujourd_hui()
    criteres = service_liste.resoudre(demandes, texte_cherche(demandes), jour)
    # As the figures: a CFA counts all its family, the others what is reliable (decision 29).
    chez_soi = str(current_user.organisation_type) == "ORGANISME_FORMATION"
    return make_response(
        render_template(
            "effectifs/pourquoi_ce_nombre.html",
            nombre=queries_nombre.nombre(demandes, criteres, jour, chez_soi=chez_soi),
            annees=annees.comptees(jour),
            sans_chiffre=etiquettes.sans_chiffre(demandes),
            retour=adresse(filtres.vers_url(demandes)),
            comptees=None
            if demandes.annee == COMPTEES
            else adresse(filtres.vers_url(demandes, annee=COMPTEES)),
            fil=[(_titre(), adresse(filtres.vers_url(demandes))), ("Pourquoi ce nombre", None)],
        )
    )


@bp.get("/effectifs/employeurs")
@access(Droit.CORRIGER)
def employeurs() -> ResponseReturnValue:
    """The employers of a list, each leading to its apprentices."""
    refuser_support()
    demandes = filtres.changer(lire_filtres(), employeur="", r="")
    return make_response(
        render_template(
            "effectifs/employeurs.html",
            employeurs=queries_nombre.employeurs(demandes, horloge.aujourd_hui()),
            limite=queries_nombre.EMPLOYEURS,
            vers=lambda siret: adresse(filtres.vers_url(demandes, employeur=siret)),
            fil=[(_titre(), adresse(filtres.vers_url(demandes))), ("Employeurs", None)],
        )
    )


def refuser_support() -> None:
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse(Droit.VOIR_NOMINATIF.value)


def lire_filtres() -> Filtres:
    return service_liste.lire(request.args.to_dict(flat=False))


def texte_cherche(demandes: Filtres) -> str | None:
    """What the person typed, when the reference of the address is of their own session."""
    gardees = session_web.get(recherche.CLE_SESSION, {})
    return recherche.retrouver(gardees, demandes.r, horloge.maintenant()) if demandes.r else None


def adresse(parametres: str = "") -> str:
    return url_for("effectifs.liste") + parametres


def _titre() -> str:
    return "Effectifs" if scope.courant().a(Droit.CORRIGER) else "Listes nominatives"
