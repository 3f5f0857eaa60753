"""What is wrong with one record: the page that lists it, silencing a check with a reason, lifting the silence."""

from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import lectures, scope
from tdba.access import AccesRefuse, access
from tdba.anomalies import catalogue, motifs, queries, service_silences
from tdba.anomalies.catalogue import CATALOGUE
from tdba.anomalies.forms import SilenceForm
from tdba.anomalies.queries import OuverteLue
from tdba.db import db
from tdba.effectifs import encarts
from tdba.effectifs.ajouts import Annotation, Fait, Geste
from tdba.effectifs.champs_corriges import FICHE
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.points import genres
from tdba.scope import Droit, Introuvable

bp = Blueprint("anomalies", __name__)


@bp.before_request
def pas_au_reseau() -> None:
    """What is left to settle is the CFA's own; support may act for it (decisions 24 and 26)."""
    if scope.courant().suivi is not None:
        raise AccesRefuse("régler les points d’un CFA")


@bp.get("/effectifs/<int:effectif_id>/anomalies")
@access(Droit.CORRIGER)
def de_la_fiche(effectif_id: int) -> ResponseReturnValue:
    """What is wrong with one record, and what somebody decided not to be told of any more."""
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
    encarts.franchir(effectif_id)
    lectures.noms_lus("anomalies.de_la_fiche", [effectif_id])
    return make_response(
        render_template(
            "anomalies/de_la_fiche.html",
            effectif=effectif,
            annotations=annoter(effectif_id),
            tues=[lue for lue in queries.tues(effectif_id) if lue.tue.levee_le is None],
            libelles=catalogue.LIBELLES,
            motifs=motifs.MOTIFS,
            consequences=genres.CONSEQUENCES,
            fil=_fil(effectif, "Points à régler"),
        )
    )


@bp.route("/effectifs/<int:effectif_id>/anomalies/<jeton:code>/taire", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def taire(effectif_id: int, code: str) -> ResponseReturnValue:
    """Ask why, then stop telling of this check on this record."""
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=request.method == "POST")
    encarts.franchir(effectif_id)
    form = SilenceForm()
    try:
        service_silences.verifier(code)
        if form.validate_on_submit():
            service_silences.taire(effectif, code, motif=form.motif.data, commentaire=form.commentaire.data)
            db.session.commit()
            flash("Ce point n’est plus signalé sur cette fiche. Vous pouvez revenir dessus ici.", "success")
            return redirect(url_for("anomalies.de_la_fiche", effectif_id=effectif_id), 303)
    except ErreurMetier as erreur:
        db.session.rollback()
        effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
        form.refuser(erreur)
    lectures.noms_lus("anomalies.taire", [effectif_id])
    page = render_template(
        "anomalies/taire.html",
        effectif=effectif,
        form=form,
        code=code,
        anomalie=CATALOGUE[code],
        permis=catalogue.se_tait(code),
        fil=_fil(effectif, "Ne plus signaler"),
    )
    return page, 200 if request.method == "GET" else 422


@bp.post("/effectifs/<int:effectif_id>/anomalies/<jeton:code>/lever")
@access(Droit.CORRIGER)
def lever(effectif_id: int, code: str) -> ResponseReturnValue:
    """Tell of this check again. Asked twice, it is done once."""
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True)
    encarts.franchir(effectif_id)
    if code not in CATALOGUE:
        raise Introuvable
    if service_silences.lever(effectif, code):
        db.session.commit()
    flash("Ce point est de nouveau signalé, s’il existe encore.", "success")
    return redirect(url_for("anomalies.de_la_fiche", effectif_id=effectif_id), 303)


def annoter(effectif_id: int) -> list[Annotation]:
    """What is wrong with one record, beside its fields."""
    return [_annotation(effectif_id, lue) for lue in queries.ouvertes(effectif_id)]


def _annotation(effectif_id: int, lue: OuverteLue) -> Annotation:
    anomalie = CATALOGUE[lue.code]
    tait = catalogue.se_tait(lue.code)
    return Annotation(
        code=lue.code,
        champ=anomalie.champ,
        contrat_id=lue.contrat_id,
        consequence=anomalie.consequence,
        phrase=catalogue.phrase(lue.details),
        geste=anomalie.geste,
        url=_correction(effectif_id, lue.code, lue.contrat_id),
        taire_url=url_for("anomalies.taire", effectif_id=effectif_id, code=lue.code) if tait else None,
    )


def _correction(effectif_id: int, code: str, contrat_id: int | None) -> str:
    """Where the field is corrected; the sheet, when the gesture is not one field."""
    champ = CATALOGUE[code].champ
    if contrat_id is not None:
        ecran = "rompre_contrat" if champ in _DE_LA_RUPTURE else "corriger_contrat"
        return url_for(f"effectifs.{ecran}", contrat_id=contrat_id)
    if champ in FICHE:
        return url_for("effectifs.corriger_champ", effectif_id=effectif_id, champ=champ)
    ecran = "ajouter_contrat" if code == "SANS_CONTRAT_60_JOURS" else "fiche"
    return url_for(f"effectifs.{ecran}", effectif_id=effectif_id)


_DE_LA_RUPTURE: Final = frozenset({"cause_legale", "mediateur_le", "employeur_informe_le"})


def vers_la_correction(point: genres.Lie) -> str:
    """Where a point of the list is settled. A point of an establishment is for support to look at."""
    if point.effectif_id is None:
        return url_for("support.ecrire")
    return _correction(point.effectif_id, point.details["code"], point.details.get("contrat"))


def raconter(effectif_id: int) -> list[Fait]:
    """Silences in the story of a record."""
    faits = []
    for tue, prenom, nom in queries.tues(effectif_id):
        libelle = catalogue.LIBELLES.get(tue.code, tue.code)
        phrase = f"« {libelle} » n’est plus signalé : {motifs.MOTIFS[tue.motif]}."
        faits.append(Fait(tue.cree_le, "ANOMALIE", phrase, f"{prenom} {nom}"))
        if tue.levee_le is not None:
            faits.append(Fait(tue.levee_le, "ANOMALIE", f"« {libelle} » est de nouveau signalé."))
    return faits


def proposer(effectif: Effectif) -> list[Geste]:
    """The gesture of every sheet that leads here."""
    if scope.courant().suivi is not None:
        return []
    return [Geste("Points à régler, et ceux qui ne sont plus signalés", _page(effectif.id))]


def _page(effectif_id: int) -> str:
    return url_for("anomalies.de_la_fiche", effectif_id=effectif_id)


def _fil(effectif: Effectif, page: str) -> list[tuple[str, str | None]]:
    return [
        ("Effectifs", url_for("effectifs.liste")),
        (f"{effectif.prenom} {effectif.nom}", url_for("effectifs.fiche", effectif_id=effectif.id)),
        (page, None),
    ]
