"""A list of 100,000 rows × 20 columns as a file, made by its job in a process of its own: seconds, and memory at its peak.

Issue 5 part 7: under 30 s and 200 MB. No CFA is that large: an organisation of enough establishments is made for the
measure, and removed with its files. `python -m benchmarks.exports <export_id>` is the worker of one file.
"""

import json
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from benchmarks.base import RACINE, connexion
from benchmarks.rapport import Ligne
from tdba import create_app, jobs, scope
from tdba.db import db
from tdba.exports.colonnes import EFFECTIFS, Cellule, Genre
from tdba.exports.ecriture import Contenu, Sortie
from tdba.exports.ecriture_xlsx import classeur
from tdba.jobs import enqueue_after_commit

LIGNES = 100_000
COLONNES = tuple(c.code for c in EFFECTIFS if not c.coordonnee)[:20]

ETABLISSEMENTS = """
SELECT organisme_id FROM (
  SELECT organisme_id, sum(count(*)) OVER (ORDER BY organisme_id) - count(*) AS avant
  FROM effectif WHERE corbeille_le IS NULL GROUP BY organisme_id) x
WHERE avant < %(lignes)s
"""
EXPORT = """
INSERT INTO export (uuid, personne_id, habilitation_id, liste, format, finalite, colonnes, criteres, cree_le, expire_le)
VALUES (%(uuid)s, %(personne_id)s, %(habilitation_id)s, 'EFFECTIFS', %(format)s, 'REUNION', %(colonnes)s, 'annee=toutes',
        %(le)s, %(fin)s) RETURNING id
"""


def mesurer(_effectifs: int) -> list[Ligne]:
    """Make the file in both formats, each in a fresh worker; leave the database as it was."""
    lignes = []
    with _une_grande_organisation() as (personne_id, habilitation_id):
        for format_ in ("XLSX", "CSV"):
            secondes, mo, faites = _fabriquer(personne_id, habilitation_id, format_)
            nom = f"export of {faites:,} × {len(COLONNES)}, {format_}"
            plancher = _ecrire_seul(faites) if format_ == "XLSX" else None
            lignes += [
                Ligne(nom, secondes, "s", plancher, "the library alone, same cells", 30),
                Ligne(f"{nom}, peak memory", mo, "MB", None, "", 200),
            ]
    return lignes


@contextmanager
def _une_grande_organisation() -> Iterator[tuple[int, int]]:
    """(person, habilitation) that reaches LIGNES records."""
    with connexion() as lien:
        premier = lien.execute("SELECT min(id) FROM personne WHERE etat = 'ACTIVE'").fetchone()
        assert premier is not None
        organisation = lien.execute(
            "INSERT INTO organisation (type, nom, regle) VALUES ('ORGANISME_FORMATION', 'Mesure', 'ETABLISSEMENTS')"
            " RETURNING id"
        ).fetchone()
        assert organisation is not None
        lien.execute(
            "INSERT INTO organisation_organisme (organisation_id, organisme_id)"
            f" SELECT %(organisation)s, x.organisme_id FROM ({ETABLISSEMENTS}) x",
            {"organisation": organisation[0], "lignes": LIGNES},
        )
        habilitation = lien.execute(
            "INSERT INTO habilitation (personne_id, organisation_id, role, debut, motif, cree_le)"
            " VALUES (%s, %s, 'membre', %s, 'mesure', %s) RETURNING id",
            (premier[0], organisation[0], date(2020, 1, 1), datetime.now(UTC)),
        ).fetchone()
        assert habilitation is not None
        try:
            yield premier[0], habilitation[0]
        finally:
            for ordre in (
                "DELETE FROM export WHERE habilitation_id = %(habilitation)s",
                "DELETE FROM habilitation WHERE id = %(habilitation)s",
                "DELETE FROM organisation_organisme WHERE organisation_id = %(organisation)s",
                "DELETE FROM organisation WHERE id = %(organisation)s",
            ):
                lien.execute(ordre, {"habilitation": habilitation[0], "organisation": organisation[0]})


def _fabriquer(personne_id: int, habilitation_id: int, format_: str) -> tuple[float, float, int]:
    """(seconds, megabytes, rows) of one file made by a worker of its own."""
    maintenant = datetime.now(UTC)
    with connexion() as lien:
        valeurs = {
            "uuid": uuid.uuid4(),
            "personne_id": personne_id,
            "habilitation_id": habilitation_id,
            "format": format_,
            "colonnes": list(COLONNES),
            "le": maintenant,
            "fin": maintenant + timedelta(days=1),
        }
        cree = lien.execute(EXPORT, valeurs).fetchone()
        assert cree is not None
        commande = [sys.executable, "-m", "benchmarks.exports", str(cree[0])]
        sorti = subprocess.run(commande, cwd=RACINE, check=True, capture_output=True, text=True).stdout
        secondes, ko = json.loads(sorti.splitlines()[-1])
        etat = lien.execute("SELECT etat, total FROM export WHERE id = %s", (cree[0],)).fetchone()
    if etat is None or etat[0] != "PRET":
        raise SystemExit(f"exports.faire: {etat}")
    return secondes, ko / 1024, etat[1]


def _ecrire_seul(lignes: int) -> float:
    """Seconds of the library for as many cells, without a database."""
    colonnes = [c for c in EFFECTIFS if c.code in COLONNES]
    cellules: dict[Genre, Cellule] = {
        Genre.TEXTE: "CAP Boulanger",
        Genre.JOUR: date(2026, 9, 1),
        Genre.NOMBRE: 3,
    }
    rangee = [cellules[c.genre] for c in colonnes]
    depart = time.perf_counter()
    with classeur(Sortie(lambda _rang, _contenu: None), Contenu("mesure", colonnes, [], "")) as feuille:
        for _ in range(10):
            feuille.ecrire([rangee] * (lignes // 100))
    return (time.perf_counter() - depart) * 10


def _travailler(export_id: int) -> None:
    """Run one job as a worker does; print its seconds and the peak of this process, in KB."""
    app = create_app()
    with app.app_context():
        jobs.brancher(lambda *_: None)
        with scope.systeme("mesure"):
            enqueue_after_commit("exports.faire", export_id=export_id)
            db.session.commit()
        depart = time.perf_counter()
        jobs.executer("exports.faire", json.dumps({"export_id": export_id}, separators=(",", ":")))
        secondes = time.perf_counter() - depart
    print(json.dumps([secondes, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))


if __name__ == "__main__":
    _travailler(int(sys.argv[1]))
