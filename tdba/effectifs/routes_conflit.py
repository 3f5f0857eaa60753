"""Screens of the effectifs: "l’ERP dit autre chose", and a corrected contract no longer sent, settled in one gesture."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from tdba import horloge
from tdba.access import access
from tdba.db import db
from tdba.effectifs import conflits, contrats_manuels, correction, encarts, motifs, queries
from tdba.effectifs.blueprint import bp
from tdba.effectifs.changements import Changement
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.forms import VersionForm
from tdba.effectifs.models import Correction
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.routes_enregistrer import (
    contrat_ouvert,
    effet_de,
    enregistre,
    exiger_coordonnees,
    fil,
    noter_lecture,
    ouvrir,
)
from tdba.effectifs.valeurs import depuis_texte
from tdba.formats import heure
from tdba.scope import Droit


@bp.route("/corrections/<int:correction_id>/conflit", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def conflit(correction_id: int) -> ResponseReturnValue:
    """Keep mine, accept theirs, or go and type a third value. One that is settled already leads to its sheet."""
    effectif_id = queries.effectif_de_la_correction(correction_id)
    ouvert = ouvrir(effectif_id)
    demande_id = encarts.franchir(effectif_id)
    en_conflit = next((c for c in ouvert.corrections if c.id == correction_id and c.etat == "CONFLIT"), None)
    annulation = correction.annulation_de(ouvert, correction_id)
    if en_conflit is None or annulation is None:
        return enregistre(effectif_id, "corrections", "Votre ERP et cette fiche ne se contredisent plus.")
    exiger_coordonnees(ouvert, [en_conflit.champ])
    form = VersionForm(data={"version": ouvert.effectif.version})
    choix, perimee = _choix(form, ouvert)
    maintenant = horloge.maintenant()
    if choix == "garder":
        conflits.garder(ouvert, en_conflit, demande_id=demande_id, maintenant=maintenant)
    elif choix == "accepter":
        correction.annuler(ouvert, annulation, maintenant=maintenant)
    if choix in ("garder", "accepter"):
        db.session.commit()
        fait = "Votre valeur est gardée" if choix == "garder" else "La valeur de votre ERP est reprise"
        return enregistre(effectif_id, "corrections", f"{fait}, à {heure(maintenant)}.")
    return _page_du_conflit(ouvert, form, en_conflit, annulation.changement, perimee=perimee)


def _page_du_conflit(
    ouvert: Ouvert, form: VersionForm, en_conflit: Correction, reprise: Changement, *, perimee: bool
) -> ResponseReturnValue:
    """Both values, what the source said before, and what accepting its value would change."""
    champ = en_conflit.champ
    noter_lecture(ouvert.effectif.id, [champ])
    page = render_template(
        "effectifs/conflit.html",
        form=form,
        correction=en_conflit,
        champ=champ,
        contrat=reprise.contrat,
        mienne=depuis_texte(champ, en_conflit.valeur),
        sienne=depuis_texte(champ, en_conflit.valeur_conflit),
        alors=depuis_texte(champ, en_conflit.valeur_source),
        effectif=ouvert.effectif,
        perimee=perimee,
        fil=fil(ouvert, "L’ERP dit autre chose"),
        **effet_de(ouvert, [reprise]),
    )
    return make_response(page, _code(perimee=perimee))


@bp.route("/contrats/<int:contrat_id>/plus-transmis", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def contrat_plus_transmis(contrat_id: int) -> ResponseReturnValue:
    """Keep a corrected contract that the ERP no longer sends, or take it away as it did (decision 17)."""
    ouvert, contrat = contrat_ouvert(contrat_id)
    effectif_id, maintenant = ouvert.effectif.id, horloge.maintenant()
    pourquoi = Pourquoi(motif=motifs.GARDEE, demande_id=encarts.franchir(effectif_id))
    if not contrats_manuels.plus_transmis(ouvert, contrat):
        return enregistre(
            effectif_id, f"contrat-{contrat_id}", "Il n’y a plus rien à décider pour ce contrat."
        )
    form = VersionForm(data={"version": ouvert.effectif.version})
    choix, perimee = _choix(form, ouvert)
    if choix == "garder":
        contrats_manuels.adopter(ouvert, contrat, pourquoi=pourquoi, maintenant=maintenant)
        db.session.commit()
        return enregistre(effectif_id, f"contrat-{contrat_id}", f"Contrat gardé à {heure(maintenant)}.")
    if choix == "retirer":
        contrats_manuels.retirer(ouvert, contrat, maintenant=maintenant)
        db.session.commit()
        return enregistre(effectif_id, "corrections", f"Contrat retiré à {heure(maintenant)}.")
    noter_lecture(effectif_id, [])
    page = render_template(
        "effectifs/contrat_plus_transmis.html",
        form=form,
        contrat=contrat,
        effectif=ouvert.effectif,
        perimee=perimee,
        fil=fil(ouvert, "Contrat plus transmis"),
        **effet_de(ouvert, [Changement("contrat", contrat, None)]),
    )
    return make_response(page, _code(perimee=perimee))


def _choix(form: VersionForm, ouvert: Ouvert) -> tuple[str | None, bool]:
    """The button pressed on the version shown; on another one, no choice, and True."""
    if not form.validate_on_submit():
        return None, False
    if form.version.data == ouvert.effectif.version:
        return request.form.get("choix"), False
    form.version.raw_data, form.version.data = None, ouvert.effectif.version
    return None, True


def _code(*, perimee: bool) -> int:
    return 409 if perimee else 422 if request.method == "POST" else 200
