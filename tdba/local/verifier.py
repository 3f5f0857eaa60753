"""`make test`: style, types, then every test, on the two private servers. `.ci/run` calls exactly this.

Run as `python -m tdba.local.verifier`. All steps run even when one fails: one run shows everything.
"""

import os
import shlex
import subprocess
import sys
import time
from typing import Final

from tdba.local import navigateur
from tdba.local.commun import RACINE, dire, executer
from tdba.local.environnement import environnement
from tdba.local.serveurs import serveurs

PYTHON: Final = sys.executable
PORT: Final = 8000
"""Part of the address that the tests' pages are told; nothing listens there."""

ETAPES: Final = {
    "style": [PYTHON, "-m", "ruff", "check"],
    "format": [PYTHON, "-m", "ruff", "format", "--check"],
    "types": [PYTHON, "-m", "mypy"],
}


def main() -> int:
    depart = time.monotonic()
    ratees = [nom for nom, commande in ETAPES.items() if not _reussit(nom, commande, dict(os.environ))]
    chromium, raison = navigateur.obtenir()
    if chromium:
        dire(f"· browser: {chromium}")
    else:
        dire(f"· browser: none, its tests are skipped ({raison})")
        ratees += ["browser"] if os.environ.get("CI") == "true" else []
    with serveurs("test", durable=False) as adresses:
        env = environnement(adresses, "test", PORT)
        env |= {"CHROMIUM": chromium or "", "TDBA_SANS_NAVIGATEUR": raison if not chromium else ""}
        arguments = shlex.split(os.environ.get("PYTEST_ARGS", ""))
        pytest = [PYTHON, "-m", "tdba.local.sans_reseau", PYTHON, "-m", "pytest", *arguments]
        if not _reussit("tests", pytest, env):
            ratees.append("tests")
    verdict = f"failed: {', '.join(ratees)}" if ratees else "everything passed"
    dire(f"· {verdict} ({time.monotonic() - depart:.0f} s)")
    return 1 if ratees else 0


def _reussit(nom: str, commande: list[str], env: dict[str, str]) -> bool:
    dire(f"· {nom}: {shlex.join(commande[2:])}")
    return (
        subprocess.run(commande, cwd=RACINE, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0
    )


if __name__ == "__main__":
    sys.exit(executer(main))
