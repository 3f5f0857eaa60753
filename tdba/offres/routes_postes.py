"""The list of vacant posts within reach, to be filled again."""

from typing import Any, Final

from flask import Response, make_response, render_template, request, url_for

from tdba import scope, web
from tdba.access import access
from tdba.offres import queries_poste
from tdba.offres.blueprint import bp
from tdba.offres.etats import A_POURVOIR, COURTS, ETATS
from tdba.ruptures import queries_accueil
from tdba.scope import Droit, Introuvable

FILTRES: Final = {"": "À pourvoir", **COURTS, "TOUS": "Tous"}

web.rattacher("ruptures.ruptures", "offres.postes")


@bp.get("/postes")
@access(Droit.CORRIGER)
def postes() -> Response:
    """Posts by state and site, newest first. They name employers, never a young person."""
    etat, sites = request.args.get("etat", ""), queries_accueil.sites()
    site = web.cle_demandee("site")
    if etat not in FILTRES or (site is not None and site not in {s.id for s in sites}):
        raise Introuvable
    voulus = tuple(ETATS) if etat == "TOUS" else (etat,) if etat else A_POURVOIR
    page = queries_poste.postes(voulus, site, web.cle_demandee("avant"))
    gardes: dict[str, Any] = {nom: valeur for nom, valeur in (("etat", etat), ("site", site)) if valeur}
    plusieurs = len(sites) > 1
    return make_response(
        render_template(
            "offres/postes.html",
            page=page,
            etats=COURTS,
            filtres_=[
                {
                    "nom": "etat",
                    "libelle": "État",
                    "type": "select",
                    "valeur": etat,
                    "options": FILTRES.items(),
                },
                *(
                    [
                        {
                            "nom": "site",
                            "libelle": "Établissement",
                            "type": "select",
                            "valeur": site or "",
                            "options": [("", "Tous"), *((s.id, s.nom) for s in sites)],
                        }
                    ]
                    if plusieurs and scope.courant().portee(Droit.CORRIGER).organismes is not None
                    else []
                ),
            ],
            premiers=url_for("offres.postes", **gardes) if "avant" in request.args else None,
            suivants=url_for("offres.postes", avant=page.suivante, **gardes) if page.suivante else None,
        )
    )
