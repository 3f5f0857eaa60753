"""Every kind of page, light and dark, by axe-core; on a phone and at 320 px; and what its console says (decision 3)."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests import base_test
from tests.browser.catalogue import GENRES
from tests.browser.ecran import ETROIT, LARGE, TELEPHONE, Ecrans, deborde
from tests.browser.genre import Genre
from tests.browser.site import Site

pytestmark = pytest.mark.navigateur

NORMES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.mark.parametrize("genre", GENRES, ids=lambda g: g.nom)
def test_la_page_se_lit_en_clair_en_sombre_et_sur_un_ecran_etroit(
    genre: Genre, site: Site, ecrans: Ecrans
) -> None:
    """320 px is also what 1280 px shows at 400 %. A table may scroll inside its frame, the page never does."""
    page = genre.ouvrir(ecrans, site)
    page.evaluate("for (const d of document.querySelectorAll('main details')) d.open = true")
    defauts = {"clair": violations(page), "sombre": contrastes_en_sombre(page)}
    for largeur, hauteur in (LARGE, TELEPHONE, ETROIT):
        page.set_viewport_size({"width": largeur, "height": hauteur})
        defauts[f"{largeur} px"] = deborde(page)
    assert {ou: trouves for ou, trouves in defauts.items() if trouves} == {}


@pytest.mark.parametrize("nom", ["menu-telephone", "personne"])
def test_les_menus_ouverts_sont_lisibles_et_tiennent_au_telephone(
    nom: str, site: Site, ecrans: Ecrans
) -> None:
    page = ecrans.ouvrir("directrice de la vitrine")
    page.set_viewport_size({"width": ETROIT[0], "height": ETROIT[1]})
    page.goto("/effectifs")
    page.locator(f".{nom} > summary").click()
    assert deborde(page) + violations(page) + contrastes_en_sombre(page) == []


def test_un_appel_se_note_au_telephone_sans_defiler_de_cote(site: Site, ecrans: Ecrans) -> None:
    """The table is wider than the phone; the form that opens in its row is not."""
    page = ecrans.ouvrir("directrice de la vitrine")
    page.set_viewport_size({"width": TELEPHONE[0], "height": TELEPHONE[1]})
    page.goto("/ruptures")
    page.get_by_role("link", name="Noter un appel").first.click()
    formulaire = page.locator("#liste table form")
    expect(formulaire).to_be_visible()
    boite = formulaire.bounding_box()
    assert boite is not None
    assert 0 <= boite["x"] < boite["x"] + boite["width"] <= TELEPHONE[0]
    assert violations(page) == []


def test_axe_trouve_une_faute_plantee(site: Site, ecrans: Ecrans) -> None:
    """A net without a hole: the same call, on a page made worse."""
    page = ecrans.ouvrir()
    page.goto("/connexion")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<input><p class=\"pale\">pâle</p>')"
    )
    page.evaluate("document.querySelector('.pale').style.color = '#ccc'")
    assert [v.split(":")[0] for v in violations(page)] == ["color-contrast", "label"]


def test_une_page_trop_large_se_voit(site: Site, ecrans: Ecrans) -> None:
    page = ecrans.ouvrir()
    page.set_viewport_size({"width": ETROIT[0], "height": ETROIT[1]})
    page.goto("/connexion")
    page.evaluate("document.querySelector('h1').style.width = '40rem'")
    assert deborde(page) != []


def test_chaque_page_que_lon_peut_ouvrir_est_regardee(site: Site) -> None:
    """A GET route that no line of the catalogue opens must say why."""
    routes = site.fabrique.url_map
    chemins = [(g.mene or site.adresses.get(g.adresse, g.adresse)).partition("?")[0] for g in GENRES]
    vues = {routes.bind("localhost").match(chemin, method="GET")[0] for chemin in chemins}
    lues = {regle.endpoint for regle in routes.iter_rules() if "GET" in (regle.methods or set())}
    assert lues - vues == SANS_PAGE


SANS_PAGE = {
    "static",
    "sante.processus",
    "sante.service",
    "comptes.saisie_gardee",  # sends on, but for who typed in a session that ended: tests/comptes/test_saisies
    "api_documentation.document",  # what follows answers no page
    "api_v3.corrections",
    "api_v3.transmission",
    "api_v3.transmissions",
    "depots.a_corriger",
    "devenirs.resultats_csv",
    "devenirs.territoire_csv",
    "depots.modele",
    "rapprochements.telecharger",
    "ruptures.declaree",  # sends on to the file just opened: tests/ruptures/test_declarer
    "sifa.commencer",  # sends on to the first record to complete: tests/sifa
    "transmissions.refusees",
    "comptes.retour",  # sends on, or shows the refusals that tests/comptes reads one by one
}


def violations(page: Page) -> list[str]:
    """What axe-core holds against the page as it is shown now."""
    return _axe(page, {"type": "tag", "values": NORMES})


def contrastes_en_sombre(page: Page) -> list[str]:
    """The one rule whose answer depends on the theme."""
    page.emulate_media(color_scheme="dark")
    return _axe(page, {"type": "rule", "values": ["color-contrast"]})


def _axe(page: Page, seulement: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source_axe())
    resultat: dict[str, Any] = page.evaluate(
        "seulement => axe.run(document, {runOnly: seulement, resultTypes: ['violations']})", seulement
    )
    return [
        f"{v['id']}: {noeud['target']} {noeud['failureSummary']}"
        for v in resultat["violations"]
        for noeud in v["nodes"]
    ]


@cache
def _source_axe() -> str:
    """The pinned one of npm; else the one inside the Python package, somewhat older."""
    candidats = (
        base_test.RACINE / "node_modules" / "axe-core" / "axe.min.js",
        Path(axe_playwright_python.__file__).with_name("axe.min.js"),
    )
    return next(c for c in candidats if c.exists()).read_text()
