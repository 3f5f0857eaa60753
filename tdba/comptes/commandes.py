"""`flask --app wsgi droits`: write the document of who sees what, from the matrix in force."""

import click
from flask.cli import with_appcontext

from tdba.comptes import document


@click.command("droits", help="Écrire docs/droits.md sur la sortie.")
@with_appcontext
def droits() -> None:
    click.echo(document.markdown(), nl=False)
