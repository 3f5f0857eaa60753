"""Screens of support: for everybody, writing to it and reading its answers; for support, its desk (decision 24).

These pages name staff only; apprentices stay masked until a case opens the record, which is then shown by its own slice.
"""

from collections.abc import Callable
from functools import partial

from flask import Response, flash, request, url_for

from tdba import horloge, web
from tdba.access import access, connecte
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.organismes import queries as organismes
from tdba.scope import Droit, Introuvable
from tdba.support import (
    queries,
    queries_fiches,
    queries_organisme,
    queries_passages,
    queries_recherche,
    recherche,
    service,
    sessions,
)
from tdba.support.blueprint import CLE, CLE_ORGANISME, ORGANISME_MAX, bp, entier, rendre, vers
from tdba.support.forms import DemandeForm, DossierForm, MessageForm, OuvertureForm
from tdba.support.models import Demande
from tdba.support.motifs import MOTIFS

web.entree_menu(10, "Assistance", "support.bureau", Droit.SUPPORT)
web.rattacher(
    "support.bureau", "support.dossier", "support.ouvrir_dossier", "support.fiche", "support.organisme"
)


@bp.route("/support/ecrire", methods=["GET", "POST"])
@connecte("chacun peut demander de l’aide, quels que soient ses droits")
def ecrire() -> Response:
    """Ask for help from a page: its address and its record are known, no name is needed."""
    origine, cles = sessions.page_d_origine(request.args.get("page"))
    form = DemandeForm()
    if form.validate_on_submit():
        effectif_id, organisme_id = queries_fiches.fiche_de_la_page(cles) or (None, service.seul_organisme())
        saisie = form.saisie(page=origine, effectif_id=effectif_id, organisme_id=organisme_id)
        if ouverte := _tenter(form, lambda: service.ouvrir(saisie, maintenant=horloge.maintenant())):
            flash(f"Votre demande n° {ouverte.id} est envoyée. La réponse s’affichera ici.", "success")
            return vers(url_for("support.demande", demande_id=ouverte.id))
    siennes, _ = queries.siennes()
    return rendre(
        "support/ecrire.html", code=_code_du_formulaire(), form=form, page=origine, siennes=siennes[:5]
    )


def _tenter(form: BaseForm, agir: Callable[[], Demande]) -> Demande | None:
    """Act and commit. None when a rule refuses: the form then says why."""
    try:
        demande = agir()
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return None
    return demande


def _code_du_formulaire() -> int:
    """A form that is shown again after a POST was refused."""
    return 422 if request.method == "POST" else 200


@bp.get("/support/demandes")
@connecte("chacun relit ses propres demandes")
def demandes() -> Response:
    siennes, suivant = queries.siennes(avant=entier(request.args, "avant"))
    return rendre("support/demandes.html", siennes=siennes, suivant=suivant)


@bp.route(f"/support/demandes/<{CLE}:demande_id>", methods=["GET", "POST"])
@connecte("chacun relit ses propres demandes")
def demande(demande_id: int) -> Response:
    """One's own case: what was written, what support answered, and a place to go on."""
    vue = queries.demande(demande_id, sienne=True)
    form = MessageForm()
    if form.validate_on_submit() and _repondre(form, demande_id, sienne=True):
        flash("Votre message est envoyé.", "success")
        return vers(url_for("support.demande", demande_id=demande_id))
    return rendre(
        "support/demande.html",
        code=_code_du_formulaire(),
        demande=vue,
        messages=queries.messages(demande_id),
        form=form,
    )


def _repondre(form: MessageForm, demande_id: int, *, sienne: bool) -> Demande | None:
    maintenant = horloge.maintenant()
    return _tenter(
        form, lambda: service.repondre(demande_id, form.texte.data, sienne=sienne, maintenant=maintenant)
    )


@bp.get("/support")
@access(Droit.SUPPORT, facteur="l’assistance")
def bureau() -> Response:
    """What waits, and the search."""
    reference = request.args.get("r", "")
    texte = sessions.texte_cherche(reference)
    en_cours, suivant = queries.en_cours(apres=entier(request.args, "apres"))
    return rendre(
        "support/bureau.html",
        attente=queries.attente(),
        demandes=en_cours,
        suivant=suivant,
        resultats=None if texte is None else queries_recherche.chercher(recherche.comprendre(texte)),
        recherche_perdue=bool(reference) and texte is None,
    )


@bp.post("/support/recherche")
@access(Droit.SUPPORT, facteur="l’assistance")
def chercher() -> Response:
    """Keep what was typed in the session: it may be a name, and a name is never in an address."""
    texte = recherche.comprendre(request.form.get("q", "")).texte
    return vers(url_for("support.bureau", r=sessions.retenir(texte) if texte else None))


