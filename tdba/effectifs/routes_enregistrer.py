"""What every screen of a correction does: show the form, then its effect or its saving, as asked. No view of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope, web
from tdba.db import db
from tdba.effectifs import correction, effet, motifs, queries, reperes, service
from tdba.effectifs.changements import Changement, VersionPerimee
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.ecran import Ecran, anciennes_de
from tdba.effectifs.models import Contrat
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.routes_fiche import COORDONNEES, contexte_fiche
from tdba.errors import ErreurMetier
from tdba.formats import heure

Ecrire = Callable[[Sequence[Changement], Pourquoi], str | None]
"""Writes the changes; returns the anchor of the sheet where the work continues, when it is not that of the screen."""

_DU_PARCOURS = frozenset({"date_entree", "date_fin", "date_exclusion", "debut", "fin", "rupture", "contrat"})


def ouvrir(effectif_id: int) -> Ouvert:
    """The record, locked when something may be written."""
    return queries.a_corriger(effectif_id, verrou=request.method == "POST")


def contrat_ouvert(contrat_id: int) -> tuple[Ouvert, Contrat]:
    """The record of a contract, and the contract itself. Raises Introuvable."""
    ouvert = ouvrir(queries.effectif_du_contrat(contrat_id))
    contrat = next((c for c in ouvert.contrats if c.id == contrat_id), None)
    if contrat is None:  # taken away by the source while this request waited for the record
        raise scope.Introuvable
    return ouvert, contrat


def corriger(
    ecran: Ecran, proposer: Callable[[], list[Changement]], ecrire: Ecrire | None = None
) -> ResponseReturnValue:
    """Show the form; then, as asked, the consequence of what was typed, or its saving."""
    if request.method == "GET":
        return _formulaire(ecran)
    if not ecran.form.validate():
        return _formulaire(ecran, code=422)
    effectif_id = ecran.ouvert.effectif.id
    ancre = ecran.ancre
    try:
        changements = proposer()
        if request.form.get("action") != "enregistrer" and changements:
            correction.verifier(_pourquoi(ecran))
            return _formulaire(ecran, changements=changements)
        if changements:
            ancre = (ecrire or _ecrivain(ecran.ouvert))(changements, _pourquoi(ecran)) or ancre
            db.session.commit()
    except VersionPerimee:
        ecran.form.version.raw_data = [str(ecran.ouvert.effectif.version)]
        ecran.form.version.data = ecran.ouvert.effectif.version
        return _formulaire(ecran, code=409)
    except ErreurMetier as erreur:
        db.session.rollback()
        ecran.form.refuser(erreur)
        return _formulaire(replace(ecran, ouvert=ouvrir(effectif_id)), code=422)
    fait = f"{ecran.fait} à {heure(horloge.maintenant())}."
    message = fait if changements else "C’était déjà enregistré : rien n’a changé."
    return enregistre(effectif_id, ancre, message, retour=ecran.retour)


def _ecrivain(ouvert: Ouvert) -> Ecrire:
    def ecrire(changements: Sequence[Changement], pourquoi: Pourquoi) -> None:
        correction.corriger(ouvert, changements, pourquoi=pourquoi, maintenant=horloge.maintenant())
        for changement in changements:
            if changement.champ == "employeur_siret" and changement.valeur:
                reperes.apprendre_employeur(changement.valeur)

    return ecrire


def _pourquoi(ecran: Ecran) -> Pourquoi:
    """Fields that are not sensitive ask no reason: the gesture says its own."""
    form = ecran.form
    motif = form["motif"].data if "motif" in form else motifs.COORDONNEES
    commentaire = form["commentaire"].data if "commentaire" in form else None
    return Pourquoi(motif=motif, commentaire=commentaire, demande_id=ecran.demande_id)


def _formulaire(
    ecran: Ecran, *, changements: Sequence[Changement] = (), code: int = 200
) -> ResponseReturnValue:
    ouvert = ecran.ouvert
    noter_lecture(ouvert.effectif.id, ecran.noms.values())
    anciennes = anciennes_de(ouvert, ecran.contrat, list(ecran.noms.values()))
    return web.page_or_partial(
        "effectifs/corriger.html",
        "effectifs/_corriger.html",
        code=code,
        ecran=replace(ecran, anciennes=anciennes),
        form=ecran.form,
        effectif=ouvert.effectif,
        changements=[c for c in changements if c.champ != "contrat"],
        conflit=code == 409,
        en_place=web.fragment_demande(),
        fil=fil(ouvert, ecran.titre),
        **effet_de(ouvert, changements),
    )


def effet_de(ouvert: Ouvert, changements: Sequence[Changement]) -> dict[str, object]:
    """What templates say of the effect: on the parcours when dates move, on derived values, on employers."""
    jour = horloge.aujourd_hui()
    du_parcours = any(c.champ in _DU_PARCOURS for c in changements)
    return {
        "consequence": effet.effet(ouvert, changements, jour) if changements else None,
        "du_parcours": du_parcours,
        "suites": reperes.suites_de(ouvert, changements),
        "employeurs": [
            reperes.employeur(c.valeur) for c in changements if c.champ == "employeur_siret" and c.valeur
        ],
        "communes_du_code": all(
            reperes.communes_de(c.valeur) for c in changements if c.champ == "code_postal"
        ),
        "communes": {
            code: reperes.nom_de_la_commune(code)
            for c in changements
            if c.champ == "code_insee"
            for code in (c.valeur, ouvert.effectif.code_insee)
            if code
        },
    }


def noter_lecture(effectif_id: int, champs: Iterable[str]) -> None:
    """Journal that a name was shown; and contact data, when the form holds some."""
    lectures.noms_lus("effectifs.correction", [effectif_id])
    if not service.CONTACT.isdisjoint(champs):
        lectures.noms_lus(COORDONNEES, [effectif_id])


def exiger_coordonnees(ouvert: Ouvert, champs: Sequence[str]) -> None:
    """Contact data are shown to who may see them (decision 21). Raises Introuvable."""
    if not service.CONTACT.isdisjoint(champs) and not service.joignable(ouvert.effectif):
        raise scope.Introuvable


def enregistre(
    effectif_id: int, ancre: str, message: str, *, retour: str | None = None
) -> ResponseReturnValue:
    """Back to the sheet, or to `retour`, where the work continues: in place for htmx, by a redirection otherwise."""
    adresse = url_for("effectifs.fiche", effectif_id=effectif_id, _anchor=ancre)
    if not web.fragment_demande():
        flash(message, "success")
        return redirect(web.adresse_locale(retour) or adresse, 303)
    vue = service.fiche(effectif_id, horloge.aujourd_hui())
    lectures.noms_lus("effectifs.fiche", [effectif_id])
    contexte = contexte_fiche(vue, focus=ancre, message=message)
    reponse = make_response(render_template("effectifs/_fiche.html", **contexte))
    reponse.headers["HX-Retarget"] = "#fiche"
    reponse.headers["HX-Push-Url"] = adresse
    return reponse


def fil(ouvert: Ouvert, page: str) -> list[tuple[str, str | None]]:
    """The way back: the list, the sheet."""
    effectif = ouvert.effectif
    return [
        ("Effectifs", url_for("effectifs.liste")),
        (f"{effectif.prenom} {effectif.nom}", url_for("effectifs.fiche", effectif_id=effectif.id)),
        (page, None),
    ]
