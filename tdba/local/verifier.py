"""`make test`: style, types, security tools, then every test, on two private servers. `.ci/run` calls exactly this.

Run as `python -m tdba.local.verifier`. All steps run even when one fails: one run shows everything.
"""

import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from tdba.local import navigateur, securite
from tdba.local.commun import RACINE, dire, executer
from tdba.local.environnement import environnement
from tdba.local.serveurs import serveurs

PYTHON: Final = sys.executable
PORT: Final = 8000
"""Part of the address that the tests' pages are told; nothing listens there."""

ETAPES: Final = {
    "types": [PYTHON, "-m", "mypy"],
    "style": [PYTHON, "-m", "ruff", "check"],
    "format": [PYTHON, "-m", "ruff", "format", "--check"],
}
"""The longest first: the others share the second processor."""


def main() -> int:
    depart = time.monotonic()
    ratees = _lire_le_code()
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


def _lire_le_code() -> list[str]:
    """Run what only reads the code, two at a time; return the names of the steps that failed.

    Each one's words come out whole, when it ends.
    """
    env = os.environ | securite.SILENCE

    def lire(nom: str, commande: list[str]) -> bool:
        fait = subprocess.run(
            commande,
            cwd=RACINE,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        dire(f"· {nom}: {'passed' if fait.returncode == 0 else 'failed'}\n{fait.stdout}".rstrip())
        return fait.returncode == 0

    etapes = ETAPES | securite.etapes()
    with ThreadPoolExecutor(2) as paire:
        return [
            nom
            for nom, reussie in zip(etapes, paire.map(lire, etapes, etapes.values()), strict=True)
            if not reussie
        ]


def _reussit(nom: str, commande: list[str], env: dict[str, str]) -> bool:
    dire(f"· {nom}: {shlex.join(commande[2:])}")
    return (
        subprocess.run(commande, cwd=RACINE, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0
    )


if __name__ == "__main__":
    sys.exit(executer(main))
