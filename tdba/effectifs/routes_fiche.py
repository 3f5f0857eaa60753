"""Screens of the effectifs: the sheet of one apprentice."""

from typing import Any

from flask import make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures
from tdba.access import access
from tdba.effectifs import encarts, service
from tdba.effectifs.blueprint import bp
from tdba.scope import Droit


@bp.get("/effectifs/<int:effectif_id>")
@access(Droit.CORRIGER)
def fiche(effectif_id: int) -> ResponseReturnValue:
    """Show one apprentice: identity, formation, contracts, parcours with its reasons, corrections."""
    jour = horloge.aujourd_hui()
    vue = service.fiche(effectif_id, jour)
    encarts.franchir(effectif_id)
    lectures.noms_lus("effectifs.fiche", [effectif_id])
    return make_response(render_template("effectifs/fiche.html", **contexte_fiche(vue)))


def contexte_fiche(
    vue: service.Fiche, focus: str | None = None, message: str | None = None
) -> dict[str, Any]:
    """What the templates of the sheet need; `focus` is the anchor where the work continues, and where `message` is said."""
    fil = [
        ("Effectifs", url_for("effectifs.liste")),
        (f"{vue.effectif.prenom} {vue.effectif.nom}", None),
    ]
    return {"fiche": vue, "fil": fil, "focus": focus, "message": message}
