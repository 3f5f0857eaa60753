"""Screens of the team: who is in it, and what an administrator changes. The role is checked by the services (403)."""

from typing import Any, Final, cast

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from tdba import horloge
from tdba.access import connecte, second_facteur
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.habilitations import equipe as regles
from tdba.habilitations import queries_equipe, queries_equipe_revues, service_equipe, service_equipe_revues
from tdba.habilitations.blueprint import bp
from tdba.habilitations.forms_equipe import MembreForm, RetraitForm
from tdba.habilitations.service_equipe_revues import ReponsesRefusees

DONNER: Final = "donner un accès"
"""What the second factor protects (decision 27). Taking an access back never waits for it."""
DECIDENT: Final = ("ORGANISME_FORMATION", "TETE_DE_RESEAU")
"""Organisations whose administrators settle requests themselves; support does for the others."""
POUR_ADMINISTRATEUR: Final = (
    "le rôle d’administrateur est vérifié par le service : il ne dépend d’aucun droit"
)


def acteur() -> Any:
    """The person of this request, as `comptes` describes them."""
    return g.acteur


def vers(endpoint: str, **valeurs: Any) -> Response:
    return cast("Response", redirect(url_for(endpoint, **valeurs), 303))


def rendre(gabarit: str, *, code: int = 200, **contexte: Any) -> Response:
    reponse = make_response(render_template(gabarit, **contexte))
    reponse.status_code = code
    return reponse


def code_du_formulaire() -> int:
    """A form that is shown again after a POST was refused."""
    return 422 if request.method == "POST" else 200


def refuse(form: BaseForm, erreur: ErreurMetier) -> None:
    """Undo, and say why in the form."""
    db.session.rollback()
    form.refuser(erreur)


@bp.get("/equipe")
@connecte("chacun voit avec qui il partage les données de son organisation")
def equipe() -> Response:
    """The team; with what an administrator may do, for them only."""
    moi, maintenant, jour = acteur(), horloge.maintenant(), horloge.aujourd_hui()
    gere = service_equipe.gere_sous(moi.habilitation_id, jour)
    return rendre(
        "habilitations/equipe.html",
        organisation=moi.organisation_nom,
        cfa=moi.organisation_type == "ORGANISME_FORMATION",
        gere=gere,
        decide=moi.organisation_type in DECIDENT,
        moi=moi.personne_id,
        membres=queries_equipe.membres(moi.organisation_id, jour),
        invitees=queries_equipe.invitees(moi.organisation_id, maintenant) if gere else [],
        demandeurs=queries_equipe.demandeurs(moi.organisation_id, jour) if gere else [],
        questions=len(queries_equipe_revues.questions(moi.organisation_id, jour)) if gere else 0,
    )


@bp.route("/equipe/<int:habilitation_id>/changer", methods=["GET", "POST"])
@connecte(POUR_ADMINISTRATEUR)
@second_facteur(DONNER)
def changer(habilitation_id: int) -> Response:
    """The role, the sites and the end of one member."""
    jour = horloge.aujourd_hui()
    qui = service_equipe.administrateur(acteur().habilitation_id, jour)
    membre = queries_equipe.membre(habilitation_id, qui.organisation.id, jour)
    form = MembreForm(
        role=membre.role,
        sites=queries_equipe.sites_de(habilitation_id),
        dernier_jour=membre.dernier_jour,
        sites_possibles=queries_equipe.sites_possibles(qui.organisation.id, jour),
    )
    if form.validate_on_submit():
        try:
            service_equipe.changer(acteur().habilitation_id, habilitation_id, form.choix, jour)
            db.session.commit()
        except ErreurMetier as erreur:
            refuse(form, erreur)
        else:
            flash(f"L’accès de {membre.prenom} {membre.nom} est changé.", "success")
            return vers("habilitations.equipe")
    soi = membre.personne_id == acteur().personne_id
    return rendre(
        "habilitations/equipe_changer.html", code=code_du_formulaire(), form=form, membre=membre, soi=soi
    )


@bp.route("/equipe/<int:habilitation_id>/retirer", methods=["GET", "POST"])
@connecte(POUR_ADMINISTRATEUR)
def retirer(habilitation_id: int) -> Response:
    """Take one member's right back, once the reason is given."""
    maintenant, jour = horloge.maintenant(), horloge.aujourd_hui()
    qui = service_equipe.administrateur(acteur().habilitation_id, jour)
    membre = queries_equipe.membre(habilitation_id, qui.organisation.id, jour)
    form = RetraitForm()
    if form.validate_on_submit():
        try:
            service_equipe.retirer(
                acteur().habilitation_id, habilitation_id, form.motif.data, maintenant, jour
            )
            db.session.commit()
        except ErreurMetier as erreur:
            refuse(form, erreur)
        else:
            flash(f"L’accès de {membre.prenom} {membre.nom} est retiré.", "success")
            return vers("habilitations.equipe")
    soi = membre.personne_id == acteur().personne_id
    return rendre(
        "habilitations/equipe_retirer.html", code=code_du_formulaire(), form=form, membre=membre, soi=soi
    )


@bp.route("/equipe/revue", methods=["GET", "POST"])
@connecte(POUR_ADMINISTRATEUR)
def revue() -> Response:
    """The yearly question about each person: one form, all lines; a line left out stays open."""
    maintenant, jour = horloge.maintenant(), horloge.aujourd_hui()
    qui = service_equipe.administrateur(acteur().habilitation_id, jour)
    questions = queries_equipe_revues.questions(qui.organisation.id, jour)
    form = BaseForm()
    donnees = {q.revue_id: request.form.get(f"reponse-{q.revue_id}", "") for q in questions}
    refus: dict[int, str] = {}
    if form.validate_on_submit():
        reponses = {cle: valeur for cle, valeur in donnees.items() if valeur in regles.REPONSES}
        try:
            nombre = service_equipe_revues.repondre(
                acteur().habilitation_id, reponses, maintenant=maintenant, jour=jour
            )
            db.session.commit()
        except ReponsesRefusees as erreur:
            db.session.rollback()
            refus = dict(erreur.par_revue)
        else:
            flash(_phrase(nombre, len(questions)), "success" if nombre else "info")
            return vers("habilitations.revue" if nombre < len(questions) else "habilitations.equipe")
    return rendre(
        "habilitations/revue.html",
        code=422 if refus else 200,
        form=form,
        questions=questions,
        reponses=donnees,
        refus=refus,
        libelles=regles.REPONSES,
        echeance=service_equipe_revues.echeance,
        organisation=qui.organisation.nom,
    )


def _phrase(nombre: int, total: int) -> str:
    if nombre == 0:
        return "Aucune réponse n’a été donnée : chaque question reste ouverte."
    reste = total - nombre
    return (
        "La revue est terminée."
        if reste == 0
        else f"Vos réponses sont enregistrées. Questions encore ouvertes : {reste}."
    )
