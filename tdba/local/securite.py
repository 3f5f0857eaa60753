"""bandit, semgrep with our own rules, and detect-secrets: what each one reads, and the environment they live in.

Run as `python -m tdba.local.securite` to install them in `.local/securite`. They need no network once installed.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from tdba.local.commun import RACINE, dire, executer

EXIGENCES: Final = RACINE / "requirements-securite.txt"
VENV: Final = RACINE / ".local" / "securite"
TEMOIN: Final = VENV / "installe"

NOMMES: Final = {
    r"^(secret|password)$": "the form of an address, in the documentation of TDBA_SMTP_URL",
    r"[0-9]*ABCDEFGHJK(L?MN)P.*XYZ": "alphabets: recovery codes, letters of a UAI",
    r"kX9vPq2LmZ7wRt4YbN8cHs6JdF3gTuAe|pQ7zWn3XcV5bMk9LjH2gFd8SaT4rYe6U": "keys of test configurations",
    r"A-z_0123456789abcdefghijklmnopqrstuvwxyz012": "a token of a test, in alphabetical order",
    r"^[0-9]{7,10}[A-Za-z]{1,2}$": "INE, invented: no key is that short",
}
"""What looks like a secret and is not, with the reason. Not a baseline file: that one holds prints without a word."""

NON_LUS: Final = r"^(requirements.*\.txt|package-lock\.json|docs/captures/.*)$"
"""Hashes of packages, and pictures."""

SILENCE: Final = {
    "SEMGREP_SEND_METRICS": "off",
    "SEMGREP_ENABLE_VERSION_CHECK": "0",
    "SEMGREP_SETTINGS_FILE": str(VENV / "semgrep.yml"),
    "SEMGREP_LOG_FILE": str(VENV / "semgrep.log"),
}
"""Semgrep neither reports to its makers nor writes in the home directory."""


def outil(nom: str) -> str:
    return str(VENV / "bin" / nom)


def semgrep(racine: Path, *arguments: str) -> list[str]:
    """One run of our rules below `racine`, where the paths that they name start, in a git checkout or not.

    `tdba/local` is left out: it only runs on a developer's machine.
    """
    options = "--metrics off --disable-version-check --error --quiet --exclude /tdba/local"
    racines = ["--config", "docs/securite/semgrep.yml", "--project-root", str(racine)]
    return [outil("semgrep"), "scan", *racines, *options.split(), *arguments]


def etapes() -> dict[str, list[str]]:
    """The commands, by the name of their step."""
    # ruff refuses what looks like a password (S105 to S107), and each line that passes gives its reason.
    secrets = [outil("detect-secrets-hook"), "--no-verify", "--disable-plugin", "KeywordDetector"]
    secrets += ["--exclude-files", NON_LUS]
    for motif in NOMMES:
        secrets += ["--exclude-secrets", motif]
    return {
        "bandit": [outil("bandit"), "-q", "-r", "-c", "pyproject.toml", "tdba", "wsgi.py", "worker.py"],
        "semgrep": semgrep(RACINE, "tdba", "wsgi.py", "worker.py"),
        "secrets": [*secrets, *fichiers()],
    }


def fichiers() -> list[str]:
    """What is committed or about to be; outside a git checkout, what lies where code and documents are."""
    commande = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=True)
        noms = fait.stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        dossiers = ("tdba", "tests", "migrations", "docs", "benchmarks")
        noms = [str(f.relative_to(RACINE)) for dossier in dossiers for f in (RACINE / dossier).rglob("*.*")]
    return [nom for nom in noms if nom and (RACINE / nom).is_file()]


def main() -> int:
    """Make the environment again when its lock or this Python changed."""
    from tdba.local.preparation import creer, installer

    voulue = hashlib.sha256(sys.version.encode() + EXIGENCES.read_bytes()).hexdigest()
    if TEMOIN.exists() and TEMOIN.read_text() == voulue:
        return 0
    dire(
        "· security tools: installing bandit, semgrep and detect-secrets (110 MB to fetch, 400 MB on the disk)"
    )
    creer(VENV)
    installer(VENV, EXIGENCES)
    TEMOIN.write_text(voulue)
    return 0


if __name__ == "__main__":
    sys.exit(executer(main))
