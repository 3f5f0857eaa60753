"""`flask --app wsgi journal verifier`: prove that the journal was not changed (decision 34)."""

import sys

import click
from flask.cli import AppGroup

from tdba import journal, scope
from tdba.db import db

groupe = AppGroup("journal", help="Le journal des actions et ses sceaux.")


@groupe.command("verifier")
def verifier() -> None:
    """Recalcule chaque sceau. Code de sortie 1 si l’un ne correspond plus."""
    with scope.systeme("vérification du journal"):
        faux = journal.verifier()
        db.session.rollback()
    if faux:
        click.echo(f"Le journal a été modifié : sceaux {', '.join(map(str, faux))}.", err=True)
        sys.exit(1)
    click.echo("Le journal est intact.")
