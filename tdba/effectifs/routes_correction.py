"""Screens of the effectifs: correcting a field, seeing its consequence first, undoing it."""

from collections.abc import Callable, Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.access import access
from tdba.db import db
from tdba.effectifs import correction, encarts, queries, service
from tdba.effectifs.blueprint import bp
from tdba.effectifs.correction import Changement, Pourquoi, VersionPerimee
from tdba.effectifs.ecran import Ecran
from tdba.effectifs.forms import AnnulationForm, ContratForm, NomForm
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.routes_fiche import contexte_fiche
from tdba.errors import ErreurMetier
from tdba.formats import heure
from tdba.scope import Droit


@bp.route("/effectifs/<int:effectif_id>/corriger/<any(nom,prenom):champ>", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def corriger_nom(effectif_id: int, champ: str) -> ResponseReturnValue:
    """Correct a family name or a first name."""
    ouvert = queries.a_corriger(effectif_id, verrou=request.method == "POST")
    demande_id = encarts.franchir(effectif_id)
    form = NomForm(
        libelle={"nom": "Nom", "prenom": "Prénom"}[champ],
        data={"valeur": getattr(ouvert.effectif, champ), "version": ouvert.effectif.version},
    )
    ecran = Ecran(
        ouvert=ouvert, form=form, champs=("valeur",), contrat=None, champ=champ, demande_id=demande_id
    )
    return _corriger(
        ecran,
        lambda: correction.changements_de_nom(ouvert, champ, form.valeur.data, version=form.version.data),
    )


@bp.route("/contrats/<int:contrat_id>/corriger", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def corriger_contrat(contrat_id: int) -> ResponseReturnValue:
    """Correct the dates of a contract."""
    effectif_id = queries.effectif_du_contrat(contrat_id)
    ouvert = queries.a_corriger(effectif_id, verrou=request.method == "POST")
    contrat = next((c for c in ouvert.contrats if c.id == contrat_id), None)
    if contrat is None:  # taken away by the source while this request waited for the record
        raise scope.Introuvable
    demande_id = encarts.franchir(effectif_id)
    form = ContratForm(obj=contrat, data={"version": ouvert.effectif.version})
    ecran = Ecran(
        ouvert=ouvert,
        form=form,
        champs=("debut", "fin", "rupture"),
        contrat=contrat,
        champ=None,
        demande_id=demande_id,
    )
    return _corriger(
        ecran,
        lambda: correction.changements_de_contrat(
            ouvert, contrat, form.dates, version=form.version.data, jour=horloge.aujourd_hui()
        ),
    )


@bp.route("/corrections/<int:correction_id>/annuler", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def annuler_correction(correction_id: int) -> ResponseReturnValue:
    """Show what undoing a correction puts back, then do it. A correction already closed leads to its sheet."""
    effectif_id = queries.effectif_de_la_correction(correction_id)
    ouvert = queries.a_corriger(effectif_id, verrou=request.method == "POST")
    encarts.franchir(effectif_id)
    annulation = correction.annulation_de(ouvert, correction_id)
    if annulation is None:
        return _enregistre(effectif_id, "corrections", "Cette correction n’était plus en vigueur.")
    form = AnnulationForm()
    if form.validate_on_submit():
        correction.annuler(ouvert, annulation, maintenant=horloge.maintenant())
        db.session.commit()
        quand = heure(horloge.maintenant())
        return _enregistre(effectif_id, "corrections", f"Correction annulée à {quand}.")
    lectures.noms_lus("effectifs.correction", [effectif_id])
    return make_response(
        render_template(
            "effectifs/annuler.html",
            form=form,
            annulation=annulation,
            consequence=service.effet(ouvert, [annulation.changement], horloge.aujourd_hui()),
            effectif=ouvert.effectif,
            fil=_fil(ouvert, "Annuler une correction"),
        )
    )


def _corriger(ecran: Ecran, proposer: Callable[[], list[Changement]]) -> ResponseReturnValue:
    """Show the form; then, as asked, the consequence of what was typed, or its saving."""
    if request.method == "GET":
        return _formulaire(ecran)
    if not ecran.form.validate():
        return _formulaire(ecran, code=422)
    effectif_id = ecran.ouvert.effectif.id
    try:
        changements = proposer()
        if request.form.get("action") != "enregistrer" and changements:
            return _formulaire(ecran, changements=changements)
        _enregistrer(ecran, changements)
    except VersionPerimee:
        ecran.form.version.raw_data = [str(ecran.ouvert.effectif.version)]
        ecran.form.version.data = ecran.ouvert.effectif.version
        return _formulaire(ecran, code=409)
    except ErreurMetier as erreur:
        db.session.rollback()
        ecran.form.refuser(erreur)
        return _formulaire(ecran, code=422)
    quand = heure(horloge.maintenant())
    nature = "Nom corrigé" if ecran.champ else "Date corrigée" if len(changements) == 1 else "Dates corrigées"
    message = f"{nature} à {quand}." if changements else "C’était déjà enregistré : rien n’a changé."
    return _enregistre(effectif_id, ecran.ancre, message)


def _enregistrer(ecran: Ecran, changements: Sequence[Changement]) -> None:
    form = ecran.form
    pourquoi = Pourquoi(motif=form.motif.data, commentaire=form.commentaire.data, demande_id=ecran.demande_id)
    if changements:
        correction.corriger(ecran.ouvert, changements, pourquoi=pourquoi, maintenant=horloge.maintenant())
        db.session.commit()


def _formulaire(
    ecran: Ecran, *, changements: Sequence[Changement] = (), code: int = 200
) -> ResponseReturnValue:
    effectif = ecran.ouvert.effectif
    lectures.noms_lus("effectifs.correction", [effectif.id])
    return web.page_or_partial(
        "effectifs/corriger.html",
        "effectifs/_corriger.html",
        code=code,
        ecran=ecran,
        form=ecran.form,
        effectif=effectif,
        changements=changements,
        consequence=service.effet(ecran.ouvert, changements, horloge.aujourd_hui()) if changements else None,
        conflit=code == 409,
        en_place=web.fragment_demande(),
        fil=_fil(ecran.ouvert, "Corriger"),
    )


def _enregistre(effectif_id: int, ancre: str, message: str) -> ResponseReturnValue:
    """Back to the sheet, where the work continues: in place for htmx, by a redirection otherwise."""
    adresse = url_for("effectifs.fiche", effectif_id=effectif_id, _anchor=ancre)
    if not web.fragment_demande():
        flash(message, "success")
        return redirect(adresse, 303)
    vue = service.fiche(effectif_id, horloge.aujourd_hui())
    lectures.noms_lus("effectifs.fiche", [effectif_id])
    contexte = contexte_fiche(vue, focus=ancre, message=message)
    reponse = make_response(render_template("effectifs/_fiche.html", **contexte))
    reponse.headers["HX-Retarget"] = "#fiche"
    reponse.headers["HX-Push-Url"] = adresse
    return reponse


def _fil(ouvert: Ouvert, page: str) -> list[tuple[str, str | None]]:
    effectif = ouvert.effectif
    return [
        ("Effectifs", url_for("effectifs.liste")),
        (f"{effectif.prenom} {effectif.nom}", url_for("effectifs.fiche", effectif_id=effectif.id)),
        (page, None),
    ]
