"""Screens of what was received: the last receptions, and one transmission with the reasons of its refusals."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for

from tdba import lectures, scope, web
from tdba.access import access
from tdba.organismes import queries as organismes
from tdba.ruptures.receptions import Reception
from tdba.scope import Droit
from tdba.transmissions import queries

bp = Blueprint("transmissions", __name__)

web.entree_menu(50, "Transmissions", "transmissions.liste", Droit.VOIR_TRANSMISSIONS)
web.rattacher("transmissions.liste", "transmissions.detail")


@bp.get("/transmissions")
@access(Droit.VOIR_TRANSMISSIONS)
def liste() -> Response:
    """The last receptions of the reach: counts, never a name."""
    organisme_id = request.args.get("organisme", type=int)
    receptions, suite = queries.dernieres(
        organisme_id=organisme_id, avant=request.args.get("avant", type=int)
    )
    filtre = organismes.par_ids([organisme_id]).get(organisme_id) if organisme_id else None
    return web.page_or_partial(
        "transmissions/liste.html",
        "transmissions/_tableau.html",
        receptions=receptions,
        suivant=receptions[-1].transmission_id if suite else None,
        filtre=filtre,
    )


@bp.get("/transmissions/<uuid:transmission_uuid>")
@access(Droit.VOIR_TRANSMISSIONS)
def detail(transmission_uuid: UUID) -> Response:
    """One transmission: what became of its lines, and, for those who may read names, which were refused and why."""
    receptions = queries.detail(transmission_uuid)
    transmission_id = receptions[0].transmission_id
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF)
    # Raw lines have no status: who sees names in some statuses only reads none of them.
    lignes_lisibles = not portee.vide and portee.statuts is None
    nominatif = lignes_lisibles and not scope.courant().a(Droit.SUPPORT)
    apres = request.args.get("apres", 0, type=int)
    if apres < 0:
        abort(404)
    refusees, suite = queries.refusees(transmission_id, apres=apres) if nominatif else ([], False)
    if any(ligne.nom or ligne.prenom for ligne in refusees):
        lectures.lignes_lues(transmission_id, [ligne.id for ligne in refusees])
    return web.page_or_partial(
        "transmissions/detail.html",
        "transmissions/_refusees.html",
        receptions=receptions,
        transmission_uuid=transmission_uuid,
        causes=queries.causes(transmission_id) if lignes_lisibles else [],
        refusees=refusees,
        suivant=refusees[-1].rang if suite else None,
        nominatif=nominatif,
    )


def pour_l_accueil(organisme_ids: Sequence[int]) -> dict[int, Reception]:
    """The last reception of these organismes, for the home page of a CFA; the link leads to the refused lines."""
    return {
        organisme_id: Reception(lignes, refusees, url_for("transmissions.detail", transmission_uuid=uuid))
        for organisme_id, uuid, lignes, refusees in queries.derniere_de_chacun(organisme_ids)
    }
