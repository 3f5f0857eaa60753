"""What is committed: locked dependencies without a host, commands that exist."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]

# In pieces: these very names may not be written in a committed file.
REGISTRES = tuple(
    ".".join(morceaux)
    for morceaux in (
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("yarnpkg", "com"),
    )
)


def test_no_committed_file_names_a_package_registry() -> None:
    for nom in _fichiers():
        contenu = (RACINE / nom).read_text(errors="ignore")
        assert not [registre for registre in REGISTRES if registre in contenu], nom


def _fichiers() -> list[str]:
    """Return the files that are committed or about to be; outside a git checkout, the locks at least."""
    commande = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ["package-lock.json", *(f.name for f in RACINE.glob("requirements*.txt"))]
    return [nom for nom in fait.stdout.split("\0") if nom and (RACINE / nom).is_file()]


def test_the_npm_lock_says_what_not_where() -> None:
    verrou = json.loads((RACINE / "package-lock.json").read_text())
    paquets = {nom: paquet for nom, paquet in verrou["packages"].items() if nom}
    assert paquets
    for nom, paquet in paquets.items():
        assert paquet["integrity"].startswith("sha512-"), nom
        assert "resolved" not in paquet, nom
    declare = json.loads((RACINE / "package.json").read_text())
    voulues = {**declare["dependencies"], **declare["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in voulues.values())
    assert {nom: paquets[f"node_modules/{nom}"]["version"] for nom in voulues} == voulues


@pytest.mark.parametrize(
    "nom", ["requirements", "requirements-local", "requirements-node", "requirements-securite"]
)
def test_each_requirement_is_pinned_hashed_and_locked(nom: str) -> None:
    verrou = (RACINE / f"{nom}.txt").read_text()
    for bloc in re.split(r"\n(?=\S)", verrou):
        assert re.match(r"[\w.\[\],-]+==\S+ .*\\\n    --hash=sha256:[0-9a-f]{64}", bloc), bloc[:60]
    for ligne in (RACINE / f"{nom}.in").read_text().splitlines():
        exigence = ligne.partition("#")[0].strip()
        if exigence and not exigence.startswith("-r"):
            paquet, version = re.fullmatch(r"([\w-]+)(?:\[[\w,]+\])?==(\S+)", exigence).groups()  # type: ignore[union-attr]
            assert re.search(rf"^{paquet}(\[\w+\])?=={re.escape(version)} ", verrou, re.MULTILINE), exigence


def test_procfile_commands_exist() -> None:
    lignes = dict(ligne.split(": ", 1) for ligne in (RACINE / "Procfile").read_text().splitlines())
    assert set(lignes) == {"web", "worker", "scheduler", "release"}
    for commande in lignes.values():
        programme, premier, *_reste = commande.split()
        assert (Path(sys.executable).parent / programme).exists(), commande
        fichier = {"python": premier, "gunicorn": "wsgi.py", "flask": "wsgi.py"}[programme]
        assert (RACINE / fichier).exists(), commande


def test_ci_runs_the_readme_command_and_nothing_else() -> None:
    lignes = [
        ligne
        for ligne in (RACINE / ".ci/run").read_text().splitlines()
        if ligne and not ligne.startswith("#")
    ]
    assert lignes[0] == "set -euo pipefail"
    assert lignes[1].startswith("cd ")
    assert lignes[2:] == ["exec make test"]
    assert (RACINE / ".ci/run").stat().st_mode & 0o111


def test_help_lists_every_task() -> None:
    makefile = (RACINE / "Makefile").read_text()
    taches = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    aide = subprocess.run(["make", "help"], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\w+) ", aide, re.MULTILINE)) == taches
