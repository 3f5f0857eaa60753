"""What happens around each reading of names: it is counted for the person, and a pause answers in its place."""

from typing import cast

from flask import Response, current_app, g, make_response, render_template, request, url_for

from tdba import horloge, journal
from tdba.comptes import service_habitudes
from tdba.comptes.acteurs import Acteur
from tdba.comptes.service_habitudes import Lecteur, Securite
from tdba.config import Configuration


def compter(nombre: int) -> Response | None:
    """Count the names of an answer (`lectures.a_la_lecture`); answers the page of the pause when they must not leave."""
    acteur = cast("Acteur | None", g.get("acteur"))
    if acteur is None:
        return None
    acteur = acteur.assistant or acteur  # support reads, also when the screen is another person's
    lecteur = Lecteur(
        acteur.personne_id,
        acteur.nom_complet,
        acteur.organisation_nom,
        chez_soi=acteur.organisation_type == "ORGANISME_FORMATION",
    )
    if service_habitudes.noter(lecteur, nombre, _securite(), horloge.maintenant()):
        return None
    return _page_de_pause()


def _securite() -> Securite:
    configuration: Configuration = current_app.extensions["tdba"]
    # The page of support belongs to a slice on the right, known by its name alone.
    return Securite(configuration.securite_contact, configuration.base_url + url_for("support.pauses"))


def _page_de_pause() -> Response:
    """A refusal of its own: why, for how long, and who lifts it."""
    g.page_erreur = True
    fragment = bool(request.headers.get("HX-Request"))
    gabarit = "comptes/_lectures_en_pause.html" if fragment else "comptes/lectures_en_pause.html"
    reference = journal.reference_requete.get()
    reponse = make_response(render_template(gabarit, reference=reference, menu=None))
    reponse.status_code = 403
    return reponse
