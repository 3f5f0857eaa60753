"""A kind of page: where it is, who looks at it, and what is done there before it is looked at."""

from dataclasses import dataclass

from playwright.sync_api import FilePayload, Page

from tests.browser.ecran import Ecrans
from tests.browser.site import Site


@dataclass(frozen=True)
class Genre:
    """A kind of page: its address (or the name of one in `Site.adresses`) and who looks at it."""

    nom: str
    qui: str | None
    adresse: str
    statut: int = 200
    envoyer: str | None = None
    """The button that sends the form of the page, for the page that answers it."""
    remplir: tuple[tuple[str, str], ...] = ()
    """What is typed before, by label; or the name of what `Site.adresses` keeps of it."""
    cocher: tuple[str, ...] = ()
    """The boxes ticked before, by a part of their label."""
    fichier: bytes | None = None
    """The file given before."""
    mene: str | None = None
    """The address that sending leads to, when it is another page."""

    def ouvrir(self, ecrans: Ecrans, site: Site, *, script: bool = True) -> Page:
        page = ecrans.ouvrir(self.qui, script=script)
        reponse = page.goto(site.adresses.get(self.adresse, self.adresse))
        for libelle, valeur in self.remplir:
            page.get_by_role("main").get_by_label(libelle).fill(site.adresses.get(valeur, valeur))
        for libelle in self.cocher:
            page.get_by_role("main").get_by_role("checkbox", name=libelle).check()
        if self.fichier is not None:
            joint = FilePayload(name="liste.xlsx", mimeType="application/octet-stream", buffer=self.fichier)
            page.locator("main input[type=file]").set_input_files(joint)
        if self.envoyer:
            with page.expect_navigation() as navigation:
                page.get_by_role("main").get_by_role("button", name=self.envoyer, exact=True).click()
            reponse = navigation.value
        assert reponse is not None
        assert reponse.status == self.statut, f"{self.adresse}: {reponse.status}"
        return page
