"""Every check on every record: from nothing, then again changing nothing, by one process as the night runs it."""

import time

from benchmarks.base import connexion
from benchmarks.rapport import Ligne
from tdba import create_app, scope
from tdba.anomalies import service
from tdba.db import db

PLANCHER = "SELECT count(*) FROM effectif e LEFT JOIN contrat c ON c.effectif_id = e.id"


def mesurer(effectifs: int) -> list[Ligne]:
    """The floor is the bare reading of records with their contracts. The issue gives no budget: ours is four minutes."""
    app = create_app()
    with connexion() as lien:
        lien.execute("DELETE FROM point WHERE genre = 'ANOMALIE'")
        lien.execute("VACUUM (ANALYZE) point")
        depart = time.perf_counter()
        lien.execute(PLANCHER).fetchone()
        plancher = time.perf_counter() - depart
    mesures = []
    with app.app_context():
        for nom in ("every anomaly found and written", "every anomaly checked, changing nothing"):
            depart = time.perf_counter()
            with scope.systeme("mesure"):
                bilan = service.refaire(None, db.session.commit)
                db.session.commit()
            duree = time.perf_counter() - depart
            detail = (
                f"{bilan.lus:,} of {effectifs:,} records in years that count, {bilan.ouverts:,} points opened"
            )
            mesures.append(Ligne(nom, duree, "s", plancher, "bare SQL reading", 240, detail))
    return mesures
