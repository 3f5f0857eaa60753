"""Full detection of the records that may be one person: one process, as the night runs it; then again, changing nothing."""

import time
from typing import Any

from benchmarks.base import connexion, flask
from benchmarks.rapport import Ligne

# One record in a hundred gets a twin of its own making: the same person, typed again with another ERP number.
SEMER = """INSERT INTO effectif (organisme_id, annee_scolaire, id_erp, source, nom, prenom, recherche, date_naissance,
  rncp, date_entree, date_fin, cree_le, maj_le)
SELECT organisme_id, annee_scolaire, 'bench-' || id, source, nom, prenom, recherche, date_naissance, rncp, date_entree,
  date_fin, cree_le, maj_le FROM effectif WHERE id % 100 = 0 AND id_erp NOT LIKE 'bench-%'"""
OTER = "DELETE FROM effectif WHERE id_erp LIKE 'bench-%'"
PLANCHER = """SELECT count(*) FROM effectif a JOIN effectif b
  ON b.organisme_id = a.organisme_id AND b.annee_scolaire = a.annee_scolaire
 AND b.date_naissance = a.date_naissance AND b.recherche = a.recherche AND b.id > a.id"""


def mesurer(effectifs: int) -> list[Ligne]:
    """Find every pair from nothing, then find them again; the floor is the simplest self-join in SQL."""
    with connexion() as lien:
        lien.execute("TRUNCATE doublon")
        lien.execute(SEMER)
        lien.execute("VACUUM (ANALYZE) effectif")
        try:
            return _mesurer(lien, effectifs)
        finally:
            lien.execute(OTER)
            lien.execute("TRUNCATE doublon")
            lien.execute("DELETE FROM point WHERE genre = 'DOUBLON'")


def _mesurer(lien: Any, effectifs: int) -> list[Ligne]:
    depart = time.perf_counter()
    exactes = lien.execute(PLANCHER).fetchone()
    plancher = time.perf_counter() - depart
    premiere = flask("doublons", "detecter")
    ouvertes = lien.execute("SELECT count(*) FROM doublon WHERE etat = 'OUVERT'").fetchone()
    seconde = flask("doublons", "detecter")
    detail = f"{effectifs:,} records, {ouvertes[0]:,} pairs, {exactes[0]:,} of them identical; one process, start included"
    quoi = "bare SQL joining identical names and birth dates"
    return [
        Ligne("full detection of duplicates", premiere, "s", plancher, quoi, 180, detail),
        Ligne("full detection that changes nothing", seconde, "s", plancher, quoi, 180),
    ]
