"""What one did: everybody reads their own acts, and nobody else's here (issue 5, part 9)."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from tdba import lectures, scope
from tdba.access import connecte
from tdba.effectifs import service_activite
from tdba.effectifs.blueprint import bp
from tdba.scope import Introuvable

CLE_MAX = 2**63 - 1


@bp.get("/mon-activite")
@connecte("chacun relit ce qu’il a fait")
def mon_activite() -> ResponseReturnValue:
    """One's own acts by day, the latest first, paged by the number of the last one."""
    personne_id = scope.courant().personne_id
    if personne_id is None:
        raise Introuvable
    avant = request.args.get("avant", type=int)
    borne = avant if avant is not None and 0 < avant <= CLE_MAX else None
    vue = service_activite.activite(personne_id, avant=borne)
    lectures.noms_lus("effectifs.activite", vue.noms)
    return make_response(render_template("effectifs/activite.html", activite=vue))
