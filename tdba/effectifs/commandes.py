"""`flask --app wsgi effectifs …`: work on every record at once."""

import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from typing import Final

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from tdba import create_app, jobs, scope
from tdba.db import db
from tdba.effectifs import recalcul, reconnaissance
from tdba.formats import pluriel, quantite
from tdba.jobs import Travail

TACHE: Final = "effectifs.recalculer_tout"

effectifs = AppGroup("effectifs", help="Travaux sur l’ensemble des effectifs.")


@effectifs.command("recalculer")
@click.option(
    "--processus", default=1, show_default=True, type=click.IntRange(1, 64), help="Processus en parallèle."
)
def recalculer(processus: int) -> None:
    """Recalcule tous les parcours, puis affiche la vitesse obtenue."""
    with scope.systeme("commande recalculer"):
        travaux = recalcul.demander(parts=processus)
        db.session.commit()
    contexte = multiprocessing.get_context("spawn")
    debut = time.monotonic()
    enfants = [
        contexte.Process(target=executer_part, args=(part, processus, travail_id))
        for part, travail_id in enumerate(travaux)
    ]
    for enfant in enfants:
        enfant.start()
    fait, total = _suivre(enfants, travaux, debut)
    duree = time.monotonic() - debut
    click.echo(f"{fait} effectifs sur {total} en {duree:.1f} s : {fait / max(duree, 0.001):.0f} par seconde.")
    if _inacheves(travaux):
        click.echo("Une partie n’est pas terminée : relancez la commande, elle reprendra.", err=True)
        sys.exit(1)


@effectifs.command("completer")
@click.option(
    "--tout", is_flag=True, help="Toutes les fiches, et non celles à qui il manque un niveau ou un lieu."
)
def completer(*, tout: bool) -> None:
    """Relit codes, niveaux et communes des fiches d’après le référentiel d’aujourd’hui."""
    with scope.systeme("commande completer"):
        changees = reconnaissance.completer(db.session.commit, tous=tout)
        db.session.commit()
    click.echo(f"{quantite(changees, 'fiche')} {pluriel(changees, 'modifiée')}.")


def executer_part(part: int, parts: int, travail_id: int) -> None:
    """Run one part in this process. Does nothing when a worker has already taken it."""
    arguments = {"part": part, "parts": parts, "travail_id": travail_id}
    with create_app().app_context():
        jobs.executer(TACHE, json.dumps(arguments, sort_keys=True, separators=(",", ":")))


def _suivre(enfants: Sequence[BaseProcess], travaux: Sequence[int], debut: float) -> tuple[int, int]:
    """Print how far the work is, each second, until the processes end. Returns what was done and the whole."""
    while vivants := [enfant for enfant in enfants if enfant.is_alive()]:
        vivants[0].join(timeout=1)
        fait, total = _avancement(travaux)
        click.echo(f"{time.monotonic() - debut:6.1f} s  {fait} / {total}")
    return _avancement(travaux)


def _avancement(travaux: Sequence[int]) -> tuple[int, int]:
    with scope.systeme("commande recalculer"):
        requete = select(func.sum(Travail.fait), func.sum(Travail.total)).where(Travail.id.in_(travaux))
        fait, total = db.session.execute(requete).one()
        db.session.rollback()
    return int(fait or 0), int(total or 0)


def _inacheves(travaux: Sequence[int]) -> bool:
    with scope.systeme("commande recalculer"):
        requete = select(func.count()).where(Travail.id.in_(travaux), Travail.etat != "TERMINE")
        nombre = db.session.execute(requete).scalar_one()
        db.session.rollback()
    return bool(nombre)
