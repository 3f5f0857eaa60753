"""`flask --app wsgi indicateurs …`: prove the counting tables, or write them again."""

import sys
from itertools import islice
from typing import Final

import click
from flask.cli import AppGroup

from tdba import scope
from tdba.db import db
from tdba.formats import pluriel, quantite
from tdba.indicateurs import service, sql

ECARTS_AFFICHES: Final = 50

indicateurs = AppGroup("indicateurs", help="Compteurs des pages de chiffres.")

_organismes = click.option(
    "--organisme", "organismes", multiple=True, type=int, help="Identifiant d’un organisme (répétable)."
)


@indicateurs.command("verifier")
@_organismes
def verifier(organismes: tuple[int, ...]) -> None:
    """Comparer les compteurs aux parcours et aux dossiers ; échoue s’ils diffèrent."""
    ecarts: list[service.Ecart] = []
    with scope.systeme(sql.RAISON):
        for lot in service.lots_d_organismes(organismes):
            ecarts += service.verifier(lot)
            db.session.rollback()
    for ecart in islice(ecarts, ECARTS_AFFICHES):
        click.echo(f"{ecart.table} : organisme {ecart.organisme_id}, {', '.join(ecart.cle)} : {ecart.n:+d}")
    click.echo(f"{quantite(len(ecarts), 'écart')}." if ecarts else "Aucun écart.")
    if ecarts:
        sys.exit(1)


@indicateurs.command("compacter")
def compacter() -> None:
    """Plier tout de suite les mouvements en courbes, sans attendre la tâche périodique."""
    with scope.systeme(sql.RAISON):
        service.compacter_tout(db.session.commit, seuil=1)
        db.session.commit()
    click.echo("Compteurs compactés.")


@indicateurs.command("reconstruire")
@_organismes
def reconstruire(organismes: tuple[int, ...]) -> None:
    """Réécrire les compteurs à partir des effectifs, organisme par organisme."""
    with scope.systeme(sql.RAISON):
        lots = service.lots_d_organismes(organismes)
        for lot in lots:
            service.reconstruire(lot)
            db.session.commit()
    nombre = sum(map(len, lots))
    click.echo(f"{quantite(nombre, 'organisme')} {pluriel(nombre, 'réécrit')}.")
