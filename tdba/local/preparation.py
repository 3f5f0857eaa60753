"""Prepare a checkout: the Python environment, then the front-end assets and, for the tests, a browser.

Run as `python3 tdba/local/preparation.py demo|setup` by the system's Python, before any environment exists: standard
library only, and nothing of ours is imported. Everything is skipped in a tenth of a second when it is done already.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
EXIGENCES = "requirements-local.txt"
TEMOIN = "tdba-empreinte"
"""Inside the environment, written last: what it was made from."""
CHANTIER = ".local/environnement-en-cours"
"""Exists while the environment is changed: found at the next start, it says that a run was killed."""
ESPACE_INSTALLATION = 1_500_000_000
PREMIERE, DERNIERE = (3, 11), (3, 14)


class Echec(Exception):
    """What went wrong and what to do, in one sentence."""


def dire(message: str) -> None:
    with contextlib.suppress(OSError):  # a closed terminal or `| head` stops nothing
        print(message, flush=True)


def choisir_python() -> None:
    """Go on with a Python that suits; start again with a better one of PATH when this one does not."""
    if PREMIERE <= sys.version_info[:2] <= DERNIERE:
        return
    for mineure in range(DERNIERE[1], PREMIERE[1] - 1, -1):
        autre = shutil.which(f"python3.{mineure}")
        # pyenv puts names on PATH for versions that are not active: ask it to run.
        if autre and _reussit([autre, "-c", f"import sys; sys.exit(sys.version_info[:2] != (3, {mineure}))"]):
            os.execv(autre, [autre, *sys.argv])  # noqa: S606 - the same script again
    raise Echec(
        f"Python 3.{PREMIERE[1]} to 3.{DERNIERE[1]} is needed and this is {platform.python_version()}: "
        "install one, or name it, for instance `make PYTHON=python3.12`",
    )


def empreinte(racine: Path) -> str:
    """Name the wanted environment: this Python and these requirements."""
    resume = hashlib.sha256(f"{sys.version} {platform.machine()}".encode())
    resume.update((racine / EXIGENCES).read_bytes())
    return resume.hexdigest()


def etat(racine: Path, voulue: str) -> str:
    """Say what the environment needs: `pret`, `a_completer` (install on top) or `a_refaire` (from nothing)."""
    venv = racine / ".venv"
    python = venv / "bin" / "python"
    if not python.exists() or (racine / CHANTIER).exists():
        return "a_refaire"
    if (venv / TEMOIN).exists() and (venv / TEMOIN).read_text() == voulue:
        return "pret"
    question = [str(python), "-c", f"import sys; sys.exit(sys.version != {sys.version!r})"]
    return "a_completer" if _reussit(question) else "a_refaire"


def preparer_environnement(racine: Path) -> None:
    venv, voulue = racine / ".venv", empreinte(racine)
    besoin = etat(racine, voulue)
    if besoin == "pret":
        return
    _verifier_espace(racine)
    (racine / CHANTIER).touch()
    if besoin == "a_refaire":
        dire(f"· Python environment: creating it in {venv}")
        creer(venv)
    dire(f"· Python environment: installing {nombre_de_paquets(racine / EXIGENCES)} pinned packages")
    installer(venv, racine / EXIGENCES)
    partiel = venv / f"{TEMOIN}.partiel"
    partiel.write_text(voulue)
    partiel.replace(venv / TEMOIN)
    (racine / CHANTIER).unlink()


def creer(venv: Path) -> None:
    """Make an empty environment; without Debian's venv package, ask uv, else apt, else say what is missing."""
    if not _reussit([sys.executable, "-c", "import ensurepip, venv"]):
        if uv := shutil.which("uv"):
            _executer(
                [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(venv)], "uv venv failed"
            )
            return
        _installer_venv()
    _executer([sys.executable, "-m", "venv", "--clear", str(venv)], f"no environment could be made in {venv}")


def _installer_venv() -> None:
    paquet = f"python3.{sys.version_info[1]}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get") or not sys.executable.startswith("/usr/bin/"):
        raise Echec(
            f"Python's venv module is missing: install it first (on Debian: apt-get install {paquet})"
        )
    dire(f"· {paquet} is missing: installing it with apt")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    _executer(["apt-get", "-qq", "update"], "apt-get update failed")
    _executer(
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", paquet],
        f"apt could not install {paquet}",
    )


