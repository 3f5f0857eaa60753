"""The vacant post of one broken contract: its employer, how far it is, the values to deposit it as an offer."""

from flask import Response, current_app, flash, make_response, render_template

from tdba import horloge, lectures, web
from tdba.access import access
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.offres import annonce, liens, queries, queries_employeur, queries_poste, service_poste
from tdba.offres.blueprint import CLE, bp, vers
from tdba.offres.etats import ETATS
from tdba.offres.forms import PosteForm
from tdba.ruptures import oppositions
from tdba.ruptures.acces_dossier import dossier_lu
from tdba.ruptures.regles import RUPTURE
from tdba.scope import Droit, Introuvable

web.rattacher("ruptures.ruptures", "offres.poste")


@bp.get(f"/dossiers/<{CLE}:dossier_id>/poste")
@access(Droit.CORRIGER)
def poste(dossier_id: int) -> Response:
    """The post, as far as it is known."""
    return _page(dossier_id, None)


@bp.post(f"/dossiers/<{CLE}:dossier_id>/poste")
@access(Droit.CORRIGER)
def regler_poste(dossier_id: int) -> Response:
    """Say how far it is; changed meanwhile, both states are shown (409)."""
    form = PosteForm(prefix="poste-")
    if not form.validate():
        return _page(dossier_id, form, code=422)
    try:
        change = service_poste.regler(
            dossier_id, form.etat.data, form.version_lue(), maintenant=horloge.maintenant()
        )
        db.session.commit()
    except service_poste.PosteChange:
        db.session.rollback()
        return _page(dossier_id, form, code=409)
    except ErreurMetier as erreur:
        db.session.rollback()
        form.refuser(erreur)
        return _page(dossier_id, form, code=422)
    flash("C’est noté." if change else "C’était déjà noté ainsi.", "success")
    return vers("offres.poste", dossier_id)


def _page(dossier_id: int, tape: PosteForm | None, *, code: int = 200) -> Response:
    if dossier_lu(dossier_id).genre != RUPTURE:
        raise Introuvable
    faits = queries.faits(dossier_id)
    lectures.noms_lus("poste", [faits.effectif_id])
    connu = queries_poste.poste(dossier_id)
    contrat = queries_poste.contrat_rompu(faits.effectif_id, faits.contrat_debut)
    siret = (contrat.employeur_siret if contrat else None) or (connu.employeur_siret if connu else None)
    employeur = queries_employeur.employeur(siret) if siret else None
    version = str(connu.version if connu else 0)
    form = tape or PosteForm(
        formdata=None, prefix="poste-", data={"etat": connu.etat if connu else None, "version": version}
    )
    if code == 409:
        form.version.raw_data, form.version.data = [version], version
    metiers, jour = queries.metiers(faits.romes), horloge.aujourd_hui()
    resume = []
    if employeur is not None:
        debut = annonce.debut_souhaite(contrat.rupture if contrat else None, jour)
        resume = annonce.lignes(employeur, metiers, faits.romes or [], faits.formation, faits.niveau, debut)
    page = render_template(
        "offres/poste.html",
        faits=faits,
        poste=connu,
        employeur=employeur,
        resume=resume,
        form=form,
        gele=oppositions.est_gele(faits.effectif_id),
        conflit=(ETATS.get(connu.etat) if connu else None, ETATS.get(form.etat.data))
        if code == 409
        else None,
        depot=liens.depot(current_app.extensions["tdba"].lba_url),
    )
    return make_response(page, code)
