"""Offers, companies and trainings around a youth's commune, and the steps that come of them."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, make_response, render_template

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.offres import liens, queries, service_demarches, service_recherches
from tdba.offres.blueprint import CLE, bp, vers
from tdba.offres.forms import LienForm, OffresForm, ReponseForm, UneFois
from tdba.offres.queries import Faits
from tdba.ruptures import oppositions
from tdba.ruptures.acces_dossier import dossier_lu
from tdba.ruptures.models import Demarche
from tdba.scope import Droit

web.rattacher("ruptures.ruptures", "offres.voir", "offres.imprimer")


@bp.get(f"/dossiers/<{CLE}:dossier_id>/offres")
@access(Droit.CORRIGER)
def voir(dossier_id: int) -> Response:
    """What is around, as far as it is known, and the search steps with their counts."""
    return _page(dossier_id, {})


@bp.get(f"/dossiers/<{CLE}:dossier_id>/offres/imprimer")
@access(Droit.CORRIGER)
def imprimer(dossier_id: int) -> Response:
    """A sheet to hand over: it names nobody."""
    dossier_lu(dossier_id)
    return make_response(render_template("offres/imprimer.html", **_alentour(queries.faits(dossier_id))))


@bp.post(f"/dossiers/<{CLE}:dossier_id>/offres/chercher")
@access(Droit.CORRIGER)
def chercher(dossier_id: int) -> Response:
    """Have the search made by a job."""
    try:
        demandees = service_recherches.demander(
            dossier_id, possible=_cle_presente(), maintenant=horloge.maintenant()
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "danger")
    else:
        flash(
            "La recherche est lancée : ses résultats seront sur cette page dans quelques minutes."
            if demandees
            else "Cette recherche est déjà faite ou en cours : ses résultats sont gardés sept jours.",
            "success" if demandees else "info",
        )
    return vers("offres.voir", dossier_id)


@bp.post(f"/dossiers/<{CLE}:dossier_id>/offres/envoyees")
@access(Droit.CORRIGER)
def envoyees(dossier_id: int) -> Response:
    """Offers were sent to the youth."""
    form = OffresForm(prefix="envoi-")
    return _noter(
        dossier_id,
        form,
        lambda: service_demarches.offres_envoyees(
            dossier_id,
            form.nombre.data,
            cle_formulaire=form.cle_formulaire.data,
            maintenant=horloge.maintenant(),
            jour=horloge.aujourd_hui(),
        ),
    )


@bp.post(f"/dossiers/<{CLE}:dossier_id>/offres/rendez-vous")
@access(Droit.CORRIGER)
def lien_donne(dossier_id: int) -> Response:
    """The youth has the link of appointment."""
    form = LienForm(prefix="lien-")
    return _noter(
        dossier_id,
        form,
        lambda: service_demarches.lien_donne(
            dossier_id,
            cle_formulaire=form.cle_formulaire.data,
            maintenant=horloge.maintenant(),
            jour=horloge.aujourd_hui(),
        ),
    )


@bp.post(f"/dossiers/<{CLE}:dossier_id>/offres/rendez-vous/reponse")
@access(Droit.CORRIGER)
def reponse(dossier_id: int) -> Response:
    """What the training answered."""
    form = ReponseForm(prefix="reponse-")
    return _noter(
        dossier_id,
        form,
        lambda: service_demarches.reponse_du_rendez_vous(
            dossier_id,
            form.resultat.data,
            form.prochaine_le.data,
            cle_formulaire=form.cle_formulaire.data,
            maintenant=horloge.maintenant(),
            jour=horloge.aujourd_hui(),
        ),
    )


def _noter(dossier_id: int, form: UneFois, enregistrer: Callable[[], bool]) -> Response:
    """Note one step, then the page again; refused, the same page with what was typed."""
    if form.validate():
        try:
            nouvelle = enregistrer()
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            flash("Démarche notée." if nouvelle else "Cette démarche était déjà notée.", "success")
            return vers("offres.voir", dossier_id)
    return _page(dossier_id, {type(form): form}, code=422)


def _page(dossier_id: int, tapes: dict[type[UneFois], UneFois], *, code: int = 200) -> Response:
    dossier_lu(dossier_id)
    faits = queries.faits(dossier_id)
    lectures.noms_lus("offres", [faits.effectif_id])
    formulaires = {"envoi": OffresForm, "lien": LienForm, "reponse": ReponseForm}
    contexte = _alentour(faits) | {
        "bilan": queries.bilan(Demarche.dossier_id == dossier_id),
        "gele": oppositions.est_gele(faits.effectif_id),
        "possible": _cle_presente(),
        **{
            f"form_{nom}": tapes.get(classe) or classe(formdata=None, prefix=f"{nom}-")
            for nom, classe in formulaires.items()
        },
    }
    page = make_response(render_template("offres/offres.html", **contexte))
    page.status_code = code
    return page


def _alentour(faits: Faits) -> dict[str, Any]:
    """What is known around the commune, names of people apart."""
    metiers = queries.metiers(faits.romes)
    recherches = queries.recherches(faits.rncp, faits.code_insee)
    intitule = next(iter(metiers.values()), None) or faits.formation
    formations = recherches["FORMATIONS"].de_genre("FORMATION") if "FORMATIONS" in recherches else []
    return {
        "faits": faits,
        "metiers": metiers,
        "lien": liens.offres(_configuration().lba_url, faits.romes or (), intitule, faits.lieu),
        "recherches": recherches,
        "formations": [f for f in formations if f.get("siret") != faits.cfa_siret],
    }


def _configuration() -> Configuration:
    configuration: Configuration = current_app.extensions["tdba"]
    return configuration


def _cle_presente() -> bool:
    return bool(_configuration().api_apprentissage_cle)
