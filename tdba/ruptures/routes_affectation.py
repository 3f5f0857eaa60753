"""Handing files to a référent from a worklist: the effect first, then one gesture, then the way back."""

from collections.abc import Sequence
from typing import Any, Final, cast

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for

from tdba import horloge, scope, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.formats import quantite
from tdba.ruptures import choix as filtres
from tdba.ruptures import queries_accueil, queries_affectation, queries_referents, service_affectation
from tdba.ruptures.blueprint import AFFECTATION, CLE_MAX, LISTES, adresse_de_la_liste, affectation_faite, bp
from tdba.ruptures.choix import OUI, Choix, Lecteur
from tdba.ruptures.forms_listes import AffectationForm
from tdba.ruptures.queries_affectation import MAXIMUM, Concerne
from tdba.ruptures.queries_referents import Referent
from tdba.ruptures.service_affectation import Effet
from tdba.scope import Droit, Introuvable

_GENRE: Final = f"any({', '.join(LISTES)})"

for _liste in LISTES.values():
    web.rattacher(_liste, "ruptures.affectation")


@bp.get(f"/affectation/<{_GENRE}:genre>")
@access(Droit.CORRIGER)
def affectation(genre: str) -> Response:
    """What handing the chosen rows to somebody would change. Nothing is written."""
    jour = horloge.aujourd_hui()
    equipe = queries_referents.referents(jour)
    choix, concernes = _demandes(genre, equipe)
    a = next((r for r in equipe if str(r.id) == request.args.get("referent", "")), None)
    effet = service_affectation.effet(concernes, a, jour) if a and concernes else None
    form = AffectationForm()
    if effet is not None:
        form.montrer(effet.referent.id, list(effet.confies))
    a_choisir_parmi = equipe if concernes and a is None else []
    return _page(genre, choix, form, effet, aucun=not concernes, a_choisir_parmi=a_choisir_parmi)


@bp.post(f"/affectation/<{_GENRE}:genre>")
@access(Droit.CORRIGER)
def confier(genre: str) -> Response:
    form = AffectationForm()
    choix = Choix()
    if not form.validate_on_submit():
        return _page(genre, choix, form, None, aucun=True, code=422)
    try:
        faite = service_affectation.confier(form.attendus(), form.referent_id(), horloge.aujourd_hui())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page(genre, choix, form, None, aucun=False, code=422)
    session[AFFECTATION] = {
        "referent_id": faite.referent.id,
        "nom": faite.referent.nom,
        "anciens": [[cle, ancien] for cle, ancien in faite.anciens.items()],
        "le": horloge.maintenant().isoformat(),
    }
    if faite.laisses:
        flash(
            f"{quantite(faite.laisses, 'dossier')} laissé{'s' if faite.laisses > 1 else ''} tel"
            f"{'s' if faite.laisses > 1 else ''} quel{'s' if faite.laisses > 1 else ''} : "
            "fermé, ou confié à quelqu’un depuis que vous avez ouvert la liste.",
            "info",
        )
    return _vers(adresse_de_la_liste(genre))


@bp.post("/affectation/annuler")
@access(Droit.CORRIGER)
def affectation_annuler() -> Response:
    """Give the files of the last assignment back, those that nobody handed on since."""
    faite = affectation_faite()
    session.pop(AFFECTATION, None)
    if faite is None:
        flash("Cette affectation ne peut plus être annulée.", "info")
        return _vers(url_for(LISTES["RUPTURE"]))
    anciens = dict(faite["anciens"])
    rendus = service_affectation.rendre(faite["referent_id"], anciens)
    db.session.commit()
    flash(f"Affectation annulée : {quantite(rendus, 'dossier')} sur {len(anciens)} rendus.", "success")
    return _vers(web.adresse_locale(request.referrer) or url_for(LISTES["RUPTURE"]))


def _demandes(genre: str, equipe: list[Referent]) -> tuple[Choix, list[Concerne]]:
    """The filters of the list that one comes from, and the rows asked for: those ticked, or all that it shows."""
    jour = horloge.aujourd_hui()
    lecteur = Lecteur(scope.courant().personne_id, frozenset(r.id for r in equipe))
    sites = {str(s.id): s.id for s in queries_accueil.sites()}
    try:
        choix = filtres.comprendre(genre, lambda nom: request.args.get(nom, ""), sites, lecteur.equipe)
    except filtres.ChoixInconnu:
        raise Introuvable from None
    if request.args.get("tout") == OUI:
        return choix, queries_affectation.de_la_liste(genre, jour, choix, lecteur)
    ids = [cle for cle in request.args.getlist("ids", type=int) if 0 < cle <= CLE_MAX]
    return choix, queries_affectation.parmi(genre, jour, ids[: MAXIMUM + 1]) if ids else []


def _page(
    genre: str,
    choix: Choix,
    form: AffectationForm,
    effet: Effet | None,
    *,
    aucun: bool,
    a_choisir_parmi: Sequence[Referent] = (),
    code: int = 200,
) -> Response:
    contexte: dict[str, Any] = {"genre": genre, "form": form, "effet": effet, "aucun": aucun}
    return make_response(
        render_template(
            "ruptures/affectation.html",
            **contexte,
            maximum=MAXIMUM,
            a_choisir_parmi=a_choisir_parmi,
            demande=[couple for couple in request.args.items(multi=True) if couple[0] != "referent"],
            liste=adresse_de_la_liste(genre, **choix.adresse()),
        ),
        code,
    )


def _vers(adresse: str) -> Response:
    return cast("Response", redirect(adresse, 303))
