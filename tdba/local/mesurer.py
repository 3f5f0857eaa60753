"""`make bench`: the measures of `benchmarks/`, on servers of their own with production-like settings.

Run as `python -m tdba.local.mesurer`, with the arguments of `python -m benchmarks`.
"""

import subprocess
import sys

from tdba.local.commun import RACINE, dire, executer, lire_port
from tdba.local.environnement import environnement
from tdba.local.serveurs import serveurs


def main(arguments: list[str]) -> int:
    dire("· PostgreSQL and Redis-compatible server: starting")
    with serveurs("bench") as adresses:
        # The people of the measures accept no commitment: they are rows, not readers.
        env = environnement(adresses, "bench", lire_port("PORT", 8000)) | {"TDBA_ENGAGEMENT": "non"}
        commande = [sys.executable, "-m", "benchmarks", *arguments]
        return subprocess.run(commande, cwd=RACINE, env=env, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(executer(lambda: main(sys.argv[1:])))
