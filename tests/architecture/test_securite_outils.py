"""Our semgrep rules see what they forbid, and let the right way through: a rule that sees nothing passes every day."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tdba.local import securite
from tdba.local.commun import RACINE

REGLES = "docs/securite/semgrep.yml"
FLASK = "import flask\nfrom flask import redirect, request, url_for\nfrom sqlalchemy import text\n"

EXEMPLES: dict[str, tuple[str, str, str]] = {
    "requete-composee": (
        "py",
        'connexion.exec_driver_sql("SELECT 1 WHERE nom = %(nom)s", {"nom": nom})',
        "connexion.exec_driver_sql(f\"SELECT 1 WHERE nom = '{nom}'\")",
    ),
    "saisie-dans-une-requete": (
        "py",
        f'{FLASK}tri = TRIS.index(request.args["tri"])\nrequete = text("SELECT 1").bindparams(tri=tri)',
        f'{FLASK}tri = request.args["tri"]\nordre = "ORDER BY " + tri\nrequete = text(ordre)',
    ),
    "redirection-vers-une-saisie": (
        "py",
        f'{FLASK}suite = web.adresse_locale(request.args.get("suite"))\nredirect(suite or url_for("accueil"))',
        f'{FLASK}suite = request.args.get("suite")\nredirect(suite or url_for("accueil"))',
    ),
    "saisie-dans-un-chemin": (
        "py",
        f"{FLASK}open(DOSSIER / str(depot_id))",
        f'{FLASK}open(DOSSIER / request.form["nom"])',
    ),
    "html-compose": (
        "py",
        'from markupsafe import Markup\nMarkup("<p>{}</p>").format(nom)',
        'from markupsafe import Markup\nMarkup(f"<p>{nom}</p>")',
    ),
    "gabarit-compose": (
        "py",
        'flask.render_template("page.html", phrase=phrase)',
        "import flask\nflask.render_template_string(phrase)",
    ),
    "echappement-retire": ("html", "<p>{{ note }}</p>", "<p>{{ note|safe }}</p>"),
    "adresse-d-ailleurs-dans-une-page": (
        "html",
        '<img src="/static/marque.svg">',
        '<img src="https://ailleurs.invalid/marque.svg">',
    ),
    "secret-compare": (
        "py",
        "hmac.compare_digest(jeton, attendu)\nrequete.where(Lien.jeton == jeton)",
        "if lien.jeton == attendu: pass",
    ),
    "nom-dans-les-traces": (
        "py",
        'log.info("account %s", personne.id)',
        'log.info("account %s", personne.nom)',
    ),
    "hote-de-la-requete": (
        "py",
        f'{FLASK}adresse = configuration.base_url + url_for("accueil")',
        f'{FLASK}adresse = url_for("accueil", _external=True)',
    ),
    "appel-sortant": ("py", "from urllib.parse import urlsplit", "import urllib.request"),
    "redirection-suivie-au-dehors": (
        "py",
        "client.get(adresse)",
        "import requests\nrequests.get(adresse, timeout=3)",
    ),
    "programme-lance": ("py", "import shutil", "import subprocess"),
    "cookie-pose-ailleurs": (
        "py",
        'reponse.headers["Vary"] = "Cookie"',
        'reponse.set_cookie("choix", "oui")',
    ),
    "role-national": ("py", "scope.courant()", 'with scope.systeme("une page"): pass'),
    "jeton-de-formulaire-retire": ("py", "csrf.protect()", "csrf.exempt(vue)"),
    "envoi-public-sans-limite": (
        "py",
        '@bp.post("/a")\n@public("porte")\n@debit("connexion")\ndef a(): ...',
        '@bp.post("/a")\n@public("porte")\ndef a(): ...',
    ),
    "page-ecrite-par-le-script": ("js", "zone.textContent = phrase;", "zone.innerHTML = phrase;"),
    "garde-dans-le-navigateur": (
        "js",
        'localStorage.setItem(CLE, choix ? "oui" : "non");',
        "localStorage.setItem(CLE, note);",
    ),
}
"""For each rule: the kind of file, the right way, and what it forbids."""


def test_chaque_regle_a_son_exemple() -> None:
    regles = re.findall(r"^  - id: (.+)$", (RACINE / REGLES).read_text(), re.MULTILINE)
    assert sorted(regles) == sorted(EXEMPLES)


def test_chaque_regle_voit_le_mauvais_exemple_et_laisse_le_bon(tmp_path: Path) -> None:
    if not Path(securite.outil("semgrep")).exists():
        pytest.skip("semgrep is not installed: `make setup`")
    for regle, (genre, bon, mauvais) in EXEMPLES.items():
        (tmp_path / f"{regle}.bon.{genre}").write_text(bon + "\n")
        (tmp_path / f"{regle}.mauvais.{genre}").write_text(mauvais + "\n")
    commande = [
        argument for argument in securite.semgrep(tmp_path, str(tmp_path), "--json") if argument != "--error"
    ]
    fait = subprocess.run(
        commande,
        cwd=RACINE,
        env=securite.SILENCE | {"PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    lu = json.loads(fait.stdout)
    assert lu["errors"] == []
    trouves = {
        (Path(r["path"]).name.split(".")[0], Path(r["path"]).name.split(".")[1]) for r in lu["results"]
    }
    siens = {r["check_id"].rsplit(".", 1)[1] for r in lu["results"]}
    assert trouves == {(regle, "mauvais") for regle in EXEMPLES}
    assert siens == set(EXEMPLES)
