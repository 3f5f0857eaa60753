"""Screens of exports: asking for a file, following it, taking it away, one's own files (issue 5 part 7).

Who belongs to a CFA takes its own list away as it is; names that leave for anybody else ask for a second factor, on the
page that asks as on the file (decision 27). Support exports no name (decision 24).
"""

from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from flask import Blueprint, Response, g, make_response, redirect, request, url_for
from flask import session as session_web

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access, exiger_facteur
from tdba.db import db
from tdba.effectifs import recherche
from tdba.errors import ErreurMetier
from tdba.exports import apropos, queries, refus, service
from tdba.exports.catalogue import LISTES, PAR_CHEMIN, Liste
from tdba.exports.finalites import FINALITES
from tdba.exports.forms import ExportForm
from tdba.exports.models import Export
from tdba.exports.queries_effectifs import FiltreDisparu
from tdba.exports.service import Demande
from tdba.scope import Droit, Introuvable

bp = Blueprint("exports", __name__)

RECHERCHES: Final = "recherches"
"""Where the session keeps what was searched in the list of effectifs (decision 35)."""
LENT: Final = timedelta(minutes=15)
"""Past this, a person is told that something is wrong."""
TYPES: Final = {
    "XLSX": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "CSV": ("zip", "application/zip"),
    "ODS": ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
}

web.rattacher("effectifs.liste", "exports.demander", "exports.suivre", "exports.telecharger", "exports.liste")


@bp.before_request
def sans_le_support() -> None:
    """Support sees names only inside an opened case: none leaves with it (decision 24)."""
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse("exporter des noms")


def _chez_soi() -> bool:
    return g.acteur is not None and g.acteur.organisation_type == "ORGANISME_FORMATION"


def _facteur() -> Response | None:
    """Where to prove a second factor, when names leave the organisation that they belong to."""
    if _chez_soi():
        return None
    return exiger_facteur()


@bp.route("/exports/demander/<jeton:chemin>", methods=["GET", "POST"])
@access(Droit.VOIR_NOMINATIF)
def demander(chemin: str) -> Response:
    """Say what would leave, ask why; the address holds the state of the list."""
    liste = _liste(chemin)
    if (detour := _facteur()) is not None:
        return detour
    texte = _texte_cherche()
    perdue = bool(request.args.get("r")) and texte is None
    try:
        etat = None if perdue else liste.comprendre(request.args.to_dict(flat=False), texte)
    except FiltreDisparu:
        etat = None
    if etat is None:
        return _page(liste, None, None, None, code=422 if request.method == "POST" else 200)
    compte = service.compter(liste, etat, horloge.aujourd_hui())
    form = ExportForm(service.offertes(liste), compte.lignes)
    if form.validate_on_submit():
        web.limiter("export", scope.courant().personne_id or 0)
        try:
            uuid = service.demander(
                liste,
                _demande(form, etat, texte),
                maintenant=horloge.maintenant(),
                jour=horloge.aujourd_hui(),
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            return cast("Response", redirect(url_for("exports.suivre", export_uuid=uuid), 303))
    return _page(liste, etat, compte, form, code=422 if request.method == "POST" else 200)


def _liste(chemin: str) -> Liste:
    """The list of that address. Not theirs to read: refused as its screen is."""
    liste = PAR_CHEMIN.get(chemin)
    if liste is None:
        raise Introuvable
    if not scope.courant().a(liste.droit) or (liste.cfa_seul and not _chez_soi()):
        raise AccesRefuse("exporter cette liste")
    return liste


def _texte_cherche() -> str | None:
    """What this person searched, when the address names a search of theirs."""
    reference = request.args.get("r", "")
    gardees = session_web.get(RECHERCHES, {})
    return recherche.retrouver(gardees, reference, horloge.maintenant()) if reference else None


def _demande(form: ExportForm, etat: Any, texte: str | None) -> Demande:
    return Demande(
        jeton=UUID(form.jeton.data),
        etat=etat,
        recherche=texte,
        finalite=form.finalite.data,
        precision=form.precision.data or None,
        format=form.format.data,
        colonnes=form.choisies(),
    )


def _page(
    liste: Liste, etat: Any, compte: service.Compte | None, form: ExportForm | None, *, code: int
) -> Response:
    parametres = request.query_string.decode("ascii", "replace")
    return web.page_or_partial(
        "exports/demander.html",
        "exports/_demander.html",
        code=code,
        liste=liste,
        mots=liste.en_mots(etat) if etat is not None else [],
        compte=compte,
        form=form,
        action=_avec(url_for("exports.demander", chemin=liste.chemin), parametres),
        retour=_avec(url_for(liste.retour), parametres),
        chez_soi=_chez_soi(),
        lignes_max=refus.LIGNES_MAX,
    )


def _avec(adresse: str, parametres: str) -> str:
    return f"{adresse}?{parametres}" if parametres else adresse


@bp.get("/exports")
@access(Droit.VOIR_NOMINATIF)
def liste() -> Response:
    """One's own files, those that are gone included: what one took away, and why."""
    exports, suite = queries.les_miens(web.cle_demandee("avant"))
    return web.page_or_partial(
        "exports/liste.html",
        "exports/_liste.html",
        exports=exports,
        listes=LISTES,
        finalites=FINALITES,
        suivant=exports[-1].id if suite else None,
        maintenant=horloge.maintenant(),
    )


@bp.get("/exports/<uuid:export_uuid>")
@access(Droit.VOIR_NOMINATIF)
def suivre(export_uuid: UUID) -> Response:
    """Where a file stands; while a job is at it, the page asks again by itself."""
    return _suivi(queries.le_mien(export_uuid))


def _suivi(export: Export, *, code: int = 200, erreur: str | None = None) -> Response:
    maintenant = horloge.maintenant()
    expire = export.etat == "EXPIRE" or (export.etat == "PRET" and export.expire_le <= maintenant)
    return web.page_or_partial(
        "exports/suivre.html",
        "exports/_suivre.html",
        code=code,
        export=export,
        liste=LISTES[export.liste],
        finalite=FINALITES[export.finalite],
        en_cours=export.etat in queries.EN_COURS,
        expire=expire,
        lent=maintenant - export.cree_le > LENT,
        phrase_refus=refus.PHRASES[export.refus] if export.refus else None,
        erreur=erreur,
        retour=_avec(url_for(LISTES[export.liste].retour), export.criteres),
    )


@bp.post("/exports/<uuid:export_uuid>/fichier")
@access(Droit.VOIR_NOMINATIF)
def telecharger(export_uuid: UUID) -> Response:
    """Give the file to the one who asked for it, and count it: a reading of all its names."""
    if (detour := _facteur()) is not None:
        return detour
    try:
        export = service.a_emporter(export_uuid, horloge.maintenant())
    except ErreurMetier as erreur:
        db.session.rollback()
        return _suivi(queries.le_mien(export_uuid), code=422, erreur=erreur.message)
    # Once for each file: the same names taken away twice are not read twice.
    if not export.telechargements and (pause := lectures.compter(export.details["noms"])) is not None:
        db.session.commit()
        return pause
    blocs = service.emporter(export)
    db.session.commit()
    extension, genre = TYPES[export.format]
    titre = apropos.titre(export.id, LISTES[export.liste].chemin)
    reponse = make_response(iter(blocs))
    reponse.headers["Content-Type"] = genre
    reponse.headers["Content-Length"] = str(export.taille)
    reponse.headers["Content-Disposition"] = f'attachment; filename="{titre}.{extension}"'
    return reponse
