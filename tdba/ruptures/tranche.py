"""What this slice plugs into the application."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Flask

from tdba import abonnes
from tdba.effectifs import ajouts, effet, encarts
from tdba.ruptures import consequences, natures, recit, routes_dossier, routes_listes
from tdba.ruptures.blueprint import bp
from tdba.ruptures.synchronisation import synchroniser

PAGES: Final = (routes_listes, routes_dossier)
"""Imported for the pages that they register."""


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - same signature in every slice
    """Register the pages and the insert of the sheet, and keep files in step with contracts."""
    app.register_blueprint(bp)
    app.add_template_filter(natures.en_mots, "demarche_en_mots")
    encarts.ajouter(routes_dossier.encart)
    ajouts.raconter(recit.demarches)
    effet.annoncer_aussi(consequences.annoncer)
    abonnes.abonner("apres_parcours", synchroniser)
    abonnes.abonner_refonte(_refondre)


def _refondre(_organisme_ids: Sequence[int], effectif_ids: Sequence[int]) -> None:
    synchroniser(effectif_ids)
