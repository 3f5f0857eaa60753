"""Registration of the slice: its screens, its jobs, its commands."""

from typing import Any

from flask import Flask

from tdba import scope, web
from tdba.effectifs import (  # noqa: F401 - register the jobs and the screens
    ajouts,
    jobs,
    routes_activite,
    routes_conflit,
    routes_contrat,
    routes_corbeille,
    routes_correction,
    routes_fiche,
    routes_groupees,
    routes_histoire,
    routes_liste,
    routes_transfert,
    routes_vues,
)
from tdba.effectifs.blueprint import bp
from tdba.effectifs.commandes import effectifs
from tdba.scope import Droit


def _corrige_sans_etre_le_support() -> bool:
    return not scope.courant().a(Droit.SUPPORT)


def _lit_sans_corriger() -> bool:
    return not scope.courant().a(Droit.CORRIGER)


web.entree_menu(20, "Effectifs", "effectifs.liste", Droit.CORRIGER, si=_corrige_sans_etre_le_support)
web.entree_menu(20, "Listes nominatives", "effectifs.liste", Droit.VOIR_NOMINATIF, si=_lit_sans_corriger)
web.rattacher(
    "effectifs.liste",
    "effectifs.vues",
    "effectifs.enregistrer_vue",
    "effectifs.modifier_vue",
    "effectifs.pourquoi_ce_nombre",
    "effectifs.employeurs",
    "effectifs.fiche",
    "effectifs.coordonnees",
    "effectifs.histoire",
    "effectifs.imprimer",
    "effectifs.corriger_champ",
    "effectifs.corriger_groupe",
    "effectifs.corriger_contrat",
    "effectifs.ajouter_contrat",
    "effectifs.rompre_contrat",
    "effectifs.rupture_annuler",
    "effectifs.rupture_contester",
    "effectifs.conflit",
    "effectifs.contrat_plus_transmis",
    "effectifs.annuler_correction",
    "effectifs.corbeille",
    "effectifs.en_corbeille",
    "effectifs.groupee",
    "effectifs.groupees_recentes",
    "effectifs.retirer",
    "effectifs.transferer",
)


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the screens and the `effectifs` commands."""
    app.register_blueprint(bp)
    app.cli.add_command(effectifs)
    ajouts.proposer(routes_transfert.proposer)
    ajouts.proposer(routes_corbeille.proposer)
