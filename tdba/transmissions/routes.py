"""Screens of what was received: the account over some days, one day, one transmission and its refused lines."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.organismes import queries as organismes
from tdba.ruptures.receptions import Reception
from tdba.scope import Droit, Introuvable
from tdba.transmissions import (
    causes,
    guides,
    periode,
    queries,
    queries_compte,
    queries_detail,
    queries_guides,
    refusees_csv,
)
from tdba.transmissions.libelles import libelle
from tdba.transmissions.mots import rythme
from tdba.transmissions.periode import Periode
from tdba.transmissions.queries import Rang, ReceptionVue
from tdba.transmissions.queries_compte import Site

bp = Blueprint("transmissions", __name__)

ENVOIS = 25
SITES_MAX = 50
"""Beyond, an establishment is searched for instead of chosen in a list."""

web.entree_menu(50, "Transmissions", "transmissions.liste", Droit.VOIR_TRANSMISSIONS)
web.rattacher("transmissions.liste", "transmissions.detail", "transmissions.jour")


def _lit_les_lignes() -> bool:
    """Raw lines have no status: who sees names in some statuses only reads none of them."""
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF)
    return not portee.vide and portee.statuts is None


def _lit_les_noms() -> bool:
    """Support sees names only inside an opened case (decision 24): causes, and no line."""
    return _lit_les_lignes() and not scope.courant().a(Droit.SUPPORT)


@bp.get("/transmissions")
@access(Droit.VOIR_TRANSMISSIONS)
def liste() -> Response:
    """What was received these last days, by day, by sending, by cause of refusal: counts, never a name."""
    jour = horloge.aujourd_hui()
    nombre = request.args.get("jours", periode.DEFAUT, type=int)
    return _compte(periode.derniers(jour, nombre), "transmissions.liste", "transmissions/liste.html")


@bp.get("/transmissions/jour/<jour:le>")
@access(Droit.VOIR_TRANSMISSIONS)
def jour(le: date) -> Response:
    """What each sending of one day brought."""
    return _compte(Periode(le, le), "transmissions.jour", "transmissions/jour.html", le=le)


def _compte(choisie: Periode, endpoint: str, gabarit: str, **adresse: Any) -> Response:
    """The account of a period. Who reaches every organisme chooses one: without it, only the last sendings are read."""
    organisme_id = request.args.get("organisme", type=int)
    if organisme_id is not None and not 0 <= organisme_id < 2**31:
        abort(404)
    sites = queries_compte.sites(organisme_id)
    suite = None if organisme_id is None else sites[0]
    national = suite is None and scope.courant().portee(Droit.VOIR_TRANSMISSIONS).organismes is None
    envois, reste = queries.dernieres(
        organisme_id=organisme_id, periode=choisie, apres=_rang(request.args.get("apres")), limite=ENVOIS
    )
    arguments = adresse | {"organisme": organisme_id}
    if not adresse:
        arguments["jours"] = choisie.jours
    contexte: dict[str, Any] = {
        "periode": choisie,
        "organisme": suite,
        "national": national,
        "envois": envois,
        "suivants": url_for(endpoint, **arguments, apres=_cle(envois[-1])) if reste else None,
        "personnes_lisibles": _lit_les_noms(),
    }
    if not web.fragment_demande():
        contexte |= _autour(choisie, organisme_id, sites, envois, national=national)
    return web.page_or_partial(gabarit, "transmissions/_envois.html", **contexte)


def _autour(
    choisie: Periode,
    organisme_id: int | None,
    sites: Sequence[Site],
    envois: Sequence[ReceptionVue],
    *,
    national: bool,
) -> dict[str, Any]:
    """What stands around the table of sendings, and does not change with its pages."""
    jour = horloge.aujourd_hui()
    comptes = [] if national else queries_compte.par_jour(choisie, organisme_id)
    lisibles = _lit_les_lignes() and not national
    somme = periode.total(comptes)
    trouvees = queries_compte.causes(choisie, organisme_id) if lisibles and somme.refusees else []
    muets = [(s, rythme(s.silence_depuis, s.habitude or 1, jour)) for s in sites if s.silence_depuis]
    texte = request.args.get("q", "").strip()[:100]
    return {
        "jours": comptes,
        "total": somme,
        "barres": [
            {"libelle": f"{b.debut:%d/%m}", "valeur": b.valeur} for b in periode.tendance(comptes, choisie)
        ],
        "causes": trouvees,
        "causes_lisibles": lisibles,
        "acteurs": causes.ACTEURS,
        "lignes_lisibles": _lit_les_noms(),
        "guide": _guide([e.erp for e in envois]) if trouvees else None,
        "silences": muets,
        "sites": [("", "Tous"), *((s.id, s.nom) for s in sites)] if len(sites) <= SITES_MAX else [],
        "cherche": national or len(sites) > SITES_MAX,
        "texte": texte,
        "trouves": _chercher(texte) if texte else [],
    }


def _chercher(texte: str) -> list[organismes.OrganismeVu]:
    """Organismes within reach that answer to this name, UAI or SIRET."""
    siens = scope.courant().portee(Droit.VOIR_TRANSMISSIONS).organismes
    return [o for o in organismes.chercher(texte) if siens is None or o.id in siens]


def _guide(erps: Sequence[str | None]) -> tuple[str, str] | None:
    """The guide (code, name) of the software that sent last, among those that have one."""
    noms: Mapping[str, str] = queries_guides.noms() if any(erps) else {}
    trouves = (guides.du_logiciel(erp, noms.keys()) for erp in erps)
    code = next((c for c in trouves if c), None)
    return (code, noms[code]) if code else None


def _rang(texte: str | None) -> Rang | None:
    """Where the page before ended; anything else reads as the first page."""
    transmission, _, organisme = (texte or "").partition("-")
    if not (transmission.isdecimal() and organisme.isdecimal() and len(texte or "") < 30):
        return None
    rang = Rang(int(transmission), int(organisme))
    return rang if rang.transmission_id < 2**63 and rang.organisme_id < 2**31 else None


def _cle(reception: ReceptionVue) -> str:
    return f"{reception.transmission_id}-{reception.organisme_id}"


@bp.get("/transmissions/<uuid:transmission_uuid>")
@access(Droit.VOIR_TRANSMISSIONS)
def detail(transmission_uuid: UUID) -> Response:
    """One transmission: what became of its lines, and, for those who may read names, which were refused and why."""
    receptions = queries.detail(transmission_uuid)
    transmission_id = receptions[0].transmission_id
    lisibles, nominatif = _lit_les_lignes(), _lit_les_noms()
    apres, choisie = request.args.get("apres", 0, type=int), request.args.get("cause", "")
    if not 0 <= apres < 2**31:
        abort(404)
    groupes = queries_detail.groupes(transmission_id) if lisibles else []
    erreurs = causes.de_cette_cause(groupes, choisie) if choisie else None
    refusees, suite = (
        queries_detail.refusees(transmission_id, apres=apres, erreurs=erreurs) if nominatif else ([], False)
    )
    if any(ligne.nom or ligne.prenom for ligne in refusees):
        lectures.lignes_lues(transmission_id, [ligne.id for ligne in refusees])
    comptees = causes.regrouper(groupes)
    return web.page_or_partial(
        "transmissions/detail.html",
        "transmissions/_refusees.html",
        receptions=receptions,
        premiere=receptions[0],
        transmission_uuid=transmission_uuid,
        causes=comptees,
        cause=next((c for c in comptees if c.cle == choisie), None),
        acteurs=causes.ACTEURS,
        guide=_guide([receptions[0].erp]) if comptees else None,
        refusees=refusees,
        suivant=refusees[-1].rang if suite else None,
        choisie=choisie or None,
        causes_lisibles=lisibles,
        nominatif=nominatif,
        libelle=libelle,
    )


@bp.get("/transmissions/<uuid:transmission_uuid>/refusees.csv")
@access(Droit.VOIR_NOMINATIF)
def refusees(transmission_uuid: UUID) -> Response:
    """The refused lines as a spreadsheet: what is wrong, what was received, how to correct."""
    if not _lit_les_noms():
        raise AccesRefuse("lire les lignes reçues")
    transmission_id = queries.detail(transmission_uuid)[0].transmission_id
    fautes = list(queries_detail.fautes(transmission_id))
    if not fautes:
        raise Introuvable
    lectures.lignes_lues(transmission_id, sorted({f.ligne_id for f in fautes}), export=True)
    nom = f"lignes-refusees-{transmission_uuid.hex[:8]}.csv"
    return Response(
        refusees_csv.ecrire(fautes),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{nom}"'},
    )


def pour_l_accueil(organisme_ids: Sequence[int]) -> dict[int, Reception]:
    """The last reception of these organismes, for the home page of a CFA; the link leads to the refused lines."""
    jour = horloge.aujourd_hui()
    return {
        d.organisme_id: Reception(
            d.lignes,
            d.refusees,
            url_for("transmissions.detail", transmission_uuid=d.uuid),
            rythme(d.recue_le, d.habitude, jour) if d.habitude else None,
            url_for("transmissions.liste", organisme=d.organisme_id),
        )
        for d in queries.derniere_de_chacun(organisme_ids)
    }
