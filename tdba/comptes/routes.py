"""The account page, the choice of an organisation, and where each person starts. Logins: `routes_connexion`."""

from typing import cast

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
)

from tdba import horloge, journal, web
from tdba.access import connecte
from tdba.comptes import appelant, cles_acces, etats, queries, queries_facteurs, service, service_sessions
from tdba.comptes.sessions import Acteur, aller, session_courante
from tdba.config import Configuration
from tdba.db import db
from tdba.scope import Introuvable

bp = Blueprint("comptes", __name__)


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def _acteur() -> Acteur:
    return cast("Acteur", g.acteur)


@bp.get("/")
@connecte("chacun part de sa première page")
def accueil() -> Response:
    """Lead to the first page that this person may open."""
    permises = web.entrees_permises()
    if permises:
        return aller(permises[0].endpoint)
    return make_response(render_template("comptes/aucun_droit.html", acteur=_acteur()))


@bp.get("/acces")
@connecte("dit pourquoi une personne connue ne peut pas travailler ici")
def sans_acces() -> Response:
    acteur = _acteur()
    if acteur.blocage is None:
        return aller("comptes.accueil")
    if acteur.blocage in etats.ARRIVANTS:
        return aller(
            "habilitations.acces_cfa"
        )  # the slice on the right that leads somewhere, known by its name
    personne = queries.personne(acteur.personne_id)
    reponse = make_response(
        render_template(
            "comptes/sans_acces.html",
            raison=acteur.blocage.value,
            choix=service.habilitations_valides(personne, horloge.aujourd_hui()),
            peut_demander=acteur.blocage in etats.SE_DEMANDENT,
            menu=None,  # its links would all lead back here
        )
    )
    reponse.status_code = 403
    return reponse


@bp.post("/organisation")
@connecte("chacun choisit parmi ses propres habilitations")
def organisation() -> Response:
    """Act from now on for another of one's organisations, and go on to the page of ours that asked for it, if any."""
    suite = web.adresse_locale(request.form.get("suite"))
    habilitation_id = request.form.get("habilitation_id", type=int)
    choisie = service.choisir_habilitation(_acteur().personne_id, habilitation_id, horloge.aujourd_hui())
    db.session.commit()
    session_courante().habilitation_id = habilitation_id
    flash(f"Vous agissez maintenant pour {choisie.nom}.", "success")
    return cast("Response", redirect(suite, 303)) if suite else aller("comptes.accueil")


@bp.get("/mon-compte")
@connecte("chacun voit son propre compte")
def mon_compte() -> Response:
    acteur = _acteur()
    personne = queries.personne(acteur.personne_id)
    return make_response(
        render_template(
            "comptes/mon_compte.html",
            acteur=acteur,
            personne=personne,
            choix=service.habilitations_valides(personne, horloge.aujourd_hui()),
            sessions=service_sessions.ouvertes(personne.id, horloge.maintenant(), _configuration()),
            session_courante_id=session_courante().ligne_id,
            facteurs=queries_facteurs.facteurs_de(personne.id),
            codes=queries_facteurs.codes_restants(personne.id),
            cles_possibles=cles_acces.possibles(_configuration().base_url),
        )
    )


@bp.post("/mon-compte/code")
@connecte("chacun montre le code de sa propre session")
def code_appelant() -> Response:
    """Show the code that support asks a caller for (decision 24): in this answer and nowhere else."""
    courante, maintenant = session_courante(), horloge.maintenant()
    assert courante.ligne_id is not None  # noqa: S101 - somebody connected has a stored session
    code, cle = appelant.nouveau(), _configuration().secret_key
    courante[appelant.CLE] = appelant.a_garder(
        code, cle=cle, session_id=courante.ligne_id, maintenant=maintenant
    )
    journal.consigner("appelant.code_montre", objet=("personne", _acteur().personne_id))
    db.session.commit()
    return make_response(
        render_template("comptes/code_appelant.html", code=code, jusqu_a=maintenant + appelant.DUREE)
    )


@bp.post("/mon-compte/sessions/<int:session_id>/fermer")
@connecte("chacun ferme ses propres sessions")
def fermer_session(session_id: int) -> Response:
    if not service_sessions.fermer_sessions(_acteur().personne_id, seulement=session_id):
        raise Introuvable
    db.session.commit()
    return _apres_fermeture("La session est fermée.")


@bp.post("/mon-compte/sessions/fermer")
@connecte("chacun ferme ses propres sessions")
def fermer_autres_sessions() -> Response:
    """End every session of this person but the one in use."""
    courante = session_courante().ligne_id
    nombre = service_sessions.fermer_sessions(_acteur().personne_id, sauf=courante)
    db.session.commit()
    phrase = "Vos autres sessions sont fermées." if nombre else "Vous n’aviez pas d’autre session ouverte."
    return _apres_fermeture(phrase)


def _apres_fermeture(phrase: str) -> Response:
    flash(phrase, "success")
    return aller("comptes.mon_compte")
