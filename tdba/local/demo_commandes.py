"""The `flask demo` commands: make the invented country, send its data, or fill a country-size database to measure.

`wsgi.py` registers them everywhere but in production; each one then checks the environment and the database again.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from tdba import horloge
from tdba.config import Configuration
from tdba.installation import MauvaiseBase
from tdba.local import demo_base, demo_comptes, demo_envoi, demo_semis
from tdba.local.commun import Echec, dire
from tdba.local.demo_marque import ENVIRONNEMENTS
from tdba.local.demo_semis_plan import Commande

GRAINE = 42


class Groupe(AppGroup):
    """Turns what a user can cause or cure into one sentence, and refuses production before anything else."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (Echec, MauvaiseBase) as erreur:
            raise click.ClickException(str(erreur)) from erreur


groupe = Groupe("demo", help="Invented data: demonstration, tests and measures. Never in production.")


def _configuration() -> Configuration:
    configuration: Configuration = current_app.extensions["tdba"]
    if configuration.env not in ENVIRONNEMENTS:
        raise click.ClickException(f"the demo never runs with TDBA_ENV={configuration.env}")
    return configuration


@groupe.command("preparer")
def preparer() -> None:
    """Write the sixty CFA, their networks, organisations, people and keys."""
    configuration = _configuration()
    ecrite = demo_base.preparer(configuration.env, configuration.oidc_issuer, configuration.secret_key)
    dire("  60 organismes and their people written" if ecrite else "  already there")


@groupe.command("personnes")
@click.option(
    "--json", "fichier", type=click.Path(path_type=Path), help="Write the identity provider's list here."
)
def personnes(fichier: Path | None) -> None:
    """Print who can log in; with --json, write the list of the demo identity provider."""
    _configuration()
    if fichier is not None:
        fichier.write_text(json.dumps(demo_comptes.pour_fournisseur(), ensure_ascii=False, indent=1), "utf-8")
    for ligne in demo_comptes.pour_banniere():
        dire(ligne)


@groupe.command("transmettre")
@click.option(
    "--effectifs", default=20_000, show_default=True, help="Records to send, wrong lines not counted."
)
@click.option("--url", default=None, help="Address of the site (default: TDBA_BASE_URL).")
@click.option("--graine", default=GRAINE, show_default=True, help="Seed: the same gives the same data.")
def transmettre(effectifs: int, url: str | None, graine: int) -> None:
    """Send the records over HTTP, each CFA with its key. Goes on where it stopped."""
    configuration = _configuration()
    demande = demo_envoi.Demande(effectifs, graine, (url or configuration.base_url).rstrip("/"))
    demo_envoi.transmettre(configuration.env, configuration.secret_key, demande, dire=dire)


@groupe.command("semer")
@click.option("--effectifs", required=True, type=click.IntRange(min=1), help="How many records.")
@click.option("--graine", default=GRAINE, show_default=True, help="Seed: the same gives the same data.")
@click.option("--annees", default=1, show_default=True, type=click.IntRange(1, 3), help="School years.")
@click.option("--jour", default=None, help="Day the data speak of, YYYY-MM-DD (default: today).")
@click.option(
    "--processus", default=2, show_default=True, type=click.IntRange(1, 32), help="Loading processes."
)
@click.option("--sources", is_flag=True, help="Also what the source said of each record (effectif_source).")
def semer(effectifs: int, graine: int, annees: int, jour: str | None, processus: int, sources: bool) -> None:  # noqa: FBT001 - click
    """Fill an empty database by COPY, as its owner. Run `flask effectifs recalculer` afterwards."""
    configuration = _configuration()
    installation = demo_semis.Installation(
        configuration.env, configuration.oidc_issuer, configuration.secret_key
    )
    commande = Commande(
        effectifs, graine, date.fromisoformat(jour) if jour else horloge.aujourd_hui(), annees, sources
    )
    demo_semis.semer(installation, commande, processus=processus, dire=dire)
