"""The page "À reporter dans votre ERP": what was corrected here and not there yet, printable, ticked off (decision 6)."""

from typing import Any, Final

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, journal, lectures, scope, web
from tdba.access import access
from tdba.db import db
from tdba.points import queries, queries_reports, reports, service
from tdba.points.genres import Lie
from tdba.points.routes import bp
from tdba.scope import Droit, Introuvable

_PAGE: Final = "points.a_reporter"
_CLE_MAX: Final = 2**63 - 1
_IMPRIMEES_MAX: Final = 2_000

web.rattacher("points.a_regler", _PAGE, "points.a_reporter_imprimer")


@bp.get("/a-regler/a-reporter")
@access(Droit.CORRIGER)
def a_reporter() -> Response:
    """List the corrections to copy; `etat=faites` lists those ticked, which wait for the next sending."""
    return web.page_or_partial("points/a_reporter.html", "points/_reports.html", **_contexte())


@bp.get("/a-regler/a-reporter/imprimer")
@access(Droit.CORRIGER)
def a_reporter_imprimer() -> Response:
    """The same on paper, all pages at once, with boxes to tick by hand."""
    site = _site(dict(queries.sites()))
    lot = queries_reports.page(faites=False, site=site, apres=None, taille=_IMPRIMEES_MAX)
    _lus(lot)
    return web.page_or_partial(
        "points/a_reporter_imprimer.html",
        "points/a_reporter_imprimer.html",
        lot=lot,
        mots=reports,
        retour=url_for(_PAGE, site=site),
    )


@bp.post("/a-regler/a-reporter")
@access(Droit.CORRIGER)
def cocher() -> ResponseReturnValue:
    """Tick or untick the corrections named; ticking twice is once."""
    ids = [cle for texte in request.form.getlist("ids") if (cle := _entier(texte)) is not None]
    if len(ids) == 1 and not queries_reports.existe(ids[0]):
        raise Introuvable
    faite = request.form.get("reportee") != "non"
    le = horloge.maintenant() if faite else None
    changees = queries_reports.cocher(ids, le=le, personne_id=scope.courant().personne_id)
    for correction_id, organisme_id in changees:
        journal.consigner(
            "effectif.correction_reportee",
            organisme_id=organisme_id,
            correction_id=correction_id,
            reportee=faite,
        )
    service.remplacer("A_REPORTER", {organisme_id for _, organisme_id in changees})
    db.session.commit()
    if web.fragment_demande():
        return web.page_or_partial("points/a_reporter.html", "points/_reports.html", **_contexte())
    return redirect(url_for(_PAGE, **_choix()), 303)


def vers_les_reports(point: Lie) -> str:
    """Where the corrections of one establishment are ticked."""
    return url_for(_PAGE, site=point.organisme_id if len(queries.sites()) > 1 else None)


def _contexte() -> dict[str, Any]:
    sites = queries.sites()
    site, faites = _site(dict(sites)), request.values.get("etat") == "faites"
    lot = queries_reports.page(faites=faites, site=site, apres=_apres())
    _lus(lot)
    return {
        "lot": lot,
        "compte": queries_reports.compter(site),
        "mots": reports,
        "faites": faites,
        "sites": sites if len(sites) > 1 else [],
        "site": site,
        "choix": _choix(),
        "suivants": url_for(_PAGE, **_choix(), apres=lot.lignes[-1].id) if lot.suite else None,
        "debut": url_for(_PAGE, **_choix()) if request.values.get("apres") else None,
    }


def _lus(lot: queries_reports.Lot) -> None:
    lectures.noms_lus("a_reporter", sorted({ligne.effectif_id for ligne in lot.lignes}))


def _site(sites: dict[int, str]) -> int | None:
    texte = request.values.get("site", "")
    if not texte:
        return None
    site = _entier(texte)
    if site not in sites:
        raise Introuvable
    return site


def _apres() -> int | None:
    return _entier(request.args.get("apres", ""))


def _entier(texte: str) -> int | None:
    """A key as an address or a form writes it; None for what no key can be."""
    cle = int(texte) if texte.isdecimal() and len(texte) < 20 else None
    return cle if cle is not None and cle <= _CLE_MAX else None


def _choix() -> dict[str, Any]:
    return {nom: valeur for nom in ("site", "etat") if (valeur := request.values.get(nom))}
