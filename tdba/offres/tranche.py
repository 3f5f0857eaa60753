"""What this slice plugs into the application: help at hand for a file (offers, vacant post, new contract)."""

from typing import Any, Final

from flask import Flask, url_for

from tdba.offres import jobs, routes_cerfa, routes_offres, routes_poste, routes_postes
from tdba.offres.blueprint import bp
from tdba.offres.connecteur import ApiAlentour
from tdba.ruptures import volets
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import RUPTURE
from tdba.ruptures.volets import Lien, Volet

PAGES: Final = (routes_cerfa, routes_offres, routes_poste, routes_postes)
"""Imported for the pages that they register."""


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register its screens and its section on a file's page, and the public API that the configuration opens."""
    configuration = app.extensions["tdba"]
    cle = configuration.api_apprentissage_cle
    jobs.brancher(ApiAlentour(configuration.api_apprentissage_url, cle) if cle else None)
    app.register_blueprint(bp)
    volets.ajouter(_aide)


def _aide(ligne: Ligne) -> Volet | None:
    """The ways to help with a search, from a written file; asks the database nothing."""
    if ligne.dossier_id is None:
        return None
    liens = [Lien("Offres et formations à proximité", url_for("offres.voir", dossier_id=ligne.dossier_id))]
    if ligne.genre == RUPTURE:
        liens.append(
            Lien("Poste laissé vacant chez l’employeur", url_for("offres.poste", dossier_id=ligne.dossier_id))
        )
    liens.append(
        Lien("Préparer le nouveau contrat (Cerfa)", url_for("offres.cerfa", dossier_id=ligne.dossier_id))
    )
    return Volet(
        "Aide à la recherche",
        ("Ce qui se trouve autour de sa commune dans son métier, et ce qu’il faut pour un nouveau contrat.",),
        liens,
    )
