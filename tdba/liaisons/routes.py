"""A dossier de liaison: its form, its sending, its paper, its withdrawal; and what the page of a file says of it."""

from typing import Any, Final, cast

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for

from tdba import formats, horloge, lectures, scope, web
from tdba.access import access
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.liaisons import donnees, etats, queries, scellement, service, service_retraits
from tdba.liaisons.blueprint import bp
from tdba.liaisons.etats import Etat
from tdba.liaisons.forms import LiaisonForm
from tdba.liaisons.queries import Sujet, Vue
from tdba.liaisons.service import Envoye
from tdba.ruptures import oppositions
from tdba.ruptures.acces_dossier import dossier_lu
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import SANS_CONTRAT
from tdba.ruptures.volets import Lien, Volet
from tdba.scope import Droit

web.rattacher("ruptures.ruptures", "liaisons.formulaire", "liaisons.envoyer", "liaisons.imprimer")


@bp.get("/dossiers/<int:dossier_id>/liaison")
@access(Droit.CORRIGER)
def formulaire(dossier_id: int) -> Response:
    """What to pass on, to whom; and what was sent already."""
    sujet = _sujet(dossier_id)
    return _page(sujet, _form(sujet))


@bp.post("/dossiers/<int:dossier_id>/liaison")
@access(Droit.CORRIGER)
def envoyer(dossier_id: int) -> Response:
    """Send, and show the code once."""
    # Counted apart from exports, at the same pace: each one writes a mail to an address typed by a person.
    web.limiter("export", f"liaison:{scope.courant().personne_id}")
    sujet = _sujet(dossier_id)
    form = _form(sujet)
    if form.validate_on_submit():
        try:
            envoye = service.envoyer(
                dossier_id,
                form.choix(),
                contact=form.contact.data or "",
                courriel=form.courriel.data or "",
                cle_formulaire=form.cle_formulaire.data or "",
                lien=_lien,
                secret=_configuration().secret_key,
                maintenant=horloge.maintenant(),
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            return _envoye(sujet, envoye)
    return _page(sujet, form, code=422)


@bp.post("/dossiers/<int:dossier_id>/liaison/imprimer")
@access(Droit.CORRIGER)
def imprimer(dossier_id: int) -> Response:
    """The same minimum, on a page to print. A POST: what was ticked is not in an address, and the paper is journaled."""
    sujet = _sujet(dossier_id)
    form = _form(sujet)
    if form.validate_on_submit():
        try:
            sujet, lignes = service.imprimer(dossier_id, form.choix())
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            lectures.noms_lus("liaison.imprimee", [sujet.effectif_id])
            return make_response(
                render_template("liaisons/imprimer.html", lignes=lignes, qui=service.moi(), **_tete(sujet))
            )
    return _page(sujet, form, code=422)


@bp.post("/dossiers/<int:dossier_id>/liaison/<int:liaison_id>/retirer")
@access(Droit.CORRIGER)
def retirer(dossier_id: int, liaison_id: int) -> Response:
    """Withdraw a link that nobody opened yet."""
    dossier_lu(dossier_id)
    retiree = service_retraits.revoquer(dossier_id, liaison_id, horloge.maintenant())
    db.session.commit()
    if retiree:
        flash("Le lien est retiré : il n’ouvre plus rien.", "success")
    else:
        flash("Ce lien n’ouvrait déjà plus rien. Rien n’a changé.", "info")
    return cast("Response", redirect(url_for("liaisons.formulaire", dossier_id=dossier_id), 303))


def volet(ligne: Ligne) -> Volet | None:
    """On the page of a file: the mission locale of the youth's commune, what was sent to it, and what came back."""
    if ligne.dossier_id is None:
        return None
    vue = queries.vue(ligne.effectif_id, ligne.dossier_id)
    maintenant = horloge.maintenant()
    phrases = [*mission_en_mots(vue), *(etats.phrase(envoi, maintenant) for envoi in vue.envois[:3])]
    en_attente = any(envoi.etat(maintenant) is Etat.EN_ATTENTE for envoi in vue.envois)
    liens = [
        Lien(
            "Voir ou retirer le lien envoyé" if en_attente else "Préparer un dossier de liaison",
            url_for("liaisons.formulaire", dossier_id=ligne.dossier_id),
        )
    ]
    if vue.mission and vue.mission.rdv_url:
        liens.append(Lien("Prendre rendez-vous à la mission locale", vue.mission.rdv_url, exterieur=True))
    if vue.code_insee is None:
        liens.append(Lien("Compléter la fiche", url_for("effectifs.fiche", effectif_id=ligne.effectif_id)))
    return Volet("Mission locale", phrases, liens)


def mission_en_mots(vue: Vue) -> list[str]:
    """Which mission locale, how to reach it; where none is known, why and what to do."""
    if vue.mission is not None:
        contact = [formats.telephone(vue.mission.telephone)] if vue.mission.telephone else []
        contact += [c for c in (vue.mission.courriel, vue.mission.adresse) if c]
        ou = f" pour {vue.commune}" if vue.commune else ""
        if contact:
            return [f"{vue.mission.nom}{ou}\u00a0: {', '.join(contact)}."]
        return [f"{vue.mission.nom}{ou}. La liste n’en donne ni téléphone ni courriel."]
    if vue.code_insee is None:
        return [SANS_COMMUNE]
    ou = vue.commune or "la commune de ce jeune"
    return [f"Aucune mission locale n’est connue ici pour {ou}.", QUE_FAIRE]


SANS_COMMUNE: Final = (
    "La commune de ce jeune n’est pas renseignée\u00a0: sa mission locale ne peut pas être trouvée. "
    "Complétez sa fiche, ou demandez-lui où il habite."
)
QUE_FAIRE: Final = (
    "Demandez ses coordonnées à la mairie. Dès que vous avez le nom d’un conseiller, vous pouvez préparer un "
    "dossier de liaison."
)


def _sujet(dossier_id: int) -> Sujet:
    dossier_lu(dossier_id)
    return queries.sujet(dossier_id, service.moi())


def _form(sujet: Sujet) -> LiaisonForm:
    return LiaisonForm(connues=donnees.valeurs(sujet.matiere), mineur=_mineur(sujet))


def _mineur(sujet: Sujet) -> bool:
    return formats.age(sujet.matiere.date_naissance, horloge.aujourd_hui()) < 18


def _lien(jeton: str) -> str:
    """The absolute address of a letter: from the configuration, never from the request's host."""
    return _configuration().base_url + url_for("plis.ouvrir", jeton=jeton)


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def _tete(sujet: Sujet) -> dict[str, Any]:
    suivi_url = url_for("ruptures.dossier", dossier_id=sujet.dossier_id)
    nom_complet = f"{sujet.matiere.prenom} {sujet.matiere.nom}"
    sans_contrat = sujet.matiere.genre == SANS_CONTRAT
    liste = ("Sans contrat", "ruptures.sans_contrat") if sans_contrat else ("Ruptures", "ruptures.ruptures")
    return {
        "sujet": sujet,
        "nom_complet": nom_complet,
        "suivi_url": suivi_url,
        "fil": [(liste[0], url_for(liste[1])), (nom_complet, suivi_url), ("Dossier de liaison", None)],
    }


def _page(sujet: Sujet, form: LiaisonForm, *, code: int = 200) -> Response:
    lectures.noms_lus("liaison", [sujet.effectif_id])
    maintenant = horloge.maintenant()
    vue = queries.vue(sujet.effectif_id, sujet.dossier_id)
    reponse = make_response(
        render_template(
            "liaisons/formulaire.html",
            form=form,
            mission=mission_en_mots(vue),
            deja=queries.deja_envoyes(sujet, maintenant),
            envois=[
                (e, etats.suite(e, maintenant), e.etat(maintenant) is Etat.EN_ATTENTE) for e in vue.envois
            ],
            gele=oppositions.est_gele(sujet.effectif_id),
            joignable=bool(form.moyens.choices),
            **_tete(sujet),
        )
    )
    reponse.status_code = code if request.method == "POST" else 200
    return reponse


def _envoye(sujet: Sujet, envoye: Envoye) -> Response:
    lectures.noms_lus("liaison", [sujet.effectif_id])
    return make_response(
        render_template(
            "liaisons/envoye.html",
            envoye=envoye,
            code=scellement.en_groupes(envoye.code),
            **_tete(sujet),
        )
    )
