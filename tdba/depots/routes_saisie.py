"""Screen of one apprentice typed by hand: the rules of files, said beside the fields."""

from datetime import date
from typing import Any

from flask import Response

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.depots import emetteurs, forms_saisie, queries, service_saisie
from tdba.depots.blueprint import bp
from tdba.depots.queries import Fiche
from tdba.depots.routes import vers
from tdba.effectifs import annees
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.scope import Droit, Introuvable
from tdba.transmissions.dates import date_de_cellule


@bp.route("/depots/une-fiche", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def une_fiche() -> Response:
    """Type one apprentice. Somebody of that name born that day, already known, is said before anything is created."""
    sites = emetteurs.mes_etablissements()
    if not sites:
        raise Introuvable
    form = forms_saisie.formulaire(sites, annees.actives(horloge.aujourd_hui()))
    if not form.validate_on_submit():
        return _rendre(form, code=422 if form.is_submitted() else 200)
    par_id = {str(site.id): site for site in sites}
    formateur = par_id[form.organisme.data]
    emetteur = emetteurs.emetteur_courant(formateur.id)
    recue = service_saisie.ligne(
        {nom: form[nom].data for nom in forms_saisie.CHAMPS},
        form.annee_scolaire.data,
        formateur,
        par_id[form.responsable.data],
    )
    refus = service_saisie.examiner(recue, emetteur)
    for erreur in refus:
        form.refuser(_au_bon_champ(erreur))
    if refus:
        return _rendre(form, code=422)
    connues = _connues(recue)
    if connues and form.connue.data != "oui":
        return _rendre(form, connues, code=409)
    depot = service_saisie.saisir(recue, emetteur)
    db.session.commit()
    return vers("depots.suivre", depot_uuid=depot.uuid)


def _au_bon_champ(erreur: ErreurMetier) -> ErreurMetier:
    """The keys of establishments come from the choice of one."""
    for cote, champ in (("formateur", "organisme"), ("responsable", "responsable")):
        if erreur.champ and erreur.champ.startswith(f"etablissement_{cote}"):
            return ErreurMetier(erreur.message, champ=champ)
    return erreur


def _connues(recue: dict[str, Any]) -> list[Fiche]:
    naissance = date_de_cellule(recue["date_de_naissance_apprenant"])
    assert isinstance(naissance, date)  # noqa: S101 - accepted by the rules
    return queries.deja_connues(recue["nom_apprenant"], recue["prenom_apprenant"], naissance)


def _rendre(form: BaseForm, connues: list[Fiche] | None = None, *, code: int = 200) -> Response:
    if connues:
        lectures.noms_lus("depots.une_fiche", [fiche.id for fiche in connues])
    return web.page_or_partial(
        "depots/une_fiche.html", "depots/_une_fiche.html", code=code, form=form, connues=connues or []
    )
