"""The lists behind the lines of a digest, and how often a person wants one, on their account page."""

from datetime import date
from typing import cast

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access, connecte
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.db import db
from tdba.recaps import contenu, mots, queries, queries_listes, rythme, service
from tdba.recaps.forms import RythmeForm
from tdba.recaps.mots import Bornes
from tdba.scope import Droit, Introuvable

bp = Blueprint("recaps", __name__)

web.rattacher("ruptures.aujourd_hui", "recaps.liste")

CODES = {adresse: code for code, adresse in mots.ADRESSES.items()}


@bp.get("/recapitulatif/<any(" + ",".join(CODES) + "):quoi>")
@access(Droit.CORRIGER)
def liste(quoi: str) -> Response:
    """The very files that a line counts, as they stand now; the address is the state of the list."""
    if scope.courant().a(Droit.SUPPORT):  # names only inside an opened case (decision 24)
        raise AccesRefuse("suivre les ruptures d’un CFA")
    code, jour, depuis = CODES[quoi], horloge.aujourd_hui(), _depuis()
    personne_id = g.acteur.personne_id
    lot = queries_listes.page(code, personne_id, jour, depuis, web.cle_demandee("apres"))
    lectures.noms_lus("recaps.liste", [ligne.effectif_id for ligne in lot.lignes])
    date_dite = depuis.isoformat() if code in mots.DATEES else None
    return web.page_or_partial(
        "recaps/liste.html",
        "recaps/_liste.html",
        titre=mots.TITRES[code],
        phrase=mots.phrase(code, lot.total, Bornes(depuis, contenu.horizon(jour))),
        lot=lot,
        debut=url_for("recaps.liste", quoi=quoi, depuis=date_dite),
        suivants=lot.suivants and url_for("recaps.liste", quoi=quoi, depuis=date_dite, apres=lot.suivants),
    )


@bp.get("/recapitulatif/organisation/<int:habilitation_id>")
@connecte(
    "chacun ouvre les liens de ses propres récapitulatifs, pour celle de ses organisations qu’ils nomment"
)
def pour(habilitation_id: int) -> Response:
    """Go to the page of a line, once the person acts for its organisation; a GET changes nothing, so it only offers to."""
    suite = web.adresse_locale(request.args.get("suite")) or url_for("comptes.accueil")
    if g.acteur.habilitation_id == habilitation_id:
        return cast("Response", redirect(suite, 303))
    siennes = service_comptes.habilitations_valides(
        comptes.personne(g.acteur.personne_id), horloge.aujourd_hui()
    )
    nom = next((o.nom for h, o in siennes if h.id == habilitation_id), None)
    if nom is None:
        raise Introuvable
    valeurs = {"habilitation_id": habilitation_id, "suite": suite}
    return make_response(
        render_template("recaps/organisation.html", nom=nom, acteur=g.acteur, valeurs=valeurs)
    )


def _depuis() -> date:
    """The day that the address gives; a week ago for what is no day, a month ago at most."""
    jour = horloge.aujourd_hui()
    try:
        dit = date.fromisoformat(request.args.get("depuis", ""))
    except ValueError:
        return jour - rythme.PERIODES[rythme.SEMAINE]
    return min(max(dit, jour - rythme.DEPUIS_MAX), jour)


@bp.post("/mon-compte/recapitulatif")
@connecte("chacun choisit les courriels qu’il reçoit")
def choisir() -> Response:
    """Keep the choice; who works in no CFA receives no digest, and has nothing to choose."""
    personne_id = g.acteur.personne_id
    if not queries.habilitations(personne_id, horloge.aujourd_hui()):
        raise Introuvable
    form = RythmeForm()
    if form.validate_on_submit():
        service.choisir(personne_id, form.rythme.data, horloge.maintenant())
        db.session.commit()
        flash("Votre choix est enregistré.", "success")
    else:
        flash("Ce choix n’existe pas : rien n’a été enregistré.", "error")
    reponse = redirect(url_for("comptes.mon_compte", _anchor="recapitulatif"), 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse


def contexte() -> dict[str, object]:
    """What the account page asks; nothing is read for any other page."""
    return {"formulaire_du_recapitulatif": _formulaire}


def _formulaire() -> RythmeForm | None:
    personne_id = g.acteur.personne_id
    if not queries.habilitations(personne_id, horloge.aujourd_hui()):
        return None
    return RythmeForm(data={"rythme": queries.rythme_de(personne_id)}, formdata=None)
