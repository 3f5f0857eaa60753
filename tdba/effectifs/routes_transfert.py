"""Screens of the effectifs: moving a record to another establishment of the family, and back."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope
from tdba.access import access
from tdba.db import db
from tdba.effectifs import encarts, motifs_gestes, queries_gestes, transfert
from tdba.effectifs.ajouts import Geste
from tdba.effectifs.blueprint import bp
from tdba.effectifs.forms_gestes import GesteForm, TransfertForm
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_gestes import Place
from tdba.effectifs.transfert import DejaLa, Demande
from tdba.errors import ErreurMetier
from tdba.formats import heure
from tdba.scope import Droit, Introuvable


@bp.route("/effectifs/<int:effectif_id>/transferer", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def transferer(effectif_id: int) -> ResponseReturnValue:
    """Choose the establishment, see what the transfer changes, then do it; the transfers in force can be undone here."""
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
    demande_id = encarts.franchir(effectif_id)
    places = _places(effectif)
    form = TransfertForm(places=[(place.id, place.nom) for place in places])
    if request.method == "GET":
        return _page(effectif, places, form)
    le: Any = form.a_compter_du.data
    if not form.validate():
        return _page(effectif, places, form, code=422)
    demande = Demande(
        destination=int(form.destination.data),
        a_compter_du=le,
        motif=form.motif.data,
        commentaire=form.commentaire.data,
        demande_id=demande_id,
    )
    if demande.destination not in {place.id for place in places}:
        raise Introuvable
    try:
        if request.form.get("action") != "enregistrer":
            transfert.verifier(effectif, demande, horloge.aujourd_hui())
            return _page(effectif, places, form, arrivee=demande.destination)
        transfert.transferer(effectif_id, demande, maintenant=horloge.maintenant())
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        autre = erreur if isinstance(erreur, DejaLa) else None
        return _page(effectif, places, form, code=422, autre=autre)
    db.session.commit()
    flash(f"Fiche transférée à {heure(horloge.maintenant())}.", "success")
    return redirect(url_for("effectifs.transferer", effectif_id=effectif_id), 303)


@bp.post("/transferts/<int:transfert_id>/annuler")
@access(Droit.CORRIGER)
def annuler_transfert(transfert_id: int) -> ResponseReturnValue:
    """Put a record back where it was. Asked twice, it is done once."""
    effectif_id = transfert.effectif_de(transfert_id)
    encarts.franchir(effectif_id)
    try:
        transfert.annuler(transfert_id, maintenant=horloge.maintenant())
    except ErreurMetier as erreur:
        db.session.rollback()
        effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
        places = _places(effectif)
        form = TransfertForm(formdata=None, places=[(place.id, place.nom) for place in places])
        form.refuser(ErreurMetier(erreur.message))
        return _page(effectif, places, form, code=422)
    db.session.commit()
    flash(
        f"Transfert annulé à {heure(horloge.maintenant())} : la fiche est revenue où elle était.", "success"
    )
    return redirect(url_for("effectifs.fiche", effectif_id=effectif_id), 303)


def _places(effectif: Effectif) -> list[Place]:
    return queries_gestes.places(transfert.destinations(effectif.organisme_id))


def _page(
    effectif: Effectif,
    places: list[Place],
    form: TransfertForm,
    *,
    code: int = 200,
    arrivee: int | None = None,
    autre: DejaLa | None = None,
) -> ResponseReturnValue:
    effectif = scope.get_or_404(Effectif, effectif.id, Droit.CORRIGER)
    lectures.noms_lus("effectifs.transfert", [effectif.id])
    reponse = make_response(
        render_template(
            "effectifs/transfert.html",
            form=form,
            defaire=GesteForm(formdata=None),
            effectif=effectif,
            depart=queries_gestes.nom_de(effectif.organisme_id),
            places=places,
            arrivee=next((place.nom for place in places if place.id == arrivee), None),
            autre=autre,
            transferts=queries_gestes.transferts_de(effectif.id),
            motifs=motifs_gestes.TRANSFERTS,
            fil=[
                ("Effectifs", url_for("effectifs.liste")),
                (f"{effectif.prenom} {effectif.nom}", url_for("effectifs.fiche", effectif_id=effectif.id)),
                ("Transférer", None),
            ],
        )
    )
    reponse.status_code = code
    return reponse


def proposer(effectif: Effectif) -> list[Geste]:
    """The gesture of every sheet that leads here, for who has somewhere to send it."""
    organismes = scope.courant().portee(Droit.CORRIGER).organismes
    if organismes is not None and len(organismes) < 2:
        return []
    return [Geste("Transférer", url_for("effectifs.transferer", effectif_id=effectif.id))]
