"""Screens of a merge: what it would change, merging, what it did, undoing it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.doublons import queries, service_annulation, service_fusion
from tdba.doublons.blueprint import bp
from tdba.doublons.ecran import composer
from tdba.doublons.forms import FusionForm, choix_de
from tdba.doublons.models import Fusion
from tdba.doublons.routes import franchir, page, valeurs_de_depart
from tdba.doublons.service_fusion import Demande, Face
from tdba.effectifs import encarts
from tdba.effectifs import queries as fiches
from tdba.effectifs.champs_corriges import LIBELLES
from tdba.effectifs.changements import VersionPerimee
from tdba.errors import ErreurMetier
from tdba.formats import heure, liste_et
from tdba.scope import Droit, Introuvable


@bp.post("/doublons/<int:doublon_id>/fusionner")
@access(Droit.CORRIGER)
def fusionner(doublon_id: int) -> ResponseReturnValue:
    """Say what merging would change; then merge, when asked to."""
    if (faite := queries.fusion_de(doublon_id)) is not None:
        return _vers(faite)
    face = service_fusion.ouvrir(doublon_id)
    demande_id = franchir(face)
    form = FusionForm()
    if not form.validate():
        return _formulaire(face, form, code=422)
    demande = Demande(
        garder=form.garder.data,
        choix=choix_de(request.form),
        versions=form.versions,
        demande_id=demande_id,
    )
    try:
        if request.form.get("action") != "fusionner":
            return _formulaire(face, form, demande=demande)
        fusion = service_fusion.fusionner(doublon_id, demande, maintenant=horloge.maintenant())
        db.session.commit()
    except VersionPerimee:
        db.session.rollback()
        return _perimee(doublon_id, form)
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _formulaire(service_fusion.ouvrir(doublon_id), form, code=422)
    flash(f"Fiches fusionnées à {heure(horloge.maintenant())}.", "success")
    return _vers(fusion)


def _vers(fusion: Fusion) -> ResponseReturnValue:
    return redirect(url_for("doublons.fusion", fusion_id=fusion.id), 303)


def _formulaire(
    face: Face, form: FusionForm, *, code: int = 200, demande: Demande | None = None
) -> ResponseReturnValue:
    garder = form.garder.data if form.garder.data in ("a", "b") else None
    jour = horloge.aujourd_hui()
    ecran = composer(face, garder, choix_de(request.form), jour)
    consequence = service_fusion.apercu(face, demande, jour) if demande else None
    return page(ecran, form, code=code, consequence=consequence)


def _perimee(doublon_id: int, form: FusionForm) -> ResponseReturnValue:
    """One record changed since the page was opened: its values of now are shown beside, choices kept (decision 18)."""
    face = service_fusion.ouvrir(doublon_id)
    ecran = composer(face, form.garder.data, choix_de(request.form), horloge.aujourd_hui())
    neuf = FusionForm(formdata=None, data=valeurs_de_depart(ecran))
    return page(ecran, neuf, code=409, conflit=True)


@bp.get("/fusions/<int:fusion_id>")
@access(Droit.CORRIGER)
def fusion(fusion_id: int) -> ResponseReturnValue:
    """What a merge did, and its undoing."""
    vue = queries.fusion(fusion_id)
    encarts.franchir(vue.effectif_id)
    try:
        gardee = fiches.a_corriger(vue.effectif_id, verrou=False)
    except Introuvable:  # binned since: what the merge did is no longer to be undone from here
        gardee = None
    lectures.noms_lus("doublons.fusion", [vue.effectif_id] if gardee else [])
    corrections = [c for c in fiches.corrections_de(vue.effectif_id) if c.correction.id in vue.correction_ids]
    return web.page_or_partial(
        "doublons/fusion.html",
        "doublons/_fusion.html",
        fusion=vue,
        gardee=gardee.effectif if gardee else None,
        auteur=queries.auteur(vue.personne_id),
        champs=sorted({LIBELLES[c.correction.champ] for c in corrections if c.correction.contrat_id is None}),
        ajouts=sum(c.correction.champ == "contrat" for c in corrections),
        demarches=sum(len(ids) for _, _, ids in vue.deplace.get("demarches", ())),
    )


@bp.post("/fusions/<int:fusion_id>/annuler")
@access(Droit.CORRIGER)
def annuler(fusion_id: int) -> ResponseReturnValue:
    """Undo a merge; what was changed since is left and named."""
    vue = queries.fusion(fusion_id)
    encarts.franchir(vue.effectif_id)
    try:
        faite = service_annulation.annuler(fusion_id, maintenant=horloge.maintenant())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "danger")
        return redirect(url_for("doublons.fusion", fusion_id=fusion_id), 303)
    flash(_phrase(faite), "success")
    return redirect(url_for("doublons.comparer", doublon_id=vue.doublon_id), 303)


def _phrase(faite: service_annulation.Annulation) -> str:
    phrase = "La fusion est annulée : les deux fiches sont revenues."
    if faite.laissees:
        noms = liste_et(f"« {LIBELLES[champ]} »" for champ in faite.laissees)
        phrase += f" Corrigé de nouveau depuis, et laissé ainsi sur la fiche gardée : {noms}."
    if faite.suivi_laisse:
        phrase += " Le dossier suivi depuis garde sa dernière et sa prochaine démarche."
    return phrase
