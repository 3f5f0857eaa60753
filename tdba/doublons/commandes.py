"""`flask --app wsgi doublons …`: work on every record at once."""

import time

import click
from flask.cli import AppGroup

from tdba import scope
from tdba.db import db
from tdba.doublons import service
from tdba.formats import quantite

doublons = AppGroup("doublons", help="Fiches qui sont peut-être d’une même personne.")


@doublons.command("detecter")
def detecter() -> None:
    """Compare toutes les fiches, comme chaque nuit, puis affiche la vitesse obtenue."""
    depart = time.monotonic()
    with scope.systeme("commande doublons detecter"):
        bilan = service.detecter_tout(db.session.commit)
        db.session.commit()
    duree = time.monotonic() - depart
    click.echo(
        f"{quantite(bilan.compares, 'fiche comparée', 'fiches comparées')} en {duree:.1f} s : "
        f"{quantite(bilan.ouverts, 'paire ouverte', 'paires ouvertes')}, "
        f"{quantite(bilan.disparus, 'paire disparue', 'paires disparues')}, "
        f"{quantite(bilan.coupes, 'clé trop commune', 'clés trop communes')} laissées."
    )
