"""What this slice plugs into the application."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Flask

from tdba import abonnes
from tdba.effectifs import ajouts, effet, encarts
from tdba.ruptures import (
    circonstances,
    consequences,
    jobs,
    natures,
    priorites,
    recit,
    routes_affectation,
    routes_circonstances,
    routes_declarer,
    routes_dossier,
    routes_formalites,
    routes_gestes,
    routes_listes,
    routes_opposition,
)
from tdba.ruptures.blueprint import bp
from tdba.ruptures.commandes import suivi
from tdba.ruptures.synchronisation import synchroniser

PAGES: Final = (
    routes_listes,
    routes_affectation,
    routes_declarer,
    routes_dossier,
    routes_opposition,
    routes_circonstances,
    routes_formalites,
    routes_gestes,
)
"""Imported for the pages that they register."""
TACHES: Final = (jobs,)
"""Imported for the jobs that they register."""


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - same signature in every slice
    """Register the pages and the insert of the sheet, and keep files in step with contracts."""
    app.register_blueprint(bp)
    app.cli.add_command(suivi)
    app.add_template_filter(natures.en_mots, "demarche_en_mots")
    app.add_template_filter(circonstances.en_mots, "circonstances_en_mots")
    app.add_template_filter(priorites.place, "raison_de_place")
    app.add_template_filter(priorites.demander_la_presence, "demande_la_presence")
    encarts.ajouter(routes_dossier.encart)
    ajouts.proposer(routes_opposition.proposer)
    ajouts.raconter(recit.demarches)
    effet.annoncer_aussi(consequences.annoncer)
    abonnes.abonner("apres_parcours", synchroniser)
    abonnes.abonner_refonte(_refondre)


def _refondre(_organisme_ids: Sequence[int], effectif_ids: Sequence[int]) -> None:
    synchroniser(effectif_ids)
