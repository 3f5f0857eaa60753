"""Intake: lines received by the API of one web process, and lines applied by one worker."""

import contextlib
import http.client
import json
import time
from typing import Any

from benchmarks.base import connexion
from benchmarks.lignes import LIGNE
from benchmarks.navigation import PORT, serveur
from benchmarks.rapport import Ligne
from tdba import create_app, jobs, scope
from tdba.db import db
from tdba.transmissions import cles
from tdba.transmissions.lignes import lire

LOTS, TAILLE = 20, 2000
PUR = "pure reading"
CHAMPS = {
    "etablissement_formateur_uai": "uai",
    "etablissement_formateur_siret": "siret",
    "etablissement_responsable_uai": "uai",
    "etablissement_responsable_siret": "siret",
}


def mesurer(_effectifs: int) -> list[Ligne]:
    """Send LOTS arrays of TAILLE new lines for one organisme, apply them, send them again unchanged."""
    app = create_app()
    with connexion() as lien:
        trouve = lien.execute(
            "SELECT id, uai, siret FROM organisme WHERE NOT ferme ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert trouve is not None
    organisme_id, uai, siret = trouve
    etablissement = {champ: {"uai": uai, "siret": siret}[quoi] for champ, quoi in CHAMPS.items()}
    graine = time.time_ns()
    lots = [
        [LIGNE | etablissement | {"id_erp_apprenant": f"b{graine}-{lot}-{i}"} for i in range(TAILLE)]
        for lot in range(LOTS)
    ]
    with app.app_context():
        with scope.systeme("mesure"):
            cle = cles.creer(organisme_id, libelle="mesure")
            db.session.commit()
        jobs.brancher(lambda *_: None)  # applied here, and timed, rather than by a worker
        with serveur():
            durees = _envoyer(lots, cle)
            appliquees = _appliquer(organisme_id)
            _envoyer(lots, cle)
        inchangees = _appliquer(organisme_id)
        _effacer(graine)
    plancher = _pure(lots[0])
    total = LOTS * TAILLE
    pire = sorted(durees)[int(LOTS * 0.95) - 1]
    fois = f"{appliquees / inchangees:.1f} times the first application, 5 asked"
    return [
        Ligne("lines received, stored and answered", total / sum(durees), "lines/s", plancher, PUR, 6000),
        Ligne(f"{TAILLE:,} lines answered, p95", pire, "s", TAILLE / plancher, PUR, 1),
        Ligne("new lines applied by one worker", total / appliquees, "lines/s", plancher, PUR, 3000),
        Ligne("unchanged lines applied by one worker", total / inchangees, "lines/s", plancher, PUR, 5 * total / appliquees, fois),
    ]  # fmt: skip


def _envoyer(lots: list[list[dict[str, Any]]], cle: str) -> list[float]:
    """Seconds of each call, the sender's own reading and writing of JSON left out."""
    entetes = {"Authorization": f"Bearer {cle}", "Content-Type": "application/json"}
    durees = []
    for lot in lots:
        corps = json.dumps(lot)
        client = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
        depart = time.perf_counter()
        client.request("POST", "/api/v3/dossiers-apprenants", corps, entetes)
        reponse = client.getresponse()
        recu = reponse.read()
        durees.append(time.perf_counter() - depart)
        client.close()
        if reponse.status != 200 or "detail" in json.loads(recu):
            raise SystemExit(f"the intake answered {reponse.status}")
    return durees


def _appliquer(organisme_id: int) -> float:
    depart = time.perf_counter()
    jobs.executer(
        "transmissions.appliquer", json.dumps({"organisme_id": organisme_id}, separators=(",", ":"))
    )
    return time.perf_counter() - depart


def _effacer(graine: int) -> None:
    """Leave the database as it was found."""
    with connexion() as lien, contextlib.suppress(ValueError):
        lien.execute("DELETE FROM effectif WHERE id_erp LIKE %s", (f"b{graine}-%",))


def _pure(lot: list[dict[str, Any]]) -> float:
    depart = time.perf_counter()
    for ligne in lot:
        lire(ligne, source="ERP")
    return len(lot) / (time.perf_counter() - depart)
