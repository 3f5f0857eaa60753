"""`flask --app wsgi suivi …`: every file at once."""

import sys
import time

import click
from flask.cli import AppGroup

from tdba import scope
from tdba.db import db
from tdba.formats import quantite
from tdba.ruptures import verification

suivi = AppGroup("suivi", help="Dossiers de rupture et de jeunes sans contrat.")


@suivi.command("verifier")
@click.option("--corriger", is_flag=True, help="Écrit les dossiers tels que les contrats les demandent.")
def verifier(*, corriger: bool) -> None:
    """Compare tous les dossiers avec les contrats, sans rien changer, puis affiche la vitesse obtenue."""
    depart = time.monotonic()
    with scope.systeme("commande suivi verifier"):
        bilan = verification.verifier(db.session.commit, corriger=corriger)
        db.session.commit()
    duree = time.monotonic() - depart
    click.echo(f"{quantite(bilan.lus, 'fiche vérifiée', 'fiches vérifiées')} en {duree:.1f} s.")
    click.echo(
        f"{quantite(bilan.ecarts, 'écart')} : {quantite(bilan.manquants, 'dossier manquant', 'dossiers manquants')}, "
        f"{bilan.en_trop} en trop, {quantite(bilan.dates, 'erreur de date', 'erreurs de date')}, "
        f"{quantite(bilan.causes, 'erreur de cause', 'erreurs de cause')}."
    )
    click.echo(f"{quantite(bilan.a_ouvrir, 'dossier')} à ouvrir à la prochaine nuit.")
    if corriger:
        click.echo(f"{quantite(bilan.corriges, 'dossier écrit', 'dossiers écrits')}.")
    elif bilan.ecarts:
        click.echo("Relancez la commande avec --corriger pour les écrire.", err=True)
        sys.exit(1)
