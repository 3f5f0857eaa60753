"""Reading a received .xlsx of 50,000 lines × 60 columns in its own process, beside the library alone.

Issue 4: "under 400 MB of memory for an .xlsx of 50,000 lines × 60 columns". Each measure runs in a fresh process, whose
children are only those it measures: the peak of memory that the system tells is then theirs.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter

from benchmarks.base import RACINE
from benchmarks.rapport import Ligne
from tdba.depots import bac, correspondance, descriptions
from tdba.depots.conversion import lire_ligne
from tdba.depots.modele import entete

LIGNES, COLONNES = 50_000, 60
BUDGET_MEMOIRE = 400.0
BUDGET_SECONDES = 60.0
BLOC = 1 << 20
SIRET = "73282932000074"

_PLANCHER = """
import json, resource, sys, time
from python_calamine import CalamineWorkbook
depart = time.perf_counter()
feuille = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
lues = sum(1 for _ in feuille.iter_rows())
secondes = time.perf_counter() - depart
print(json.dumps({"secondes": secondes, "lues": lues, "mo": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}))
"""


def mesurer() -> list[Ligne]:
    """Write the file, then read it: through the child, through the child and the rules, by the library alone."""
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "liste.xlsx"
        ecrire(chemin)
        taille = f"{chemin.stat().st_size / 1e6:.1f} MB file"
        nue = _dans_un_processus("-c", _PLANCHER, str(chemin))
        lue = _dans_un_processus("-m", "benchmarks.fichiers", "lire", str(chemin))
        jugee = _dans_un_processus("-m", "benchmarks.fichiers", "juger", str(chemin))
    seule = "calamine alone"
    return [
        Ligne(f"{LIGNES:,} × {COLONNES} .xlsx read", lue["secondes"], "s", nue["secondes"], seule, BUDGET_SECONDES, taille),
        Ligne("and judged line by line", jugee["secondes"], "s", nue["secondes"], seule, BUDGET_SECONDES,
              f"{jugee['fautes']} errors"),
        Ligne("peak memory of the reading process", lue["enfant"], "MB", nue["mo"], seule, BUDGET_MEMOIRE),
        Ligne("peak memory of the process that asks", lue["parent"], "MB", None, "", BUDGET_MEMOIRE),
    ]  # fmt: skip


def _dans_un_processus(*arguments: str) -> dict[str, Any]:
    fini = subprocess.run([sys.executable, *arguments], cwd=RACINE, check=True, capture_output=True)
    lu: dict[str, Any] = json.loads(fini.stdout)
    return lu


def ecrire(chemin: Path, fixes: Mapping[str, str] = MappingProxyType({})) -> None:
    """Invented apprentices, every cell filled, no two alike: the worst list that the format allows within its weight.

    `fixes`: the value of these fields, for a file about establishments that exist.
    """
    champs = descriptions.CHAMPS_DU_MODELE[:COLONNES]
    with xlsxwriter.Workbook(chemin, {"constant_memory": True}) as classeur:
        feuille = classeur.add_worksheet()
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        for rang, champ in enumerate(champs):
            feuille.write_string(0, rang, entete(champ))
        dates = [descriptions.est_une_date(champ) for champ in champs]
        exemples = [descriptions.description(champ.nom).exemple for champ in champs]
        libres = {rang for rang, champ in enumerate(champs) if champ.nom in _LIBRES}
        for ligne in range(1, LIGNES + 1):
            for rang in range(len(champs)):
                if dates[rang]:
                    feuille.write_datetime(ligne, rang, _JOUR + timedelta(days=rang * 3), jour)
                else:
                    texte = (
                        fixes.get(champs[rang].nom)
                        or exemples[rang]
                        or _PAR_DEFAUT.get(champs[rang].nom, SIRET)
                    )
                    feuille.write_string(ligne, rang, f"{texte} {ligne}" if rang in libres else texte)


_JOUR = date(2024, 9, 2)
_LIBRES = {
    "nom_apprenant",
    "prenom_apprenant",
    "adresse_apprenant",
    "libelle_court_formation",
    "cause_rupture_contrat",
}
_PAR_DEFAUT = {
    "obtention_diplome_formation": "non",
    "cause_exclusion_formation": "Déménagement",
    **{f"cause_rupture_contrat{suffixe}": "Démission" for suffixe in ("", "_2", "_3", "_4")},
}


def _lire(chemin: str, *, juger: bool) -> dict[str, float]:
    depart = time.perf_counter()
    fautes = 0
    with bac.ouvrir(blocs(chemin), "liste.xlsx") as feuille:
        choisie = correspondance.proposer(feuille.entetes, []).correspondance
        for _, cellules in feuille.lignes:
            if juger:
                fautes += not lire_ligne(choisie, cellules).valide
    secondes = time.perf_counter() - depart
    enfant, parent = (
        resource.getrusage(qui).ru_maxrss / 1000 for qui in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    )
    return {"secondes": secondes, "enfant": enfant, "parent": parent, "fautes": fautes}


def blocs(chemin: str) -> Iterator[bytes]:
    """Give the file as the database keeps it: by blocks of one megabyte (decision 41)."""
    with Path(chemin).open("rb") as fichier:
        while bloc := fichier.read(BLOC):
            yield bloc


if __name__ == "__main__":
    print(json.dumps(_lire(sys.argv[2], juger=sys.argv[1] == "juger")))
