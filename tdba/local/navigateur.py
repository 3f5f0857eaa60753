"""Find a Chromium for the browser tests, installing Debian's when we may.

Run as `python -m tdba.local.navigateur`: says which one it found, or why there is none.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tdba.local.commun import Echec, dire, executer

NOMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PAQUETS: Final = ("chromium", "fonts-liberation")
"""Without a font every text has no width, and checks of layout mean nothing."""


def trouver() -> str | None:
    """Return a browser that runs: `CHROMIUM`, else one on PATH (or in macOS' usual places)."""
    if choisi := os.environ.get("CHROMIUM"):
        if not _marche(choisi):
            raise Echec(f"CHROMIUM={choisi} does not run: give the path of a Chromium or Chrome, or unset it")
        return choisi
    candidats = [*filter(None, map(shutil.which, NOMS)), *MACOS]
    return next((candidat for candidat in candidats if Path(candidat).exists() and _marche(candidat)), None)


def obtenir() -> tuple[str | None, str]:
    """Return a browser, or None and the reason why there is none."""
    if trouve := trouver():
        return trouve, ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None, "no Chromium found: install one, or give its path in CHROMIUM"
    dire("· browser: installing Chromium with apt (about 100 MB)")
    if not installer_apt(*PAQUETS):
        return None, "apt could not install Chromium (its message is above)"
    return trouver(), "Chromium was installed by apt but does not run"


def installer_apt(*paquets: str) -> bool:
    """Install Debian packages without a question; wait for another apt that is at work."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Acquire::Retries=3",
        "-o",
        "Dpkg::Use-Pty=0",
    ]
    etapes = (["update"], ["install", "-y", "--no-install-recommends", *paquets])
    for etape in etapes:
        # Its hundreds of lines are only of interest when it fails.
        fait = subprocess.run(
            [*apt, *etape],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if fait.returncode:
            dire(fait.stdout[-3000:])
            return False
    return True


def _marche(programme: str) -> bool:
    # Ubuntu's `chromium-browser` is a stub that only says to install a snap: being on PATH is not enough.
    try:
        fait = subprocess.run([programme, "--version"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return fait.returncode == 0


def main() -> int:
    trouve, raison = obtenir()
    dire(f"· browser: {trouve}" if trouve else f"· browser: none, its tests will be skipped ({raison})")
    return 0


if __name__ == "__main__":
    sys.exit(executer(main))
