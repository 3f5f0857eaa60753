"""A file of 50,000 lines × 60 columns, from what the person gave to its preview, then applied, then undone.

Issue 4: preview ready in under 60 s, applied in under 60 s, on two cores. Run by the jobs themselves, in this process.
"""

import json
import tempfile
import time
import uuid
from pathlib import Path

from benchmarks import fichiers
from benchmarks.base import connexion
from benchmarks.lignes import LIGNE
from benchmarks.rapport import Ligne
from benchmarks.reception import CHAMPS
from tdba import create_app, horloge, jobs, scope
from tdba.db import db
from tdba.depots import service_fichiers
from tdba.depots.models import Depot
from tdba.jobs import enqueue_after_commit
from tdba.scope import Droit
from tdba.transmissions.lignes import lire

QUI = """
SELECT o.id, o.uai, o.siret, h.personne_id FROM organisme o
JOIN organisation_organisme c ON c.organisme_id = o.id
JOIN organisation g ON g.id = c.organisation_id AND g.type = 'ORGANISME_FORMATION'
JOIN habilitation h ON h.organisation_id = g.id AND h.role = 'administrateur'
WHERE NOT o.ferme ORDER BY o.id LIMIT 1
"""


def mesurer(_effectifs: int) -> list[Ligne]:
    """Give the file as a director would, run the three jobs, leave the database as it was."""
    app = create_app()
    with connexion() as lien:
        trouve = lien.execute(QUI).fetchone()
    assert trouve is not None
    organisme_id, uai, siret, personne_id = trouve
    fixes = {champ: {"uai": uai, "siret": siret}[quoi] for champ, quoi in CHAMPS.items()}
    with tempfile.TemporaryDirectory() as dossier, app.app_context():
        chemin = Path(dossier) / "liste.xlsx"
        fichiers.ecrire(chemin, fixes)
        jobs.brancher(lambda *_: None)
        depot_id = _donner(organisme_id, personne_id, chemin)
        apercu = _executer("depots.lire", depot_id, attendu="PRET")
        applique = _executer("depots.appliquer", depot_id, avant="APPLICATION", attendu="APPLIQUE")
        annule = _executer("depots.annuler", depot_id, avant="ANNULATION", attendu="ANNULE")
    plancher, quoi = fichiers.LIGNES * _lire_une_ligne(), "pure reading of as many lines"
    nom = f"{fichiers.LIGNES:,} × {fichiers.COLONNES} file"
    return [
        Ligne(f"{nom}: preview ready", apercu, "s", plancher, quoi, 60),
        Ligne(f"{nom}: applied", applique, "s", plancher, quoi, 60),
        Ligne(f"{nom}: undone", annule, "s", plancher, quoi, None),
    ]


def _donner(organisme_id: int, personne_id: int, chemin: Path) -> int:
    with scope.systeme("mesure"):
        blocs = fichiers.blocs(str(chemin))
        fichier = service_fichiers.garder(organisme_id, personne_id, chemin.name, blocs)
        depot = Depot(
            uuid=uuid.uuid4(),
            organisme_id=organisme_id,
            personne_id=personne_id,
            fichier_id=fichier.id,
            nom=chemin.name,
            cree_le=horloge.maintenant(),
        )
        db.session.add(depot)
        db.session.flush()
        enqueue_after_commit("depots.lire", depot_id=depot.id)
        db.session.commit()
        return depot.id


def _executer(nom: str, depot_id: int, *, attendu: str, avant: str | None = None) -> float:
    """Seconds of one job. Raises SystemExit when the file is not where it should be after it."""
    if avant:
        with scope.systeme("mesure"):
            scope.get_or_404(Depot, depot_id, Droit.CORRIGER).etat = avant
            enqueue_after_commit(nom, depot_id=depot_id)
            db.session.commit()
    depart = time.perf_counter()
    jobs.executer(nom, json.dumps({"depot_id": depot_id}, separators=(",", ":")))
    secondes = time.perf_counter() - depart
    with scope.systeme("mesure"):
        depot = scope.get_or_404(Depot, depot_id, Droit.CORRIGER)
        db.session.refresh(depot)
        if depot.etat != attendu or depot.comptes.get("refusees"):
            raise SystemExit(f"{nom}: {depot.etat} ({depot.refus}), {depot.comptes}")
        db.session.rollback()
    return secondes


def _lire_une_ligne() -> float:
    depart = time.perf_counter()
    for _ in range(2000):
        lire(LIGNE, source="ERP")
    return (time.perf_counter() - depart) / 2000
