"""Screens of the effectifs: the list, the search, the sheet, the corrections."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as session_web
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.debits import debit
from tdba.effectifs import (
    correction,
    encarts,
    etiquettes,
    filtres,
    queries,
    queries_liste,
    recherche,
    service,
    service_liste,
)
from tdba.effectifs.correction import Changement, Pourquoi, VersionPerimee
from tdba.effectifs.ecran import Ecran
from tdba.effectifs.filtres import TOUTES, Filtres
from tdba.effectifs.forms import AnnulationForm, ContratForm, NomForm
from tdba.effectifs.queries import Ouvert
from tdba.errors import ErreurMetier
from tdba.formats import heure
from tdba.scope import Droit

bp = Blueprint("effectifs", __name__)

RECHERCHES = "recherches"
"""Key of the session that keeps the searches, out of addresses (decision 35)."""


@bp.get("/effectifs")
@access(Droit.VOIR_NOMINATIF)
def liste() -> ResponseReturnValue:
    """List the effectifs of the whole reach; agents of the State see their statuses and nothing else.

    Support does not use this list: it searches in its own screen, where names are masked (decision 24).
    """
    _refuser_support()
    demandes = _lire_filtres()
    # A form without a script sends its empty fields too: the address that one copies must stay the state alone.
    etat = _adresse(filtres.vers_url(demandes, apres=demandes.apres, avant=demandes.avant))
    if "" in request.args.values() and not web.fragment_demande():
        return redirect(etat, 303)
    texte = _texte_cherche(demandes)
    vue = service_liste.liste(demandes, texte, horloge.aujourd_hui())
    lectures.noms_lus("effectifs.liste", [ligne.id for ligne in vue.page.lignes])
    reponse = web.page_or_partial(
        "effectifs/liste.html",
        "effectifs/_tableau.html",
        liste=vue,
        filtres=demandes,
        recherche_perdue=bool(demandes.r) and texte is None,
        adresse=_adresse,
        vers=lambda **changements: _adresse(filtres.vers_url(demandes, **changements)),
        trier=lambda tri: _adresse(filtres.trier(demandes, tri)),
        chercher_url=url_for("effectifs.chercher") + filtres.vers_url(demandes, r=""),
    )
    if web.fragment_demande():
        reponse.headers["HX-Push-Url"] = etat
    return reponse


@bp.post("/effectifs/recherche")
@access(Droit.VOIR_NOMINATIF)
@debit("recherche")
def chercher() -> ResponseReturnValue:
    """Keep what was typed in the session, and go to the list; straight to the sheet when one record is found.

    A search looks in every year, unless one was chosen.
    """
    _refuser_support()
    texte = request.form.get("q", "")
    criteres = recherche.comprendre(texte)
    demandes = _lire_filtres()
    if criteres.vide:
        return redirect(_adresse(filtres.vers_url(demandes, r="")), 303)
    reference = secrets.token_urlsafe(9)
    demandes = filtres.changer(demandes, r=reference, annee=demandes.annee or TOUTES)
    trouves = queries_liste.deux_premiers(demandes, criteres, horloge.aujourd_hui())
    if len(trouves) == 1 and service_liste.ouvrable(trouves[0][1]):
        return redirect(url_for("effectifs.fiche", effectif_id=trouves[0][0]), 303)
    session_web[RECHERCHES] = recherche.ranger(
        session_web.get(RECHERCHES, {}), reference, criteres.entier, horloge.maintenant()
    )
    return redirect(_adresse(filtres.vers_url(demandes)), 303)


@bp.get("/effectifs/<int:effectif_id>")
@access(Droit.CORRIGER)
def fiche(effectif_id: int) -> ResponseReturnValue:
    """Show one apprentice: identity, formation, contracts, parcours with its reasons, corrections."""
    jour = horloge.aujourd_hui()
    vue = service.fiche(effectif_id, jour)
    encarts.franchir(effectif_id)
    lectures.noms_lus("effectifs.fiche", [effectif_id])
    return make_response(render_template("effectifs/fiche.html", **contexte_fiche(vue)))


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


def contexte_fiche(
    vue: service.Fiche, focus: str | None = None, message: str | None = None
) -> dict[str, Any]:
    """What the templates of the sheet need; `focus` is the anchor where the work continues, and where `message` is said."""
    fil = [
        ("Effectifs", url_for("effectifs.liste")),
        (f"{vue.effectif.prenom} {vue.effectif.nom}", None),
    ]
    return {"fiche": vue, "fil": fil, "focus": focus, "message": message}


def _refuser_support() -> None:
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse(Droit.VOIR_NOMINATIF.value)


def _lire_filtres() -> Filtres:
    organismes = scope.courant().portee(Droit.VOIR_NOMINATIF).organismes
    return filtres.lire(
        request.args.to_dict(flat=False),
        statuts=etiquettes.statuts_admis(service_liste.statuts_offerts()),
        sites=organismes or (),
    )


def _texte_cherche(demandes: Filtres) -> str | None:
    gardees = session_web.get(RECHERCHES, {})
    return recherche.retrouver(gardees, demandes.r, horloge.maintenant()) if demandes.r else None


def _adresse(parametres: str = "") -> str:
    return url_for("effectifs.liste") + parametres
