"""The sheet that prepares the Cerfa of a new contract: to read, to copy, to print. Nothing is written."""

from flask import Response, make_response, render_template

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.offres import cerfa as feuilles
from tdba.offres import liens, queries_cerfa
from tdba.offres.blueprint import CLE, bp
from tdba.ruptures.acces_dossier import dossier_lu
from tdba.scope import Droit

web.rattacher("ruptures.ruptures", "offres.cerfa")


@bp.get(f"/dossiers/<{CLE}:dossier_id>/cerfa")
@access(Droit.CORRIGER)
def cerfa(dossier_id: int) -> Response:
    """Values to copy, and whether they hold together."""
    dossier_lu(dossier_id)
    qui, feuille = queries_cerfa.feuille(dossier_id)
    lectures.noms_lus("cerfa", [qui.effectif_id])
    constats = feuilles.controles(feuille, horloge.aujourd_hui())
    return make_response(
        render_template(
            "offres/cerfa.html",
            dossier_id=dossier_id,
            qui=qui,
            parties=feuilles.valeurs(feuille),
            constats=constats,
            a_regler=sum(c.niveau is not feuilles.Niveau.CONFORME for c in constats),
            public=feuille.employeur.public if feuille.employeur else None,
            outils={"celia": liens.CELIA, "opco": liens.OPCO},
        )
    )
