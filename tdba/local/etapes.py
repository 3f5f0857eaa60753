"""What the demo does before its site starts: migrations, organisations and people, the list of who may log in.

Run as `python -m tdba.local.etapes FOLDER`. One process for the three `flask` commands, because importing the
application takes longer than any of them when there is nothing left to do. Writes `personnes.json` for the identity
provider and `personnes.txt` for the terminal.
"""

import contextlib
import sys
from importlib import import_module
from pathlib import Path

import click
from flask.cli import FlaskGroup

from tdba.local.commun import Echec, dire, executer


def main(dossier: Path) -> int:
    application = import_module("wsgi").app
    commandes = FlaskGroup(create_app=lambda: application)

    def flask(*mots: str) -> None:
        try:
            commandes.main(args=list(mots), prog_name="flask", standalone_mode=False)
        except click.ClickException as refus:
            raise Echec(f"flask {' '.join(mots)}: {refus.format_message()}") from refus

    dire("· migrations")
    flask("db", "upgrade")
    dire("· demo organisations and people")
    flask("demo", "preparer")
    with (dossier / "personnes.txt").open("w") as texte, contextlib.redirect_stdout(texte):
        flask("demo", "personnes", "--json", str(dossier / "personnes.json"))
    return 0


if __name__ == "__main__":
    sys.exit(executer(lambda: main(Path(sys.argv[1]))))
