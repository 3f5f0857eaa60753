"""Screens of the effectifs: the bin, putting a record there, taking it out (decision 19)."""

from typing import Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.effectifs import corbeille, encarts, motifs_gestes, queries_gestes
from tdba.effectifs.ajouts import Geste
from tdba.effectifs.blueprint import bp
from tdba.effectifs.forms_gestes import GesteForm, RetraitForm
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.formats import heure
from tdba.scope import Droit, Introuvable

_ID_MAX: Final = 2**63 - 1


@bp.get("/corbeille", endpoint="corbeille")
@access(Droit.CORRIGER)
def lister() -> ResponseReturnValue:
    """What is in the bin, of the whole reach. Support does not read lists of names (decision 24)."""
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse(Droit.CORRIGER.value)
    page = queries_gestes.page_corbeille(_apres())
    lectures.noms_lus("effectifs.corbeille", [ligne.retrait.effectif_id for ligne in page.lignes])
    return web.page_or_partial(
        "effectifs/corbeille.html",
        "effectifs/_corbeille.html",
        lot=page,
        motifs=motifs_gestes.TOUS_LES_RETRAITS,
        duree=corbeille.DUREE.days,
        fil=[("Effectifs", url_for("effectifs.liste")), ("Corbeille", None)],
        debut=url_for("effectifs.corbeille") if "apres" in request.args else None,
        suivants=url_for("effectifs.corbeille", apres=page.suite) if page.suite else None,
    )


def _apres() -> int | None:
    texte = request.args.get("apres", "")
    return min(int(texte), _ID_MAX) if texte.isascii() and texte.isdigit() and len(texte) < 20 else None


@bp.get("/effectifs/<int:effectif_id>/corbeille")
@access(Droit.CORRIGER)
def en_corbeille(effectif_id: int) -> ResponseReturnValue:
    """The sheet of a record in the bin: who it is about, why it is there, and the one gesture that is left."""
    retire = queries_gestes.en_corbeille(effectif_id)
    encarts.franchir(effectif_id)
    return _page_en_corbeille(retire, GesteForm())


@bp.route("/effectifs/<int:effectif_id>/retirer", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def retirer(effectif_id: int) -> ResponseReturnValue:
    """Say what putting this record in the bin changes, then do it."""
    demande_id = encarts.franchir(effectif_id)
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, avec_corbeille=True)
    if effectif.corbeille_le is not None:
        return redirect(url_for("effectifs.en_corbeille", effectif_id=effectif_id), 303)
    form, code = RetraitForm(), 200
    if request.method == "POST":
        code = 422
        if form.validate():
            try:
                corbeille.retirer(
                    effectif_id,
                    motif=form.motif.data,
                    commentaire=form.commentaire.data,
                    demande_id=demande_id,
                    maintenant=horloge.maintenant(),
                )
                db.session.commit()
                flash(f"Fiche mise à la corbeille à {heure(horloge.maintenant())}.", "success")
                return redirect(url_for("effectifs.en_corbeille", effectif_id=effectif_id), 303)
            except ErreurMetier as erreur:
                db.session.rollback()
                form.refuser(erreur)
    lectures.noms_lus("effectifs.corbeille", [effectif_id])
    reponse = make_response(
        render_template(
            "effectifs/corbeille_retirer.html",
            form=form,
            effectif=scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER),
            jusqu_au=corbeille.jusqu_au(horloge.maintenant()),
            fil=_fil(effectif, "Mettre à la corbeille"),
        )
    )
    reponse.status_code = code
    return reponse


@bp.post("/retraits/<int:retrait_id>/restaurer")
@access(Droit.CORRIGER)
def restaurer(retrait_id: int) -> ResponseReturnValue:
    """Take a record out of the bin. Asked twice, it is done once."""
    effectif_id = corbeille.effectif_de(retrait_id)
    encarts.franchir(effectif_id)
    try:
        corbeille.restaurer(retrait_id, maintenant=horloge.maintenant())
    except ErreurMetier as erreur:
        db.session.rollback()
        form = GesteForm()
        form.refuser(erreur)
        reponse = _page_en_corbeille(queries_gestes.en_corbeille(effectif_id), form)
        return reponse, 422
    db.session.commit()
    flash(f"Fiche restaurée à {heure(horloge.maintenant())}. Elle est de nouveau comptée.", "success")
    return redirect(url_for("effectifs.fiche", effectif_id=effectif_id), 303)


def _page_en_corbeille(retire: queries_gestes.Retire, form: GesteForm) -> str:
    lectures.noms_lus("effectifs.corbeille", [retire.retrait.effectif_id])
    support = scope.courant().a(Droit.SUPPORT)
    liste = None if support else url_for("effectifs.liste")
    fil = [("Effectifs", liste), ("Corbeille", None if support else url_for("effectifs.corbeille"))]
    return render_template(
        "effectifs/corbeille_fiche.html",
        retire=retire,
        ailleurs=encarts.encart_en_corbeille(retire.retrait.effectif_id),
        form=form,
        liste=liste,
        motifs=motifs_gestes.TOUS_LES_RETRAITS,
        fil=[*fil, (f"{retire.prenom} {retire.nom}", None)],
    )


def _fil(effectif: Effectif, page: str) -> list[tuple[str, str | None]]:
    return [
        ("Effectifs", url_for("effectifs.liste")),
        (f"{effectif.prenom} {effectif.nom}", url_for("effectifs.fiche", effectif_id=effectif.id)),
        (page, None),
    ]


def proposer(effectif: Effectif) -> list[Geste]:
    """The gesture of every sheet that leads here."""
    return [Geste("Mettre à la corbeille", url_for("effectifs.retirer", effectif_id=effectif.id))]


def ailleurs(effectif_id: int) -> str | None:
    """Where to read a record whose sheet is not found because it is in the bin; None for one that is not theirs."""
    try:
        corbeille.en_cours(effectif_id)
    except Introuvable:
        return None
    return url_for("effectifs.en_corbeille", effectif_id=effectif_id)
