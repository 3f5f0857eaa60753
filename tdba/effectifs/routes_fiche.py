"""Screens of the effectifs: the sheet of one apprentice, on screen and on paper; how to reach the youth, on demand."""

from typing import Any, Final

from flask import make_response, redirect, render_template, request, url_for
from flask import session as session_web
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.effectifs import encarts, recherche, routes_corbeille, service, service_liste, voisinage
from tdba.effectifs.blueprint import bp
from tdba.effectifs.vue_fiche import Fiche
from tdba.scope import Droit, Introuvable

COORDONNEES: Final = "effectifs.coordonnees"
"""Screen under which a reading of contact data is journaled, apart from the reading of the name."""


@bp.get("/effectifs/<int:effectif_id>")
@access(Droit.CORRIGER)
def fiche(effectif_id: int) -> ResponseReturnValue:
    """Show one apprentice: identity, formation, contracts, parcours with its reasons, what is wrong, history."""
    try:
        vue = service.fiche(effectif_id, horloge.aujourd_hui())
    except Introuvable:
        ailleurs = routes_corbeille.ailleurs(effectif_id)
        if ailleurs is None:
            raise
        return redirect(ailleurs, 303)
    encarts.franchir(effectif_id)
    lectures.noms_lus("effectifs.fiche", [effectif_id])
    voisins = voisinage.de_la_fiche(
        request.args.get(service_liste.PARAMETRE),
        session_web.get(recherche.CLE_SESSION, {}),
        effectif_id,
        horloge.aujourd_hui(),
        horloge.maintenant(),
    )
    return make_response(render_template("effectifs/fiche.html", voisins=voisins, **contexte_fiche(vue)))


@bp.get("/effectifs/<int:effectif_id>/coordonnees")
@access(Droit.CORRIGER)
def coordonnees(effectif_id: int) -> ResponseReturnValue:
    """Show how to reach the youth, to who may (VOIR_COORDONNEES), once they ask: a reading of its own (decision 21)."""
    vue = service.coordonnees(effectif_id, horloge.aujourd_hui())
    encarts.franchir(effectif_id)
    lectures.noms_lus(COORDONNEES, [effectif_id])
    return web.page_or_partial(
        "effectifs/coordonnees.html",
        "effectifs/_coordonnees.html",
        fiche=vue,
        fil=fil(vue, "Coordonnées"),
    )


@bp.get("/effectifs/<int:effectif_id>/imprimer")
@access(Droit.CORRIGER)
def imprimer(effectif_id: int) -> ResponseReturnValue:
    """Show the sheet on one page to print, with contact data only when asked for."""
    avec = request.args.get("coordonnees") == "oui"
    lire = service.coordonnees if avec else service.fiche
    vue = lire(effectif_id, horloge.aujourd_hui())
    encarts.franchir(effectif_id)
    lectures.noms_lus("effectifs.imprimer", [effectif_id])
    if avec:
        lectures.noms_lus(COORDONNEES, [effectif_id])
    page = render_template(
        "effectifs/imprimer.html",
        fiche=vue,
        fil=fil(vue, "Imprimer"),
        coordonnees=avec,
        maintenant=horloge.maintenant(),
    )
    return make_response(page)


def contexte_fiche(vue: Fiche, focus: str | None = None, message: str | None = None) -> dict[str, Any]:
    """What the templates of the sheet need; `focus` is the anchor where the work continues, and where `message` is said."""
    return {"fiche": vue, "fil": fil(vue), "focus": focus, "message": message}


def fil(vue: Fiche, page: str | None = None) -> list[tuple[str, str | None]]:
    """The way back to the list, by the sheet when `page` is one of its own."""
    nom = f"{vue.effectif.prenom} {vue.effectif.nom}"
    liste = ("Effectifs", url_for("effectifs.liste"))
    if page is None:
        return [liste, (nom, None)]
    return [liste, (nom, url_for("effectifs.fiche", effectif_id=vue.effectif.id)), (page, None)]
