"""`flask --app wsgi referentiel …`: load and refresh reference data (docs/referentiel.md)."""

import csv
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from tdba import scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.organismes import service, sql, territoires
from tdba.organismes.interpretation import Fichier, comprendre
from tdba.organismes.jeux import Jeu
from tdba.organismes.lecture_csv import FichierRefuse
from tdba.organismes.service import Bilan

REFUS_AFFICHES: Final = 50
DOSSIER_TERRITOIRES: Final = "node_modules/@etalab/decoupage-administratif/data"

referentiel = AppGroup(
    "referentiel", help="Données de référence : territoires, organismes, réseaux, certifications."
)


class Rapport:
    """Prints what happened, keeps the refused lines for `--rapport`, and knows whether something failed."""

    def __init__(self) -> None:
        self.refus: list[tuple[str, int, str]] = []
        self.echec = False

    def reussite(self, nom: str, bilan: Bilan) -> None:
        compte = bilan.compte
        lu = "" if bilan.encodage == "UTF-8" else f" (lu en {bilan.encodage})"
        click.echo(
            f"{nom} : {bilan.libelle}{lu}. {compte.crees} créés, {compte.modifies} modifiés, "
            f"{compte.inchanges} inchangés, {len(bilan.refus)} refusés."
        )
        for refus in bilan.refus[: max(0, REFUS_AFFICHES - len(self.refus))]:
            click.echo(f"  ligne {refus.numero} : {refus.raison}")
        self.refus += [(nom, refus.numero, refus.raison) for refus in bilan.refus]
        if bilan.rien_accepte:
            self.erreur(nom, "aucune ligne acceptée")

    def erreur(self, nom: str, raison: str) -> None:
        self.echec = True
        click.echo(f"{nom} : {raison}.", err=True)

    def terminer(self, chemin: Path | None) -> None:
        if len(self.refus) > REFUS_AFFICHES:
            click.echo(f"{len(self.refus)} lignes refusées en tout, {REFUS_AFFICHES} affichées.")
        if chemin is not None:
            self._ecrire(chemin)
        if self.echec:
            sys.exit(1)

    def _ecrire(self, chemin: Path) -> None:
        try:
            with chemin.open("w", encoding="utf-8-sig", newline="") as sortie:
                ecriture = csv.writer(sortie, delimiter=";")
                ecriture.writerow(["fichier", "ligne", "raison"])
                ecriture.writerows(self.refus)
        except OSError as erreur:
            self.erreur(str(chemin), f"rapport non écrit ({erreur.strerror})")


@referentiel.command("importer")
@click.option("--jeu", type=click.Choice([jeu.value for jeu in Jeu]), help="Ce que les fichiers contiennent.")
@click.option("--rapport", type=click.Path(path_type=Path), help="Fichier CSV des lignes refusées.")
@click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path))
def importer(jeu: str | None, rapport: Path | None, fichiers: tuple[Path, ...]) -> None:
    """Importer des fichiers CSV, chacun dans sa transaction, dans l’ordre de leurs dépendances.

    Le contenu de chaque fichier est reconnu à ses en-têtes, sauf si --jeu le précise. Un import peut être rejoué.
    """
    compte_rendu = Rapport()
    lus = _comprendre(fichiers, Jeu(jeu) if jeu else None, compte_rendu)
    with scope.systeme(sql.RAISON):
        for nom, fichier in lus:
            _executer(nom, lambda fichier=fichier: service.appliquer(fichier), compte_rendu)  # type: ignore[misc]
    compte_rendu.terminer(rapport)


@referentiel.command("certifications")
@click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path))
def importer_reponses(fichiers: tuple[Path, ...]) -> None:
    """Importer des réponses enregistrées de l’API des certifications (JSON) : validité, continuité, titres, niveaux."""
    compte_rendu = Rapport()
    with scope.systeme(sql.RAISON):
        for chemin in fichiers:
            try:
                contenu = chemin.read_bytes()
            except OSError as erreur:
                compte_rendu.erreur(chemin.name, f"illisible ({erreur.strerror})")
            else:
                _executer(chemin.name, lambda lu=contenu: service.importer_reponses(lu), compte_rendu)  # type: ignore[misc]
    compte_rendu.terminer(None)


@referentiel.command("territoires")
def charger_territoires() -> None:
    """Charger régions, académies, départements et communes (dossier TDBA_TERRITOIRES_DIR)."""
    dossier = Path(os.environ.get("TDBA_TERRITOIRES_DIR") or DOSSIER_TERRITOIRES)
    compte_rendu = Rapport()
    sources = (territoires.REGIONS, territoires.DEPARTEMENTS, territoires.COMMUNES)
    try:
        contenus = [(dossier / source.fichier).read_bytes() for source in sources]
    except OSError as erreur:
        compte_rendu.erreur(
            str(erreur.filename), f"illisible ({erreur.strerror}) ; voir TDBA_TERRITOIRES_DIR"
        )
    else:
        with scope.systeme(sql.RAISON):
            _executer("Territoires", lambda: service.importer_territoires(*contenus), compte_rendu)
    compte_rendu.terminer(None)


def _comprendre(chemins: Iterable[Path], jeu: Jeu | None, compte_rendu: Rapport) -> list[tuple[str, Fichier]]:
    """Read the files and put them in order: what others depend on first, main sources before secondary ones."""
    lus: list[tuple[str, Fichier]] = []
    for chemin in chemins:
        try:
            lus.append((chemin.name, comprendre(chemin.read_bytes(), jeu)))
        except OSError as erreur:
            compte_rendu.erreur(chemin.name, f"illisible ({erreur.strerror})")
        except FichierRefuse as erreur:
            compte_rendu.erreur(chemin.name, f"refusé, {erreur}")
    return sorted(lus, key=lambda lu: (lu[1].format.rang, not lu[1].format.remplacer))


def _executer(nom: str, action: Callable[[], Bilan], compte_rendu: Rapport) -> None:
    """Run one import in its own transaction, and say what happened: committed whole, or not at all."""
    try:
        bilan = action()
        db.session.commit()
    except FichierRefuse as erreur:
        db.session.rollback()
        compte_rendu.erreur(nom, f"refusé, {erreur}")
    except ErreurMetier as erreur:
        db.session.rollback()
        compte_rendu.erreur(nom, erreur.message.rstrip("."))
    except DBAPIError as erreur:
        db.session.rollback()
        compte_rendu.erreur(nom, f"rien n’a été importé, la base a répondu {type(erreur.orig).__name__}")
    else:
        compte_rendu.reussite(nom, bilan)
