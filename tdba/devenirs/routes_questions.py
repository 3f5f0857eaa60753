"""« Que sont-ils devenus ? »: the list of those whose state is not known, and the outcomes of one file.

An answer is one gesture in the row; a browser without script gets the page back, with the way to take it back.
"""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.devenirs import mots, queries, service
from tdba.devenirs.blueprint import bp, champ_site, exiger_de_suivre
from tdba.devenirs.etats import CONTRAT, DONNEES, INCONNU, JALONS, jalon_a_demander
from tdba.devenirs.queries import Jeune
from tdba.errors import ErreurMetier
from tdba.ruptures import queries_accueil
from tdba.ruptures.blueprint import CLE, site_choisi, suit_un_cfa
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.volets import Lien, Volet
from tdba.scope import Droit


@bp.get("/devenirs/a-dire")
@access(Droit.CORRIGER)
def a_dire() -> Response:
    """The files whose last milestone passed with a state that nothing says."""
    exiger_de_suivre()
    sites, jour = queries_accueil.sites(), horloge.aujourd_hui()
    site = site_choisi(sites)
    lot = queries.a_dire(jour, site=site, apres=web.cle_demandee("apres"))
    repondue = _repondue()
    lus = [*lot.lignes, *([repondue] if repondue else [])]
    lectures.noms_lus("devenirs_a_dire", [ligne.effectif_id for ligne in lus])
    choix: dict[str, Any] = {"site": site} if site else {}
    suite = url_for("devenirs.a_dire", **choix, apres=lot.lignes[-1].dossier_id) if lot.suite else None
    return web.page_or_partial(
        "devenirs/a_dire.html",
        "devenirs/_a_dire.html",
        lot=lot,
        repondue=repondue,
        suivants=suite,
        debut=url_for("devenirs.a_dire", **choix) if request.args.get("apres") else None,
        champs=champ_site(sites, site),
        **_mots(),
    )


@bp.get(f"/devenirs/dossiers/<{CLE}:dossier_id>")
@access(Droit.CORRIGER)
def dossier(dossier_id: int) -> Response:
    """The outcomes of one file, milestone by milestone."""
    exiger_de_suivre()
    return _dossier(queries.jeune(dossier_id))


@bp.post(f"/devenirs/dossiers/<{CLE}:dossier_id>/<int(max=999):jalon>")
@access(Droit.CORRIGER)
def repondre(dossier_id: int, jalon: int) -> Response:
    """Note what became of a youth, or take the answer back; answering twice is once."""
    exiger_de_suivre()
    code, message = 200, ""
    try:
        etat = service.repondre(
            dossier_id,
            jalon,
            request.form.get("etat", ""),
            vu=request.form.get("vu", ""),
            maintenant=horloge.maintenant(),
            jour=horloge.aujourd_hui(),
        )
        db.session.commit()
        message = "Réponse annulée." if etat.source == DONNEES else "Réponse notée."
    except ErreurMetier as erreur:
        db.session.rollback()
        code, message = 422, erreur.message
    except service.DejaRepondu:
        db.session.rollback()
        demande = mots.BOUTONS.get(request.form.get("etat", ""), "annuler la réponse")
        code = 409
        message = (
            f"Quelqu’un a répondu entre-temps. Vous demandiez : {demande}. Choisissez de nouveau si besoin."
        )
    return _apres(queries.jeune(dossier_id, jalon), code, message)


def volet(ligne: Ligne) -> Volet | None:
    """What the page of a file says of its outcomes, with the way to answer; None before the first milestone."""
    if ligne.dossier_id is None or not suit_un_cfa():
        return None
    reponses = queries.reponses(ligne.dossier_id)
    demande = jalon_a_demander(ligne.depuis, horloge.aujourd_hui())
    if not reponses and demande is None:
        return None
    phrases = [f"À {mots.jalon(r.jalon)} : {mots.ETATS[r.etat].lower()}." for r in reponses]
    manque = any(r.jalon == demande and r.etat == INCONNU and r.source == DONNEES for r in reponses)
    libelle = "Dire ce qu’il est devenu" if manque else "Voir ou changer"
    url = url_for("devenirs.dossier", dossier_id=ligne.dossier_id)
    return Volet("Devenir", phrases or ["Pas encore compté."], [Lien(libelle, url)])


def _apres(ligne: Jeune, code: int, message: str) -> Response:
    """The row as it now stands; without script the page the answer came from, or that of the file when it is refused."""
    if web.fragment_demande():
        lectures.noms_lus("devenir_repondu", [ligne.effectif_id])
        gabarit = (
            "devenirs/_jalon.html" if request.form.get("depuis") == "dossier" else "devenirs/_ligne.html"
        )
        return web.page_or_partial(gabarit, gabarit, code=code, ligne=ligne, message=message, **_mots())
    if code != 200:
        return _dossier(queries.jeune(ligne.dossier_id), code=code, refus=message)
    flash(message, "success")
    if request.form.get("depuis") == "dossier":
        adresse = url_for("devenirs.dossier", dossier_id=ligne.dossier_id)
    else:
        adresse = url_for("devenirs.a_dire", repondu=ligne.dossier_id, jalon=ligne.jalon)
    reponse = redirect(adresse, 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse


def _dossier(jeune: Jeune, *, code: int = 200, refus: str = "") -> Response:
    lectures.noms_lus("devenir", [jeune.effectif_id])
    page = render_template(
        "devenirs/dossier.html",
        jeune=jeune,
        lignes=[_au_jalon(jeune, r) for r in queries.reponses(jeune.dossier_id)],
        refus=refus,
        **_mots(),
    )
    return Response(page, code)


def _au_jalon(jeune: Jeune, reponse: queries.Reponse) -> Jeune:
    return jeune._replace(
        jalon=reponse.jalon,
        etat=reponse.etat,
        source=reponse.source,
        repondu=reponse.source == DONNEES and reponse.auteur is not None,
    )


def _repondue() -> Jeune | None:
    """The row just answered, for a browser without script to take the answer back."""
    repondu, jalon = web.cle_demandee("repondu"), request.args.get("jalon", type=int)
    return queries.jeune(repondu, jalon) if repondu is not None and jalon in JALONS else None


def _mots() -> dict[str, Any]:
    return {"mots": mots, "cle_etat": service.cle, "CONTRAT": CONTRAT, "ANNULER": service.ANNULER}
