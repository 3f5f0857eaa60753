"""Windows of a real browser, watched: a console error, a blocked content or a broken asset fails the test."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.browser.site import Site

LARGE, TELEPHONE, ETROIT = (1280, 900), (390, 844), (320, 640)
PATIENCE = 10_000
"""Milliseconds before a missing thing is missing: two cores may be busy with other tests."""


class Ecrans:
    """Opens windows and gathers what they complain about."""

    def __init__(self, chrome: Browser, site: Site) -> None:
        self.chrome, self.site = chrome, site
        self.fautes: list[str] = []
        self._contextes: list[BrowserContext] = []

    def ouvrir(self, qui: str | None = None, *, script: bool = True, **options: Any) -> Page:
        """A window of a browser of its own; the session of that person is already open if given."""
        contexte = self.chrome.new_context(
            base_url=self.site.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=script,
            reduced_motion="reduce",
            viewport={"width": LARGE[0], "height": LARGE[1]},
            **options,
        )
        self._contextes.append(contexte)
        contexte.set_default_timeout(PATIENCE)
        if qui is not None:
            jeton = self.site.jeton(qui)
            contexte.add_cookies(
                [{"name": self.site.configuration.cookie_session, "value": jeton, "url": self.site.url}]
            )
        page = contexte.new_page()
        self._surveiller(page)
        return page

    def fermer(self) -> list[str]:
        for contexte in self._contextes:
            contexte.close()
        return self.fautes

    def _surveiller(self, page: Page) -> None:
        page.on("console", self._entendre)
        page.on("pageerror", lambda erreur: self.fautes.append(f"{page.url}: script error: {erreur}"))
        page.on("response", self._recevoir)

    def _entendre(self, message: ConsoleMessage) -> None:
        # A refusal (403, 404, 409, 422) is an answer like another; Chromium also logs it. `_recevoir` judges it.
        attendu = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in ("error", "warning") and not attendu:
            self.fautes.append(
                f"{urlsplit(message.location['url']).path}: console {message.type}: {message.text}"
            )

    def _recevoir(self, reponse: Response) -> None:
        annexe = reponse.request.resource_type not in ("document", "fetch", "xhr")
        if reponse.status >= (400 if annexe else 500):
            self.fautes.append(
                f"{reponse.request.method} {urlsplit(reponse.url).path} answered {reponse.status}"
            )


def deborde(page: Page) -> list[str]:
    """What makes the page wider than its window; empty when nothing scrolls sideways."""
    trouves: list[str] = page.evaluate(
        """() => {
          const large = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= large) return [];
          const sort = (e) => { if (!e.checkVisibility()) return false; for (let p = e.parentElement; p; p = p.parentElement)
            if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(p).overflowX)) return false;
            return e.getBoundingClientRect().right > large + 0.5; };
          const noms = [...document.body.querySelectorAll("*")].filter(sort)
            .map((e) => `${e.tagName.toLowerCase()}.${e.className} ${Math.round(e.getBoundingClientRect().right)} > ${large}`);
          return noms.length ? noms.slice(0, 5) : [`page ${document.documentElement.scrollWidth} > ${large}`];
        }"""
    )
    return trouves
