"""Screens that reconcile the counts of an ERP with ours, name by name (ux.md, screen C)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.depots import emetteurs
from tdba.depots.televersement import FormulaireIllisible, Recu, recevoir
from tdba.effectifs import annees
from tdba.errors import ErreurMetier
from tdba.organismes.queries import OrganismeVu
from tdba.rapprochements import export, forms, noms, queries, service, service_liste
from tdba.rapprochements.demandes import Demande
from tdba.rapprochements.forms import ComparerForm
from tdba.rapprochements.models import Rapprochement
from tdba.rapprochements.queries import LigneVue, Vue
from tdba.scope import Droit, Introuvable
from tdba.transmissions import queries as transmissions

bp = Blueprint("rapprochements", __name__)

PAGE: Final = 100
_TEXTE_MAX: Final = 1_000_000
_AUTOUR: Final = 100_000
"""What a form adds around its fields."""


def _a_des_etablissements() -> bool:
    """Support opens the comparisons of others, and makes none."""
    return scope.courant().portee(Droit.CORRIGER).organismes is not None


web.entree_menu(52, "Rapprochement", "rapprochements.commencer", Droit.CORRIGER, si=_a_des_etablissements)
web.rattacher(
    "rapprochements.commencer", "rapprochements.comparer", "rapprochements.voir", "rapprochements.imprimer"
)


@bp.get("/rapprochement")
@access(Droit.CORRIGER)
def commencer() -> Response:
    """What to compare, and past comparisons."""
    return _page(ComparerForm(emetteurs.mes_etablissements(), horloge.aujourd_hui()))


def _page(form: ComparerForm, *, code: int = 200) -> Response:
    contexte = {"form": form, "possible": bool(emetteurs.mes_etablissements()), "passes": queries.passes()}
    reponse = make_response(render_template("rapprochements/commencer.html", **contexte))
    reponse.status_code = code
    return reponse


@bp.post("/rapprochement")
@access(Droit.CORRIGER)
def comparer() -> Response:
    """Compare, then show. The token is checked before the first byte of a file is read."""
    recu = _recevoir()
    sites, jour = emetteurs.mes_etablissements(), horloge.aujourd_hui()
    form = ComparerForm(sites, jour, formdata=MultiDict(recu.champs), meta={"csrf": False})
    form.validate()
    try:
        choisi = _choisi(sites, recu.champs.get("organisme"))
        cree = _comparer(Demande(choisi, form.jour_choisi(jour), form.population_choisie), form, recu)
        db.session.commit()
    except (ErreurMetier, FormulaireIllisible) as erreur:
        db.session.rollback()
        return _refus(form, recu, erreur)
    return _vers(cree)


def _choisi(sites: Sequence[OrganismeVu], dit: str | None) -> int:
    """The establishment, which one need not say when there is one. Raises ErreurMetier."""
    for site in sites:
        if len(sites) == 1 or str(site.id) == dit:
            return site.id
    raise ErreurMetier("Choisissez l’établissement à comparer.", champ="organisme")


def _comparer(demande: Demande, form: ComparerForm, recu: Recu) -> Rapprochement:
    comptees = annees.comptees(demande.jour)
    if form.avec.data == forms.TRANSMISSION:
        return service.avec_la_transmission(demande)
    if form.avec.data == forms.FICHIER:
        lue = service_liste.fichier(recu.blocs, recu.nom, comptees)
    else:
        lue = service_liste.collee(form.liste.data or "", comptees)
    return service.avec_une_liste(demande, lue.annonces, ecartees=lue.ecartees, illisibles=lue.illisibles)


def _refus(form: ComparerForm, recu: Recu, erreur: Exception) -> Response:
    """The same page, typed values kept; what is left of the file is read, or the browser would not read the answer."""
    try:
        for _ in recu.blocs:
            pass
    except FormulaireIllisible:
        pass
    neuf = ComparerForm(emetteurs.mes_etablissements(), horloge.aujourd_hui(), formdata=None, data=form.data)
    if not isinstance(erreur, ErreurMetier):
        erreur = ErreurMetier("L’envoi du fichier a été coupé : recommencez.", champ="fichier")
    neuf.refuser(erreur)
    return _page(neuf, code=422)


def _recevoir() -> Recu:
    """Read the fields of the form, which come before its file. Raises CSRFError."""
    request.max_content_length = service_liste.TAILLE_MAX + _TEXTE_MAX + _AUTOUR
    try:
        recu = recevoir(
            cast(Any, request.stream), request.mimetype_params.get("boundary", ""), valeur_max=_TEXTE_MAX
        )
    except FormulaireIllisible as erreur:
        raise CSRFError("unreadable form") from erreur
    try:
        validate_csrf(recu.champs.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError as erreur:
        raise CSRFError(str(erreur)) from erreur
    return recu


def _au_cfa_seul() -> None:
    """Support looks, and touches nothing."""
    if not _a_des_etablissements():
        raise AccesRefuse("faire le rapprochement d’un CFA")


def _vers(cree: Rapprochement) -> Response:
    return cast("Response", redirect(url_for("rapprochements.voir", rapprochement_uuid=cree.uuid), 303))


def _vue(rapprochement_uuid: UUID) -> Vue:
    masque = scope.courant().a(Droit.SUPPORT)
    return queries.vue(rapprochement_uuid, noms.masque if masque else noms.en_entier)


@bp.get("/rapprochement/<uuid:rapprochement_uuid>")
@access(Droit.CORRIGER)
def voir(rapprochement_uuid: UUID) -> Response:
    """The two counts, and the name and the reason of each unit of the difference."""
    return _montrer(rapprochement_uuid)


def _montrer(rapprochement_uuid: UUID) -> Response:
    vue = _vue(rapprochement_uuid)
    debut = request.args.get("debut", 0, type=int)
    if debut < 0:
        raise Introuvable
    lignes = vue.lignes[debut : debut + PAGE]
    _lues("rapprochement", lignes)
    receptions, _ = transmissions.dernieres(organisme_id=vue.rapprochement.organisme_id, limite=5)
    adresse = url_for("rapprochements.voir", rapprochement_uuid=rapprochement_uuid)
    return web.page_or_partial(
        "rapprochements/rapprochement.html",
        "rapprochements/_rapprochement.html",
        vue=vue,
        r=vue.rapprochement,
        lignes=lignes,
        debut=debut,
        premiers=adresse if debut else None,
        suivants=f"{adresse}?debut={debut + PAGE}" if len(vue.lignes) > debut + PAGE else None,
        raisons=Counter(ligne.motif.court for ligne in vue.lignes).most_common(),
        comptees=annees.comptees(vue.rapprochement.jour),
        receptions=receptions,
        fin=vue.rapprochement.cree_le + service.GARDE,
        modifiable=_a_des_etablissements(),
    )


def _lues(ecran: str, lignes: Sequence[LigneVue], *, export_: bool = False) -> None:
    """Names shown are readings: of records, or of the lines that they come from."""
    if scope.courant().a(Droit.SUPPORT):
        return  # masked
    lectures.noms_lus(ecran, sorted({li.effectif_id for li in lignes if li.nom and li.effectif_id}))
    par_transmission: dict[int, list[int]] = {}
    for ligne in lignes:
        if ligne.nom and ligne.source:
            par_transmission.setdefault(ligne.source[0], []).append(ligne.source[1])
    for transmission_id, ids in par_transmission.items():
        lectures.lignes_lues(transmission_id, ids, export=export_)


@bp.post("/rapprochement/<uuid:rapprochement_uuid>/lignes/<int:rang>")
@access(Droit.CORRIGER)
def regler(rapprochement_uuid: UUID, rang: int) -> Response:
    """Tick a row, or undo it."""
    _au_cfa_seul()
    service.regler(rapprochement_uuid, rang, fait=request.form.get("fait") != "non")
    db.session.commit()
    if web.fragment_demande():
        return _montrer(rapprochement_uuid)
    retour = url_for(
        "rapprochements.voir",
        rapprochement_uuid=rapprochement_uuid,
        debut=request.args.get("debut", type=int) or None,
    )
    return cast("Response", redirect(f"{retour}#ligne-{rang}", 303))


@bp.post("/rapprochement/<uuid:rapprochement_uuid>/refaire")
@access(Droit.CORRIGER)
def refaire(rapprochement_uuid: UUID) -> Response:
    """Compare again, with the data of today."""
    _au_cfa_seul()
    try:
        cree = service.refaire(rapprochement_uuid)
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "danger")
        return cast(
            "Response", redirect(url_for("rapprochements.voir", rapprochement_uuid=rapprochement_uuid), 303)
        )
    return _vers(cree)


@bp.get("/rapprochement/<uuid:rapprochement_uuid>/imprimer")
@access(Droit.CORRIGER)
def imprimer(rapprochement_uuid: UUID) -> Response:
    """What is to be done in the ERP, to print."""
    vue = _vue(rapprochement_uuid)
    _lues("rapprochement.imprimer", vue.a_reporter)
    return make_response(render_template("rapprochements/imprimer.html", vue=vue, r=vue.rapprochement))


@bp.get("/rapprochement/<uuid:rapprochement_uuid>.csv")
@access(Droit.CORRIGER)
def telecharger(rapprochement_uuid: UUID) -> Response:
    """Every row, as a file."""
    vue = _vue(rapprochement_uuid)
    _lues("rapprochement.export", vue.lignes, export_=True)
    reponse = make_response(export.ecrire(vue.lignes))
    reponse.headers["Content-Type"] = "text/csv; charset=utf-8"
    nom = f"rapprochement-{vue.rapprochement.jour.isoformat()}.csv"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