def installer(venv: Path, exigences: Path) -> None:
    """Install pinned packages, every file checked against its hash: with uv when there is one, else with pip."""
    python = str(venv / "bin" / "python")
    if uv := _uv(venv):
        commande = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            "-r",
            str(exigences),
        ]
        if subprocess.run(commande, stdin=subprocess.DEVNULL, check=False).returncode == 0:
            return
        dire("· uv did not succeed: trying pip")
        _reussit([python, "-m", "ensurepip"])  # an environment made by uv has no pip
    pip = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    _avec_progres([*pip, "--require-hashes", "-r", str(exigences)], nombre_de_paquets(exigences))


def nombre_de_paquets(exigences: Path) -> int:
    return len(re.findall(r"^\S+==", exigences.read_text(), re.MULTILINE))


def _avec_progres(commande: list[str], total: int) -> None:
    """Run pip: a line from time to time, and its own words only when it fails."""
    lignes: list[str] = []
    trouves = 0
    with subprocess.Popen(
        commande, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for ligne in pip.stdout or ():
            lignes.append(ligne.rstrip())
            trouves += ligne.startswith(("Collecting ", "Processing "))
            if ligne.startswith(("Collecting ", "Processing ")) and trouves % 10 == 0:
                dire(f"    {trouves} of {total} packages found")
            if ligne.startswith("Installing collected"):
                dire("    all found, copying them into place")
    if pip.returncode:
        dire("\n".join(lignes[-15:]))
        _verifier_espace(RACINE, 50_000_000)
        raise Echec("pip could not install the packages (its last words are above): run the command again")


def _uv(venv: Path) -> str | None:
    propre = venv / "bin" / "uv"
    return str(propre) if propre.exists() else shutil.which("uv")


def _executer(commande: list[str], sinon: str) -> None:
    if subprocess.run(commande, stdin=subprocess.DEVNULL, check=False).returncode:
        _verifier_espace(RACINE, 50_000_000)
        raise Echec(f"{sinon} (its message is above): run the command again")


def _reussit(commande: list[str]) -> bool:
    with contextlib.suppress(OSError):
        fait = subprocess.run(commande, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return fait.returncode == 0
    return False


def _verifier_espace(racine: Path, minimum: int = ESPACE_INSTALLATION) -> None:
    if (libre := shutil.disk_usage(racine).free) < minimum:
        raise Echec(
            f"the disk is full: {libre // 1_000_000} MB free in {racine}, {minimum // 1_000_000} MB needed"
        )


@contextlib.contextmanager
def _seul(racine: Path) -> Iterator[None]:
    """Let one preparation at a time change this checkout."""
    (racine / ".local").mkdir(exist_ok=True)
    with (racine / ".local" / "preparation.verrou").open("a") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            dire("· another set-up of this checkout is at work: waiting for it")
            fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    if arguments not in (["demo"], ["setup"]):
        raise Echec("usage: python3 tdba/local/preparation.py demo|setup")
    choisir_python()
    # Without a value here, pip and uv would follow the caller's own environment instead of ours.
    for variable in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"):
        os.environ.pop(variable, None)
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    with _seul(RACINE):
        preparer_environnement(RACINE)
        suite = ["assets"] if arguments == ["demo"] else ["assets", "noeud", "securite", "navigateur"]
        for outil in suite:
            commande = [str(RACINE / ".venv" / "bin" / "python"), "-m", f"tdba.local.{outil}"]
            if code := subprocess.run(commande, cwd=RACINE, stdin=subprocess.DEVNULL, check=False).returncode:
                return code
    return 0


def executer(arguments: list[str]) -> int:
    """Turn what a user can cause or cure into one sentence."""
    try:
        return main(arguments)
    except Echec as echec:
        phrase = str(echec)
    except KeyboardInterrupt:
        phrase = "stopped; the next run will finish the work"
    except OSError as erreur:
        if erreur.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        phrase = (
            f"{erreur.filename or RACINE}: {erreur.strerror}. Free space or give rights, then run it again"
        )
    print(f"tdba: {phrase}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(executer(sys.argv[1:]))