@bp.route("/support/dossiers", methods=["GET", "POST"])
@access(Droit.SUPPORT, facteur="l’assistance")
def ouvrir_dossier() -> Response:
    """Open a case for a caller, perhaps about a CFA or a record already found, and work under it at once."""
    fiche_id = entier(request.args, "fiche")
    fiche = queries_fiches.masquee(fiche_id) if fiche_id else None
    organisme_id = fiche.organisme_id if fiche else entier(request.args, "organisme", ORGANISME_MAX)
    organisme = organismes.par_ids([organisme_id]).get(organisme_id) if organisme_id else None
    form = DossierForm()
    if form.validate_on_submit():
        saisie = form.saisie(
            effectif_id=fiche.id if fiche else None, organisme_id=organisme.id if organisme else None
        )
        if ouverte := _tenter(form, lambda: service.ouvrir(saisie, maintenant=horloge.maintenant())):
            sessions.prendre(ouverte.id)
            return vers(_suite(ouverte.id, fiche_id))
    return rendre(
        "support/ouvrir.html", code=_code_du_formulaire(), form=form, fiche=fiche, organisme=organisme
    )


def _suite(demande_id: int, fiche_id: int | None) -> str:
    """Back to the record that was waiting for a case, or to the case."""
    if fiche_id is not None:
        return url_for("support.fiche", effectif_id=fiche_id)
    return url_for("support.dossier", demande_id=demande_id)


@bp.route(f"/support/dossiers/<{CLE}:demande_id>", methods=["GET", "POST"])
@access(Droit.SUPPORT, facteur="l’assistance")
def dossier(demande_id: int) -> Response:
    """A case as support works on it: who asks, from where, about what, the thread, what was opened."""
    vue = queries.demande(demande_id)
    form = MessageForm()
    if form.validate_on_submit() and _repondre(form, demande_id, sienne=False):
        flash("Votre réponse est envoyée.", "success")
        return vers(url_for("support.dossier", demande_id=demande_id))
    return rendre(
        "support/dossier.html",
        code=_code_du_formulaire(),
        demande=vue,
        messages=queries.messages(demande_id),
        fiche=queries_fiches.masquee(vue.effectif_id) if vue.effectif_id else None,
        ouvertes=queries_fiches.ouvertes(demande_id),
        motifs=MOTIFS,
        en_cours=sessions.demande_en_cours() == demande_id,
        appelant=queries_passages.appelant_verifie(demande_id),
        form=form,
    )


@bp.post(f"/support/dossiers/<{CLE}:demande_id>/prendre")
@access(Droit.SUPPORT, facteur="l’assistance")
def prendre(demande_id: int) -> Response:
    """Work under this case from now on."""
    if not queries.est_ouverte(demande_id):
        raise Introuvable
    sessions.prendre(demande_id)
    return vers(_suite(demande_id, entier(request.form, "fiche")))


@bp.post("/support/dossiers/quitter")
@access(Droit.SUPPORT, facteur="l’assistance")
def quitter() -> Response:
    sessions.quitter()
    flash("Vous ne travaillez plus sous une demande. Les fiches sont de nouveau masquées.", "success")
    return vers(url_for("support.bureau"))


@bp.post(f"/support/dossiers/<{CLE}:demande_id>/clore")
@access(Droit.SUPPORT, facteur="l’assistance")
def clore(demande_id: int) -> Response:
    service.clore(demande_id, maintenant=horloge.maintenant())
    db.session.commit()
    if sessions.demande_en_cours() == demande_id:
        sessions.quitter()
    flash(f"La demande n° {demande_id} est close. Ses fiches sont de nouveau masquées.", "success")
    return vers(url_for("support.bureau"))


@bp.route(f"/support/fiches/<{CLE}:effectif_id>", methods=["GET", "POST"])
@access(Droit.SUPPORT, facteur="l’assistance")
def fiche(effectif_id: int) -> Response:
    """A record under its mask: asks why it must be opened, once per case, then leads to it."""
    masquee = queries_fiches.masquee(effectif_id)
    if masquee is None:
        raise Introuvable
    demande_id = sessions.demande_en_cours()
    ouverte = demande_id is not None and queries_fiches.ouverte(demande_id, effectif_id)
    form = OuvertureForm()
    if demande_id is not None and not ouverte and form.validate_on_submit():
        motif, maintenant = form.motif.data, horloge.maintenant()
        agir = partial(service.ouvrir_fiche, demande_id, effectif_id, motif, maintenant=maintenant)
        ouverte = _tenter(form, agir) is not None
    if ouverte:
        return vers(url_for("effectifs.fiche", effectif_id=effectif_id))
    return rendre(
        "support/fiche.html",
        code=_code_du_formulaire(),
        fiche=masquee,
        demande_id=demande_id,
        demandes=[] if demande_id else queries.en_cours()[0],
        form=form,
    )


@bp.get(f"/support/organismes/<{CLE_ORGANISME}:organisme_id>")
@access(Droit.SUPPORT, facteur="l’assistance")
def organisme(organisme_id: int) -> Response:
    """A CFA: who it is, what it sent, who works there, how many records it has."""
    jour = horloge.aujourd_hui()
    portrait = queries_organisme.portrait(organisme_id, jour)
    return rendre("support/organisme.html", **portrait._asdict(), jour=jour)
