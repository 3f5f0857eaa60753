"""The database of the measures: seeded once, reused while its size is the one asked for."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

RACINE = Path(__file__).resolve().parent.parent


def connexion(variable: str = "TDBA_DATABASE_URL_PROPRIETAIRE") -> psycopg.Connection[tuple[Any, ...]]:
    """A bare connection under the login that this variable names."""
    cible = make_url(os.environ[variable])
    return psycopg.connect(
        host=str(cible.query["host"]), user=cible.username, dbname=cible.database, autocommit=True
    )


def flask(*arguments: str) -> float:
    """Run a command of the application; returns its seconds. Raises when it fails."""
    depart = time.perf_counter()
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *arguments], cwd=RACINE, check=True)
    return time.perf_counter() - depart


def preparer(effectifs: int) -> None:
    """Migrate and seed; what an earlier run left of another size must be removed by `make clean`."""
    flask("db", "upgrade")
    with connexion() as lien:
        presents = lien.execute("SELECT count(*) FROM effectif").fetchone()
    if presents is None or presents[0] == 0:
        print(f"seeding {effectifs:,} records", flush=True)
        print(f"seeded in {flask('demo', 'semer', '--effectifs', str(effectifs)):.0f} s", flush=True)
    elif abs(presents[0] - effectifs) > effectifs * 0.1:
        raise SystemExit(f"this database holds {presents[0]:,} records, not {effectifs:,}: make clean first")
