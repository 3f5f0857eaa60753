"""The survey's file for an establishment of 10,000 apprentices, beside the bare statement that reads them.

Issue 5, part 8: CSV ≤ 1 s, XLSX ≤ 3 s, from the database to the bytes, every rule checked. The records are invented, and
written in a transaction that is undone.
"""

import time
from collections.abc import Callable

from sqlalchemy import Connection

from benchmarks.rapport import Ligne
from tdba import create_app, scope
from tdba.db import db
from tdba.sifa import calendrier, queries, service, sql

FICHES = 10_000
ANNEE = 2024
"""A campaign of the past: its day does not move."""
REPETITIONS = 3

_EFFECTIFS = """
INSERT INTO effectif (organisme_id, annee_scolaire, id_erp, source, responsable_id, nom, prenom, recherche, sexe,
  date_naissance, ine, courriel, telephone, adresse, code_postal, code_insee, rncp, cfd, duree_mois, annee_formation,
  date_inscription, date_entree, date_fin, bornes, statuts, cree_le, maj_le)
SELECT %(organisme_id)s, '2024-2025', 'sifa-' || n, 'ERP', %(organisme_id)s, 'Lenôtre-' || n, 'Gaston', 'LENOTRE ' || n, 'M',
  date '2005-01-01' + (n %% 1000)::int, lpad(n::text, 9, '0') || 'AB', 'g' || n || '@exemple.fr', '0628000000',
  n || ' rue de la Mer', '35000', '35238', 'RNCP37537', '50022141', 24, 1, '2024-09-01', '2024-09-01', '2026-08-31',
  '{2024-09-01}', '{2}', now(), now()
FROM generate_series(1, %(n)s) n
"""
_CONTRATS = """
INSERT INTO contrat (effectif_id, organisme_id, annee_scolaire, rang, debut, fin, employeur_siret, debut_source)
SELECT id, organisme_id, annee_scolaire, 0, '2024-09-01', '2026-08-31', '73282932000074', '2024-09-01'
FROM effectif WHERE organisme_id = %(organisme_id)s AND id_erp LIKE 'sifa-%%'
"""
_SOURCES = """
INSERT INTO effectif_source (effectif_id, organisme_id, source, annee_scolaire, valeurs, empreinte, recu_le)
SELECT id, organisme_id, 'ERP', annee_scolaire, jsonb_build_object('derniere_situation', 3003, 'dernier_organisme_uai', '035',
  'type_cfa', '09', 'code_postal_de_naissance_apprenant', '35170', 'nom_apprenant', nom, 'adresse_apprenant', adresse),
  '\\x00', now()
FROM effectif WHERE organisme_id = %(organisme_id)s AND id_erp LIKE 'sifa-%%'
"""
_REPONSES = """
INSERT INTO sifa_fiche (effectif_id, organisme_id, annee_scolaire, saisies, maj_le)
SELECT id, organisme_id, annee_scolaire, '{"regime": "D", "nationalite": "1", "pcs": "61", "situation_avant": "31"}', now()
FROM effectif WHERE organisme_id = %(organisme_id)s AND id_erp LIKE 'sifa-%%'
"""
_ORGANISME = "SELECT id FROM organisme WHERE NOT ferme AND uai IS NOT NULL ORDER BY id LIMIT 1"


def mesurer(_effectifs: int) -> list[Ligne]:
    """Write the records of one establishment, make both files, undo."""
    app = create_app()
    with app.app_context(), scope.systeme("mesure"):
        lien = scope.connexion("mesure de l’enquête")
        try:
            return chronometrer(lien, int(lien.exec_driver_sql(_ORGANISME).scalar_one()))
        finally:
            db.session.rollback()


def chronometrer(lien: Connection, organisme_id: int) -> list[Ligne]:
    """The figures, in the transaction of this connection, which the caller undoes."""
    for ordre in (_EFFECTIFS, _CONTRATS, _SOURCES, _REPONSES):
        lien.exec_driver_sql(ordre, {"organisme_id": organisme_id, "n": FICHES})
    parametres = {
        "organisme_id": organisme_id,
        "jour": calendrier.jour_de(ANNEE),
        "annees": list(calendrier.annees_comptees(ANNEE)),
    }
    nu = _meilleur(lambda: len(lien.exec_driver_sql(sql.FICHES, parametres).all()))
    lus = len(queries.dossiers(organisme_id, ANNEE))

    def fichier(format_: str) -> Callable[[], object]:
        return lambda: service.Fabrique(queries.dossiers(organisme_id, ANNEE)).contenu(format_)

    seul = "bare SELECT"
    return [
        Ligne(f"SIFA, CSV of {lus:,} lines", _meilleur(fichier("CSV")), "s", nu, seul, 1),
        Ligne(f"SIFA, XLSX of {lus:,} lines", _meilleur(fichier("XLSX")), "s", nu, seul, 3),
    ]


def _meilleur(geste: Callable[[], object]) -> float:
    durees = []
    for _ in range(REPETITIONS):
        depart = time.perf_counter()
        geste()
        durees.append(time.perf_counter() - depart)
    return min(durees)
