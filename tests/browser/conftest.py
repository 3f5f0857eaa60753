"""A live site, the demo identity provider and a real Chromium, for tests that see what people see.

The server runs in a thread of this process, so that the frozen clock of the tests is also the site's.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tdba import horloge
from tdba.local import navigateur
from tdba.local.commun import Echec
from tests.browser.ecran import Ecrans
from tests.browser.site import VENDOR, Site, enquete_ouverte, ouvrir_site
from tests.conftest import MIDI

DRAPEAUX = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Chromium as root, in a container, without a call outside."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser. Without one these tests are skipped, and fail where CI=true."""
    raison = (
        os.environ.get("TDBA_SANS_NAVIGATEUR") or "no Chromium: install one, or give its path in CHROMIUM"
    )
    try:
        trouve = navigateur.trouver()
    except Echec as echec:
        trouve, raison = None, str(echec)
    if trouve is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(raison)
    if not VENDOR.is_dir():
        pytest.fail("the front-end assets are missing: run `make setup`")
    return trouve


@pytest.fixture(scope="session")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        lance = playwright.chromium.launch(executable_path=chromium, args=list(DRAPEAUX))
        yield lance
        lance.close()


@pytest.fixture(scope="session")
def site_vivant(chromium: str) -> Iterator[Site]:
    """The site, its people and its records, committed once for all the tests of this worker."""
    with ouvrir_site(os.environ.get("PYTEST_XDIST_WORKER", "gw0")) as site:
        yield site


@pytest.fixture
def site(site_vivant: Site) -> Iterator[Site]:
    """The live site at the tests' noon; nothing else of this worker sees its clock."""
    with enquete_ouverte(), horloge.regler(MIDI):
        yield site_vivant


@pytest.fixture
def ecrans(site: Site, chrome: Browser) -> Iterator[Ecrans]:
    """Opens browser windows. Whatever they show without asking (console, blocked content) fails the test."""
    ouverts = Ecrans(chrome, site)
    yield ouverts
    fautes = ouverts.fermer()
    assert fautes == [], "\n".join(fautes)
