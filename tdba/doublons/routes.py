"""Screens of the records that may be one person: the list, the comparison, « ce n'est pas la même personne »."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.doublons import choix, queries, ressemblance, service_decisions, service_fusion
from tdba.doublons.alignement import ECARTE, FUSIONNE, OUVERT
from tdba.doublons.blueprint import bp
from tdba.doublons.ecran import Ecran, composer
from tdba.doublons.forms import EcarterForm, FusionForm
from tdba.doublons.service_fusion import Face
from tdba.effectifs import encarts
from tdba.errors import ErreurMetier
from tdba.scope import Droit, Introuvable

web.rattacher(
    "effectifs.liste", "doublons.liste", "doublons.comparer", "doublons.fusionner", "doublons.fusion"
)


@bp.get("/doublons")
@access(Droit.CORRIGER)
def liste() -> ResponseReturnValue:
    """The pairs of the reach, the likeliest first. Support opens one pair at a time, within a case (decision 24)."""
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse("lire la liste d’un CFA")
    sites = queries.sites()
    site = _entier("site")
    if site is not None and site not in dict(sites):
        raise Introuvable
    lot = queries.liste(site, _entier("apres"))
    ids = {fiche.id for paire in lot.paires for fiche in (paire.a, paire.b)}
    lectures.noms_lus("doublons.liste", sorted(ids))
    adresse = url_for("doublons.liste", site=site)
    return web.page_or_partial(
        "doublons/liste.html",
        "doublons/_liste.html",
        lot=lot,
        mots=ressemblance.PHRASES,
        sites=sites,
        site=site,
        premiers=adresse if "apres" in request.args and not lot.perdue else None,
        suivants=url_for("doublons.liste", site=site, apres=lot.paires[-1].id) if lot.suite else None,
    )


def _entier(nom: str) -> int | None:
    texte = request.args.get(nom, "")
    if not texte:
        return None
    if not texte.isdecimal() or len(texte) > 18:
        raise Introuvable
    return int(texte)


@bp.get("/doublons/<int:doublon_id>")
@access(Droit.CORRIGER)
def comparer(doublon_id: int) -> ResponseReturnValue:
    """The two records side by side; once merged, what the merge did."""
    doublon = queries.paire(doublon_id)
    if doublon.etat == FUSIONNE and (fusion := queries.fusion_de(doublon_id)) is not None:
        return redirect(url_for("doublons.fusion", fusion_id=fusion.id), 303)
    face = service_fusion.ouvrir(doublon_id)
    franchir(face)
    garder = request.args.get("garder")
    if garder is not None and garder not in choix.COTES:
        raise Introuvable
    ecran = composer(face, garder, {}, horloge.aujourd_hui())
    return page(ecran, FusionForm(data=valeurs_de_depart(ecran)))


def franchir(face: Face) -> int | None:
    """Pass the guards of both sheets; the support case under which they are open, if any."""
    demande_id = encarts.franchir(face.a.effectif.id)
    return encarts.franchir(face.b.effectif.id) or demande_id


def valeurs_de_depart(ecran: Ecran) -> dict[str, object]:
    return {
        "garder": ecran.garder,
        "version_a": ecran.a.effectif.version,
        "version_b": ecran.b.effectif.version,
    }


def page(
    ecran: Ecran, form: FusionForm, *, code: int = 200, ecarter: EcarterForm | None = None, **contexte: object
) -> ResponseReturnValue:
    """The comparison, with what it asks for."""
    doublon = ecran.doublon
    form.garder.choices = [("a", f"Fiche 1, {ecran.a.site}"), ("b", f"Fiche 2, {ecran.b.site}")]
    lectures.noms_lus("doublons.comparer", [doublon.effectif_id, doublon.autre_id])
    return web.page_or_partial(
        "doublons/comparer.html",
        "doublons/_comparer.html",
        code=code,
        ecran=ecran,
        form=form,
        ecarter=ecarter or EcarterForm(formdata=None),
        ouverte=doublon.etat == OUVERT,
        ecartee=doublon.etat == ECARTE,
        auteur=queries.auteur(doublon.personne_id),
        **({"consequence": None, "conflit": False} | contexte),
    )


@bp.post("/doublons/<int:doublon_id>/ecarter")
@access(Droit.CORRIGER)
def ecarter(doublon_id: int) -> ResponseReturnValue:
    """« Ce n'est pas la même personne »."""
    face = service_fusion.ouvrir(doublon_id)
    franchir(face)
    form = EcarterForm()
    try:
        if not form.validate():
            return _refus(face, form)
        service_decisions.ecarter(
            doublon_id, commentaire=form.commentaire.data, maintenant=horloge.maintenant()
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _refus(service_fusion.ouvrir(doublon_id), form)
    flash("C’est noté : ces deux fiches sont deux personnes. Elles ne vous seront plus proposées.", "success")
    return redirect(url_for("doublons.comparer", doublon_id=doublon_id), 303)


def _refus(face: Face, form: EcarterForm) -> ResponseReturnValue:
    ecran = composer(face, None, {}, horloge.aujourd_hui())
    fusion = FusionForm(formdata=None, data=valeurs_de_depart(ecran))
    return page(ecran, fusion, code=422, ecarter=form)


@bp.post("/doublons/<int:doublon_id>/rouvrir")
@access(Droit.CORRIGER)
def rouvrir(doublon_id: int) -> ResponseReturnValue:
    """Take back « ce n'est pas la même personne »."""
    franchir(service_fusion.ouvrir(doublon_id))
    doublon = service_decisions.rouvrir(doublon_id, maintenant=horloge.maintenant())
    db.session.commit()
    if doublon.etat == OUVERT:
        flash("Votre réponse est annulée : la question est de nouveau posée.", "success")
    else:
        flash(
            "Votre réponse est annulée. Ces deux fiches ne se ressemblent plus assez pour être comparées.",
            "info",
        )
    return redirect(url_for("doublons.comparer", doublon_id=doublon_id), 303)
