"""Full recomputation: the first, which writes everything, and one that changes nothing."""

import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchmarks.base import RACINE, connexion, flask
from benchmarks.rapport import Ligne

PROCESSUS = 2
LIRE = """SELECT count(d) FROM (
  SELECT e.id, array_agg(c.debut ORDER BY c.rang) AS d FROM effectif e LEFT JOIN contrat c ON c.effectif_id = e.id
  GROUP BY e.id) x"""


def mesurer(effectifs: int) -> list[Ligne]:
    """Recompute from nothing, then again; the floor is PostgreSQL reading the same dates."""
    _vider()
    premiere, memoire = _recalculer()
    with connexion() as lien:
        lien.execute("VACUUM (ANALYZE)")
        depart = time.perf_counter()
        lien.execute(LIRE)
        plancher = time.perf_counter() - depart
        periodes = lien.execute("SELECT count(*) FROM periode").fetchone()
    seconde, _ = _recalculer()
    flask("indicateurs", "verifier")
    detail = f"{effectifs:,} records, {periodes[0] if periodes else 0:,} periods, {PROCESSUS} processes"
    return [
        Ligne(
            "recomputation that writes everything",
            premiere,
            "s",
            plancher,
            "bare SQL reading the dates",
            60,
            detail,
        ),
        Ligne("recomputation that changes nothing", seconde, "s", plancher, "bare SQL reading the dates", 20),
        Ligne("memory of the largest process", memoire, "MB", None, "", 500),
    ]


def _vider() -> None:
    """Put the database back where nothing has been computed."""
    with connexion() as lien:
        lien.execute(
            "TRUNCATE periode, mouvement, courbe, attente, dossier CASCADE"
        )  # and what hangs on files
        lien.execute(
            "UPDATE effectif SET bornes = '{}', statuts = '{}', empreinte_parcours = NULL WHERE empreinte_parcours IS NOT NULL"
        )
        lien.execute("VACUUM (ANALYZE) effectif")


def _recalculer() -> tuple[float, float]:
    """Seconds of the command, and megabytes of its largest process, sampled."""
    commande = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "wsgi",
        "effectifs",
        "recalculer",
        "--processus",
        str(PROCESSUS),
    ]
    depart = time.perf_counter()
    with subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.DEVNULL) as processus:
        sommet = [0.0]
        fini = threading.Event()
        veille = threading.Thread(target=_veiller, args=(processus.pid, sommet, fini))
        veille.start()
        code = processus.wait()
        fini.set()
        veille.join()
    if code:
        raise SystemExit("the recomputation failed")
    return time.perf_counter() - depart, sommet[0]


def _veiller(pid: int, sommet: list[float], fini: threading.Event) -> None:
    """Keep the largest resident size among the process and its children, until told to stop."""
    if not Path("/proc").exists():
        sommet[0] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return
    while not fini.wait(0.2):
        for membre in _famille(pid):
            try:
                statut = Path(f"/proc/{membre}/status").read_text()
            except OSError:
                continue
            for ligne in statut.splitlines():
                if ligne.startswith("VmHWM:"):
                    sommet[0] = max(sommet[0], int(ligne.split()[1]) / 1024)


def _famille(pid: int) -> list[int]:
    enfants = []
    for statut in Path("/proc").glob("[0-9]*/stat"):
        try:
            champs = statut.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(champs[1]) == pid:
            enfants.append(int(statut.parent.name))
    return [pid, *enfants, *(petit for enfant in enfants for petit in _famille(enfant) if petit != enfant)]
