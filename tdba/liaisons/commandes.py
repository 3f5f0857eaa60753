"""`flask --app wsgi liaisons importer <csv>`: the list of missions locales (docs/referentiel.md)."""

import sys
from pathlib import Path
from typing import Final

import click
from flask.cli import AppGroup

from tdba import horloge, scope
from tdba.db import db
from tdba.liaisons import service_missions
from tdba.organismes.lecture_csv import FichierRefuse

REFUS_AFFICHES: Final = 50

liaisons = AppGroup("liaisons", help="Missions locales.")


@liaisons.command("importer")
@click.argument("fichier", type=click.Path(path_type=Path))
def importer(fichier: Path) -> None:
    """Importer la liste des missions locales. L’import peut être rejoué."""
    try:
        contenu = fichier.read_bytes()
        with scope.systeme("import des missions locales"):
            bilan = service_missions.importer(contenu, horloge.maintenant())
            db.session.commit()
    except OSError as erreur:
        _echouer(f"{fichier.name} : illisible ({erreur.strerror}).")
    except FichierRefuse as erreur:
        _echouer(f"{fichier.name} : refusé, {erreur}.")
    else:
        lu = "" if bilan.encodage == "UTF-8" else f" (lu en {bilan.encodage})"
        click.echo(
            f"{fichier.name} : missions locales{lu}. {bilan.crees} créées, {bilan.modifies} modifiées, "
            f"{bilan.inchanges} inchangées, {len(bilan.refus)} refusées."
        )
        for refus in bilan.refus[:REFUS_AFFICHES]:
            click.echo(f"  ligne {refus.numero} : {refus.raison}")
        if bilan.rien_accepte:
            _echouer(f"{fichier.name} : aucune ligne acceptée.")


def _echouer(phrase: str) -> None:
    click.echo(phrase, err=True)
    sys.exit(1)
