"""Registration of the slice: its jobs and commands. It has no screen of its own."""

from typing import Any

from flask import Flask

from tdba.organismes import jobs
from tdba.organismes.apprentissage import ApiApprentissage
from tdba.organismes.commandes import referentiel
from tdba.organismes.entreprises import ApiEntreprises


def installer(app: Flask, *, csrf: Any, login: Any) -> None:  # noqa: ARG001 - the same call for every slice
    """Register the `referentiel` commands, and the public APIs that the configuration opens."""
    configuration = app.extensions["tdba"]
    cle, adresse = configuration.api_apprentissage_cle, configuration.api_apprentissage_url
    registre = configuration.api_entreprises_url
    jobs.brancher(
        ApiApprentissage(adresse, cle) if cle else None, ApiEntreprises(registre) if registre else None
    )
    app.cli.add_command(referentiel)
