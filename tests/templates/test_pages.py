"""The page around the work, the error pages, and the colours."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask, flash, render_template

from tests.templates.aides import GABARITS, RACINE, lire, regler, sain, texte

MENU = {
    "entrees": [
        {"libelle": "Aujourd’hui", "url": "/", "actif": True, "compte": 7},
        {"libelle": "Apprenants", "url": "/apprenants", "actif": False, "compte": None},
    ],
    "organisation": "CFA de la Rance",
    "role": "Directrice",
    "personne": "Jeanne Le Goff",
    "recherche_url": "/recherche",
    "recherche_libelle": "Rechercher un apprenant",
    "recherche_exemples": "Nom, INE…",
    "changer_url": None,
    "liens": [],
    "support_url": "/support",
}


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("galerie", template_folder=str(GABARITS), static_folder=None)
    app.secret_key = "test"
    regler(app.jinja_env)
    with app.test_request_context():
        yield app


PAGE = """{% extends "layout/page.html" %}{% set fil = [("Accueil", "/"), ("Ici", None)] %}
{% block titre %}L’essai & « moi »{% endblock %}{% block contenu %}<p>Corps.</p>{% endblock %}"""


def test_page(app: Flask) -> None:
    flash("Date corrigée.", "success")
    gabarit = app.jinja_env.from_string(PAGE.replace("« moi »", "l’autre"))
    page = lire(render_template(gabarit, menu=MENU, demo=True, bandeau="Dossier 118 ouvert."))
    assert page.get("lang") == "fr"
    assert texte(page.find(".//title")) == "L’essai & l’autre – Tableau de bord de l’apprentissage"
    assert [texte(h) for h in page.iter("h1")] == ["L’essai & l’autre"]
    assert page.find(".//a[@class='evitement']").get("href") == "#contenu"
    assert page.find(".//main").get("id") == "contenu"
    assert [e.get("id") for e in page.iter() if e.get("role") == "status" or e.get("aria-live")] == [
        "annonces"
    ]
    assert "Date corrigée." in texte(page.find(".//div[@id='annonces']"))
    assert "démonstration" in texte(page.find(".//header"))
    assert "Dossier 118 ouvert." in texte(page.find(".//header"))
    formulaires = page.findall(".//header//form")
    # The search and the logout change a session, and a name must not be in an address: both are POSTed.
    assert [f.get("method") for f in formulaires] == ["post", "post"]
    assert len(page.findall(".//header//input[@name='csrf_token']")) == 2
    assert texte(page.find(".//nav[@aria-label='Fil d’Ariane']//span[@aria-current='page']")) == "Ici"
    assert "Accessibilité : non conforme" in texte(page.find(".//footer"))


def test_page_of_a_stranger_shows_the_brand_alone(app: Flask) -> None:
    page = lire(render_template(app.jinja_env.from_string(PAGE.replace("« moi »", "")), menu=None))
    assert page.find(".//nav[@aria-label='Menu']") is None
    assert page.find(".//header//form") is None


CODES = [400, 403, 404, 405, 409, 413, 422, 429, 500, 503]


@pytest.mark.parametrize("code", CODES)
def test_error_pages_need_nothing_and_say_a_sentence(app: Flask, code: int) -> None:
    page = lire(render_template(f"errors/{code}.html"))
    titre = texte(page.find(".//h1"))
    assert titre.endswith(".")
    assert "rreur" not in titre
    assert str(code) not in texte(page.find(".//main"))
    assert "abc123" in texte(lire(render_template(f"errors/{code}.html", reference="abc123")).find(".//main"))
    fragment = render_template("errors/_fragment.html", code=code, reference="abc123")
    sain(fragment)
    assert "data-erreur" in fragment
    assert "abc123" in fragment


def test_404_says_scope_and_absence_alike(app: Flask) -> None:
    page = lire(render_template("errors/404.html"))
    assert texte(page.find(".//h1")) == "Cette page n’existe pas, ou n’est pas dans votre périmètre."


# Contrast: computed from the variables of app.css, so that a change of colour is judged at once.


def _couleurs() -> dict[str, dict[str, str]]:
    css = (RACINE / "static" / "app.css").read_text()
    blocs = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    clair, sombre = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", b)) for b in blocs if "--accent:" in b)
    return {"clair": clair, "sombre": clair | sombre}


def _luminance(hexa: str) -> float:
    hexa = "".join(c * 2 for c in hexa[1:]) if len(hexa) == 4 else hexa[1:]
    canaux = (int(hexa[i : i + 2], 16) / 255 for i in (0, 2, 4))
    r, v, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * r + 0.7152 * v + 0.0722 * b


def _contraste(a: str, b: str) -> float:
    clair, sombre = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


@pytest.mark.parametrize("theme", ["clair", "sombre"])
def test_contrast(theme: str) -> None:
    c = _couleurs()[theme]
    for encre in ("bs-body-color", "texte-doux", "bs-link-color"):
        for fond in ("bs-body-bg", "fond-survol", "fond-doux"):
            assert _contraste(c[encre], c[fond]) >= 7, (encre, fond)
    assert _contraste(c["sur-accent"], c["accent"]) >= 4.5
    assert _contraste(c["sur-accent"], c["accent-fort"]) >= 4.5
    assert _contraste(c["brique"], c["bs-body-bg"]) >= 4.5  # error messages
    for forme in ("vert", "ambre", "brique", "gris", "trait-champ", "accent"):
        for fond in ("bs-body-bg", "fond-survol"):
            assert _contraste(c[forme], c[fond]) >= 3, (forme, fond)
