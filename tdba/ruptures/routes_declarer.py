"""Declaring a rupture that the ERP has not sent yet: find the apprentice, then the contract, then say it.

The rupture itself is a correction of the contract: its screen shows the effect on the status first (decision 19).
"""

import secrets
from typing import Final

from flask import Response, redirect, request, url_for
from flask import session as session_web
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.debits import debit
from tdba.effectifs import recherche
from tdba.errors import ErreurMetier
from tdba.ruptures import queries_declarer
from tdba.ruptures.blueprint import CLE, LISTES, bp
from tdba.ruptures.forms_declarer import DeclarerForm
from tdba.ruptures.regles import RUPTURE
from tdba.scope import Droit

RECHERCHES: Final = "recherches_ruptures"
"""Key of the session that keeps these searches, out of addresses (decision 35)."""

web.rattacher(LISTES[RUPTURE], "ruptures.declarer", "ruptures.chercher_a_declarer")


@bp.get("/ruptures/declarer")
@access(Droit.CORRIGER)
def declarer() -> Response:
    """Ask whose contract was broken, then show what the search found, which the address names by a reference alone."""
    reference = request.args.get("r", "")
    gardees = session_web.get(RECHERCHES, {})
    texte = recherche.retrouver(gardees, reference, horloge.maintenant()) if reference else None
    return _page(
        DeclarerForm(formdata=None, data={"q": texte}), texte, perdue=bool(reference) and texte is None
    )


@bp.post("/ruptures/declarer")
@access(Droit.CORRIGER)
@debit("recherche")
def chercher_a_declarer() -> ResponseReturnValue:
    """Keep what was typed in the session, and go to the answer."""
    form = DeclarerForm()
    if not form.validate_on_submit():
        return _page(form, None, code=422)
    criteres = recherche.comprendre(form.q.data)
    if criteres.vide:
        form.refuser(ErreurMetier("Indiquez un nom, une date de naissance ou un INE.", champ="q"))
        return _page(form, None, code=422)
    reference = secrets.token_urlsafe(9)
    session_web[RECHERCHES] = recherche.ranger(
        session_web.get(RECHERCHES, {}), reference, criteres.entier, horloge.maintenant()
    )
    db.session.commit()
    return redirect(url_for("ruptures.declarer", r=reference), 303)


@bp.get(f"/ruptures/declarer/<{CLE}:contrat_id>")
@access(Droit.CORRIGER)
def declaree(contrat_id: int) -> ResponseReturnValue:
    """Where the work continues once a rupture is declared: its file, else the sheet."""
    effectif_id, dossier_id = queries_declarer.apres_declaration(contrat_id)
    if dossier_id is not None:
        return redirect(url_for("ruptures.dossier", dossier_id=dossier_id), 303)
    return redirect(url_for("effectifs.fiche", effectif_id=effectif_id, _anchor=f"contrat-{contrat_id}"), 303)


def _page(form: DeclarerForm, texte: str | None, *, perdue: bool = False, code: int = 200) -> Response:
    jour = horloge.aujourd_hui()
    trouvees = queries_declarer.chercher(recherche.comprendre(texte), jour) if texte else None
    if trouvees is not None:
        lectures.noms_lus("ruptures.declarer", [fiche.id for fiche in trouvees.fiches])
    return web.page_or_partial(
        "ruptures/declarer.html",
        "ruptures/_declarer.html",
        code=code,
        form=form,
        trouvees=trouvees,
        perdue=perdue,
        jour=jour,
        retour=lambda contrat_id: url_for("ruptures.declaree", contrat_id=contrat_id),
    )
