"""What this slice plugs into the application: checks of records."""

from typing import Any

from flask import Flask

from tdba import abonnes, web
from tdba.anomalies import catalogue, jobs, queries_filtre, routes, service
from tdba.effectifs import ajouts
from tdba.effectifs.ajouts import FiltreAjoute
from tdba.points import genres

__all__ = ["installer", "jobs"]

web.rattacher("effectifs.liste", "anomalies.de_la_fiche", "anomalies.taire")


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register its screens, its jobs and its points; show what is wrong on sheets, filter the list by it."""
    app.register_blueprint(routes.bp)
    genres.inscrire(
        "ANOMALIE", routes.vers_la_correction, traduire=catalogue.traduire, sortes=catalogue.LIBELLES
    )
    abonnes.abonner("apres_parcours", service.suivre)
    abonnes.abonner_refonte(service.suivre_refonte)
    ajouts.annoter(routes.annoter)
    ajouts.raconter(routes.raconter)
    ajouts.proposer(routes.proposer)
    ajouts.filtrer(FiltreAjoute("a_regler", "À régler", queries_filtre.choix, queries_filtre.condition))
