"""Screens of one file: its progress, its columns, its preview, its end."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, flash, request, url_for

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.depots import comptages, emetteurs, forms_colonnes, libelles, queries, service
from tdba.depots.blueprint import bp
from tdba.depots.forms import ActeForm
from tdba.depots.models import Depot
from tdba.depots.routes import vers
from tdba.depots.service import FichesBougees
from tdba.errors import ErreurMetier
from tdba.organismes import queries as organismes
from tdba.points.genres import Lie
from tdba.scope import Droit

LENT: Final = timedelta(minutes=15)
"""Past this, a person is told that something is wrong."""
EN_COURS: Final = ("RECU", "LECTURE", "VERIFICATION", "APPLICATION", "ANNULATION")
ONGLETS: Final[Mapping[str, str]] = {
    comptages.NOUVELLES: "Nouvelles",
    comptages.MODIFIEES: "Modifiées",
    comptages.INCHANGEES: "Inchangées",
    comptages.SANS_EFFET: "Sans effet",
    comptages.REFUSEES: "Refusées",
    comptages.ABSENTES: "Absentes du fichier",
}


@bp.get("/depots/<uuid:depot_uuid>")
@access(Droit.CORRIGER)
def suivre(depot_uuid: UUID) -> Response:
    """Where a file stands; while a job is at it, the page asks again by itself."""
    return page(queries.depot(depot_uuid))


def pour_le_point(point: Lie) -> str:
    """Where a file that waits in "À régler" is confirmed."""
    return url_for("depots.suivre", depot_uuid=point.details["depot"])


def page(depot: Depot, *, code: int = 200, **autres: Any) -> Response:
    contexte: dict[str, Any] = {
        "depot": depot,
        "en_cours": depot.etat in EN_COURS,
        "form": ActeForm(),
        "bougees": 0,
        "erreur": None,
        "fin": service.annulable_jusqu_a(depot),
        "maintenant": horloge.maintenant(),
        "lent": horloge.maintenant() - depot.cree_le > LENT,
        "libelles": libelles,
    }
    if depot.etat == "A_APPARIER":
        contexte |= forms_colonnes.contexte(depot)
    elif depot.etat in ("PRET", "APPLIQUE"):
        contexte |= _apercu(depot)
    elif depot.etat == "ANNULE":
        contexte["laissees"] = _laissees(depot)
    return web.page_or_partial("depots/depot.html", "depots/_depot.html", code=code, **(contexte | autres))


def _apercu(depot: Depot) -> dict[str, Any]:
    montres = list(ONGLETS) if depot.etat == "PRET" else [comptages.NOUVELLES, comptages.REFUSEES]
    demande = request.args.get("onglet", "")
    onglet = demande if demande in montres else next((o for o in montres if depot.comptes.get(o)), montres[0])
    apres = max(request.args.get("apres", 0, type=int), 0)
    champ = request.args.get("champ", "")
    contexte = _rangs(depot, onglet, apres, champ)
    vus = organismes.par_ids(comptages.organismes_de(depot))
    return contexte | {
        "onglet": onglet,
        "onglets": [
            {
                "libelle": ONGLETS[o],
                "url": url_for("depots.suivre", depot_uuid=depot.uuid, onglet=o),
                "actif": o == onglet,
                "compte": depot.comptes.get(o, 0),
            }
            for o in montres
        ],
        "champ": champ,
        "cloture": queries.transmission(depot).cloture if depot.complete else None,
        "repartition": [(vus[int(cle)].nom, n) for cle, n in depot.comptes.get("organismes", {}).items()],
    }


def _rangs(depot: Depot, onglet: str, apres: int, champ: str) -> dict[str, Any]:
    """The rows of a tab; names shown are journaled."""
    if onglet == comptages.ABSENTES:
        fiches, suite = queries.absentes(depot, apres=apres)
        lectures.noms_lus("depots.absentes", [f.id for f in fiches])
        return {"fiches": fiches, "lignes": [], "causes": [], "suivant": fiches[-1].id if suite else None}
    refusees = onglet == comptages.REFUSEES
    lignes, suite = queries.lignes(depot, onglet, apres=apres, champ=champ if refusees else "")
    if lignes:
        lectures.lignes_lues(depot.transmission_id or 0, [ligne.id for ligne in lignes])
    return {
        "fiches": [],
        "lignes": lignes,
        "causes": queries.causes(depot) if refusees else [],
        "suivant": lignes[-1].rang if suite else None,
    }


def _laissees(depot: Depot) -> list[Any]:
    laissees = queries.laissees(depot)
    lectures.noms_lus("depots.laissees", [fiche.id for fiche, _ in laissees])
    return laissees


@bp.post("/depots/<uuid:depot_uuid>/confirmer")
@access(Droit.CORRIGER)
def confirmer(depot_uuid: UUID) -> Response:
    """Apply what the preview shows; a second click finds nothing left to confirm."""
    depot = queries.depot(depot_uuid, verrou=True)
    form = ActeForm()
    try:
        service.confirmer(depot, permis=_permis(depot), quand_meme=form.quand_meme.data == "oui")
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        return page(queries.depot(depot_uuid), code=422, erreur=erreur.message)
    except FichesBougees as bougees:
        db.session.rollback()
        return page(queries.depot(depot_uuid), code=409, bougees=bougees.nombre)
    return vers("depots.suivre", depot_uuid=depot_uuid)


def _permis(depot: Depot) -> frozenset[int]:
    return emetteurs.emetteur_courant(depot.organisme_id).ecriture


def _agir(depot_uuid: UUID, acte: Callable[[Depot], None], phrase: str) -> Response:
    depot = queries.depot(depot_uuid, verrou=True)
    try:
        acte(depot)
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        return page(queries.depot(depot_uuid), code=422, erreur=erreur.message)
    if phrase:
        flash(phrase, "success")
    return vers("depots.suivre", depot_uuid=depot_uuid)


@bp.post("/depots/<uuid:depot_uuid>/revoir")
@access(Droit.CORRIGER)
def revoir(depot_uuid: UUID) -> Response:
    """Compare the file again with what is held now."""
    return _agir(depot_uuid, service.revoir, "")


@bp.post("/depots/<uuid:depot_uuid>/abandonner")
@access(Droit.CORRIGER)
def abandonner(depot_uuid: UUID) -> Response:
    """Drop a file that was not confirmed."""
    return _agir(depot_uuid, service.abandonner, "Cet import est abandonné : rien n’a été enregistré.")


@bp.post("/depots/<uuid:depot_uuid>/annuler")
@access(Droit.CORRIGER)
def annuler(depot_uuid: UUID) -> Response:
    """Undo what the file did, within 72 hours."""
    return _agir(depot_uuid, lambda depot: service.annuler(depot, permis=_permis(depot)), "")
