"""Entry point of the background: `python worker.py` runs jobs, `python worker.py --planificateur` asks for the periodic ones."""

import dataclasses
import os
import sys

from tdba import create_app, file_rq
from tdba.config import lire_environnement


def main(arguments: list[str]) -> None:
    """Start the application as the worker's login and hand it to RQ or to the scheduler."""
    configuration = lire_environnement()
    adresse = os.environ.get("TDBA_DATABASE_URL_WORKER", configuration.database_url)
    configuration = dataclasses.replace(configuration, database_url=adresse, delai_requete_ms=0)
    app = create_app(configuration)
    if "--planificateur" in arguments:
        file_rq.planifier(app)
    else:
        file_rq.travailler(app, configuration)


if __name__ == "__main__":
    main(sys.argv[1:])
