"""Screen of the columns of a file: what each means, and what to say where the file says nothing."""

from uuid import UUID

from flask import Response, flash

from tdba.access import access
from tdba.db import db
from tdba.depots import forms_colonnes, queries, service
from tdba.depots.blueprint import bp
from tdba.depots.routes import vers
from tdba.depots.routes_depot import page
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit


@bp.post("/depots/<uuid:depot_uuid>/colonnes")
@access(Droit.CORRIGER)
def apparier(depot_uuid: UUID) -> Response:
    """Keep what the columns mean, for this file and for the next ones of the same layout."""
    depot = queries.depot(depot_uuid, verrou=True)
    if depot.etat != "A_APPARIER":
        return vers("depots.suivre", depot_uuid=depot_uuid)
    form, sites = forms_colonnes.formulaire(depot)
    if not form.validate_on_submit():
        return page(depot, code=422, **forms_colonnes.contexte(depot, form))
    colonnes = [form[f"colonne_{rang}"].data or None for rang in range(len(depot.apercu["entetes"]))]
    try:
        service.apparier(depot, colonnes, _constantes(form, sites, colonnes))
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        _refuser(form, erreur, colonnes)
        depot = queries.depot(depot_uuid)
        return page(depot, code=422, **forms_colonnes.contexte(depot, form))
    flash("Le sens des colonnes est retenu pour les prochains fichiers de même forme.", "success")
    return vers("depots.suivre", depot_uuid=depot_uuid)


def _refuser(form: BaseForm, erreur: ErreurMetier, colonnes: list[str | None]) -> None:
    """An error about a field sits by the last column that was given it."""
    if erreur.champ and erreur.champ in colonnes:
        rang = len(colonnes) - 1 - colonnes[::-1].index(erreur.champ)
        erreur = ErreurMetier(erreur.message, champ=f"colonne_{rang}")
    form.refuser(erreur)


def _constantes(form: BaseForm, sites: list[OrganismeVu], colonnes: list[str | None]) -> dict[str, str]:
    """What is said on every line; a column of the file is always more precise."""
    dites = {nom: form[nom].data for nom in forms_colonnes.SEULES if form[nom].data}
    for cote in forms_colonnes.COTES:
        site = next((s for s in sites if str(s.id) == form[cote].data), None)
        if site is not None:
            dites |= {f"etablissement_{cote}_uai": site.uai or "", f"etablissement_{cote}_siret": site.siret}
    return {nom: valeur for nom, valeur in dites.items() if valeur and nom not in colonnes}
