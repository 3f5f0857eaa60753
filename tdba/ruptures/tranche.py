"""What this slice plugs into the application."""

from collections.abc import Sequence
from typing import Any

from flask import Flask

from tdba import abonnes
from tdba.effectifs import ajouts, effet, encarts
from tdba.ruptures import consequences, recit
from tdba.ruptures.routes import bp, encart
from tdba.ruptures.synchronisation import synchroniser


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - same signature in every slice
    """Register the pages and the insert of the sheet, and keep files in step with contracts."""
    app.register_blueprint(bp)
    encarts.ajouter(encart)
    ajouts.raconter(recit.demarches)
    effet.annoncer_aussi(consequences.annoncer)
    abonnes.abonner("apres_parcours", synchroniser)
    abonnes.abonner_refonte(_refondre)


def _refondre(_organisme_ids: Sequence[int], effectif_ids: Sequence[int]) -> None:
    synchroniser(effectif_ids)
