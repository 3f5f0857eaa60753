"""Which rules an organisation keeps: each with its explanation, its source, who changed it and when."""

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from tdba import horloge, scope
from tdba.access import AccesRefuse, access
from tdba.db import db
from tdba.formats import INSECABLE
from tdba.habilitations import service_equipe
from tdba.scope import Droit, Introuvable
from tdba.vigilance import reglages as service
from tdba.vigilance.blueprint import bp
from tdba.vigilance.mots import EXPLICATIONS
from tdba.vigilance.regles import Regle


@bp.get("/vigilance/reglages")
@access(Droit.CONFIGURER)
def reglages() -> Response:
    return make_response(
        render_template(
            "vigilance/reglages.html",
            regles=service.lire(_organisation()),
            explications=EXPLICATIONS,
            administre=_administre(),
            surveille=scope.courant().a(Droit.CORRIGER),
        )
    )


@bp.post("/vigilance/reglages")
@access(Droit.CONFIGURER)
def regler() -> Response:
    """Turn one rule on or off, for all the sites: its administrators alone. Asked twice, it is once."""
    if not _administre():
        raise AccesRefuse("choisir les règles de la liste à surveiller")
    code, active = request.form.get("regle", ""), request.form.get("active") == "oui"
    service.regler(
        _organisation(),
        code,
        active=active,
        personne_id=scope.courant().personne_id,
        maintenant=horloge.maintenant(),
    )
    db.session.commit()
    mot = "active" if active else "éteinte"
    nom = f"«{INSECABLE}{EXPLICATIONS[Regle(code)].libelle}{INSECABLE}»"
    flash(f"La règle {nom} est {mot} pour toute votre organisation.", "success")
    reponse = redirect(url_for("vigilance.reglages"), 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse


def _administre() -> bool:
    """Who is limited to some sites, or only a member, does not choose for all the others."""
    return service_equipe.gere_sous(g.acteur.habilitation_id, horloge.aujourd_hui())


def _organisation() -> int:
    organisation_id: int | None = g.acteur.organisation_id
    if organisation_id is None:
        raise Introuvable
    return organisation_id
