"""Screens of the effectifs: correcting one field or a group of them, seeing the consequence first, undoing it."""

from collections.abc import Sequence

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge
from tdba.access import access
from tdba.db import db
from tdba.effectifs import changements, correction, encarts, queries, reperes
from tdba.effectifs.blueprint import bp
from tdba.effectifs.champs_corriges import ADRESSE, CONTACT, FICHE, GROUPES, SEULS_ENSEMBLE
from tdba.effectifs.changements import Changement
from tdba.effectifs.ecran import Ecran
from tdba.effectifs.forms import AnnulationForm, ChampsForm, choisir_communes, formulaire_de
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.routes_enregistrer import (
    corriger,
    effet_de,
    enregistre,
    exiger_coordonnees,
    fil,
    noter_lecture,
    ouvrir,
)
from tdba.errors import ErreurMetier
from tdba.formats import heure
from tdba.scope import Droit

_UN_CHAMP = f"<any({','.join(FICHE)}):champ>"
_UN_GROUPE = f"<any({','.join(GROUPES)}):groupe>"
_ANCRES = {ADRESSE: CONTACT}
_OBJETS = {
    "nom": "le nom",
    "prenom": "le prénom",
    "sexe": "le sexe",
    "date_naissance": "la date de naissance",
    "ine": "l’INE",
    "rncp": "le code RNCP",
    "cfd": "le code formation diplôme",
    "annee_formation": "l’année de la formation",
    "duree_mois": "la durée de la formation",
    "date_inscription": "la date d’inscription",
    "date_entree": "la date d’entrée en formation",
    "date_fin": "la date de fin de formation",
    "date_exclusion": "la date de sortie",
    "cause_exclusion": "la cause de la sortie",
    "telephone": "le téléphone",
    "courriel": "le courriel",
    "courriel_responsable_1": "le courriel du responsable légal",
    "courriel_responsable_2": "le courriel du second responsable légal",
    "formation": "les dates de la formation",
}


def _titre(objet: str) -> str:
    """What the page does; an address is one thing, whichever of its fields leads there."""
    return f"Corriger {_OBJETS.get(objet, 'l’adresse')}"


@bp.route(f"/effectifs/<int:effectif_id>/corriger/{_UN_CHAMP}", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def corriger_champ(effectif_id: int, champ: str) -> ResponseReturnValue:
    """Correct one field of the record; a postal code or a commune, with the address they are part of."""
    adresse = url_for("effectifs.corriger_champ", effectif_id=effectif_id, champ=champ)
    champs = GROUPES[ADRESSE] if champ in SEULS_ENSEMBLE else (champ,)
    return _corriger_champs(effectif_id, champs, _titre(champ), adresse)


@bp.route(f"/effectifs/<int:effectif_id>/corriger-ensemble/{_UN_GROUPE}", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def corriger_groupe(effectif_id: int, groupe: str) -> ResponseReturnValue:
    """Correct the fields of a group together."""
    adresse = url_for("effectifs.corriger_groupe", effectif_id=effectif_id, groupe=groupe)
    return _corriger_champs(effectif_id, GROUPES[groupe], _titre(groupe), adresse)


def _corriger_champs(
    effectif_id: int, champs: Sequence[str], titre: str, adresse: str
) -> ResponseReturnValue:
    ouvert = ouvrir(effectif_id)
    exiger_coordonnees(ouvert, champs)
    demande_id = encarts.franchir(effectif_id)
    effectif = ouvert.effectif
    a_choisir = "code_insee" in champs
    form = formulaire_de(
        champs,
        {champ: getattr(effectif, champ) for champ in (*champs, "version")},
        communes=reperes.communes_de(_code_postal(effectif.code_postal)) if a_choisir else (),
    )
    groupe = FICHE[champs[0]].groupe
    ecran = Ecran(
        ouvert=ouvert,
        form=form,
        noms=form.noms,
        contrat=None,
        ancre=_ANCRES.get(groupe, groupe),
        titre=titre,
        adresse=adresse,
        demande_id=demande_id,
        fait=_fait(champs),
    )
    return corriger(ecran, lambda: _changements(ouvert, form))


def _fait(champs: Sequence[str]) -> str:
    if len(champs) > 1:
        return "Adresse corrigée" if "adresse" in champs else "Dates corrigées"
    return "Nom corrigé" if champs[0] in ("nom", "prenom") else "Correction enregistrée"


def _code_postal(tenu: str | None) -> str | None:
    """The postal code whose communes are offered: the one being typed, when it is one."""
    saisi = request.form.get("code_postal", "").strip()
    return saisi.zfill(5) if saisi.isdigit() else tenu


def _changements(ouvert: Ouvert, form: ChampsForm) -> list[Changement]:
    textes = form.textes()
    if "code_insee" in textes:
        textes["code_insee"] = _commune(ouvert, form, textes)
    return changements.de_champs(
        ouvert,
        textes,
        version=form.version.data,
        jour=horloge.aujourd_hui(),
        seul=len(form.noms) == 1,
    )


def _commune(ouvert: Ouvert, form: ChampsForm, textes: dict[str, str | None]) -> str | None:
    """The commune of the postal code: the only one, the one chosen; a code of several waits for a choice."""
    tenu, choisie = ouvert.effectif.code_insee, textes["code_insee"] or None
    postal = _code_postal(None)
    communes = reperes.communes_de(postal)
    choisir_communes(form, communes)
    codes = [code for code, _ in communes]
    if choisie in codes or (choisie == tenu and postal == ouvert.effectif.code_postal):
        return choisie
    if len(codes) > 1:
        raise ErreurMetier("Choisissez la commune : ce code postal en a plusieurs.", champ="code_insee")
    # The one commune of that code; none for a code of delivery: the département alone is then known.
    form["code_insee"].data = codes[0] if codes else ""
    return codes[0] if codes else None


@bp.route("/corrections/<int:correction_id>/annuler", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def annuler_correction(correction_id: int) -> ResponseReturnValue:
    """Show what undoing a correction puts back, then do it. A correction already closed leads to its sheet.

    A record that changed meanwhile is shown again first: its source may have sent another value (decision 18).
    """
    effectif_id = queries.effectif_de_la_correction(correction_id)
    ouvert = ouvrir(effectif_id)
    encarts.franchir(effectif_id)
    annulation = correction.annulation_de(ouvert, correction_id)
    if annulation is None:
        return enregistre(effectif_id, "corrections", "Cette correction n’était plus en vigueur.")
    exiger_coordonnees(ouvert, [annulation.changement.champ])
    form = AnnulationForm(data={"version": ouvert.effectif.version})
    vue = form.version.data == ouvert.effectif.version
    if form.validate_on_submit() and annulation.empechement is None and vue:
        correction.annuler(ouvert, annulation, maintenant=horloge.maintenant())
        db.session.commit()
        quand = heure(horloge.maintenant())
        return enregistre(effectif_id, "corrections", f"Correction annulée à {quand}.")
    noter_lecture(effectif_id, [annulation.changement.champ])
    form.version.raw_data, form.version.data = None, ouvert.effectif.version
    page = render_template(
        "effectifs/annuler.html",
        form=form,
        perimee=not vue,
        annulation=annulation,
        effectif=ouvert.effectif,
        fil=fil(ouvert, "Annuler une correction"),
        **effet_de(ouvert, [annulation.changement]),
    )
    return make_response(page, 409 if request.method == "POST" else 200)
