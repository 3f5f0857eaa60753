"""What a person sees and does on each page, in their words; the journeys read as sentences on top of it."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

VISIBLE = """(() => {
  const ici = document.activeElement;
  // The calendar inside a date field is drawn, with its focus, by the browser: the page cannot read it.
  return getComputedStyle(ici).outlineStyle !== 'none' || ici.matches('input[type=date]:not(:focus-visible)');
})()"""


class Vue:
    """What every page of ours has."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.contenu = page.get_by_role("main")
        self.titre = page.get_by_role("heading", level=1)
        self.annonces = page.locator("#annonces")

    def ouvrir(self, adresse: str) -> Self:
        self.page.goto(adresse)
        return self

    def intitulee(self, titre: str | re.Pattern[str]) -> Self:
        expect(self.titre).to_have_text(titre)
        return self

    def dit(self, phrase: str) -> Self:
        """The sentence stands in the page's one live region."""
        expect(self.annonces).to_contain_text(phrase)
        return self

    def lien(self, nom: str) -> Locator:
        return self.contenu.get_by_role("link", name=nom)

    def suivre(self, nom: str) -> None:
        self.lien(nom).first.click()

    def presser(self, nom: str) -> None:
        self.contenu.get_by_role("button", name=nom, exact=True).click()

    def chercher(self, texte: str) -> None:
        """Use the search of the top bar."""
        champ = self.page.locator("#recherche")
        champ.fill(texte)
        champ.press("Enter")

    def se_deconnecter(self) -> None:
        self.page.locator(".personne > summary").click()
        self.page.get_by_role("button", name="Se déconnecter").click()


class Connexion(Vue):
    """Our login page, then the identity provider's."""

    def s_identifier_comme(self, prenom_nom: str) -> None:
        self.intitulee("Connexion")
        self.presser("S’identifier avec ProConnect")
        expect(self.titre).to_have_text("Qui êtes-vous ?")
        self.page.get_by_role("button", name=prenom_nom, exact=True).click()


class Fiche(Vue):
    """The sheet of an apprentice, and the forms that correct it."""

    def de_statut(self, mot: str) -> Self:
        expect(self.page.locator("#fiche .entete .statut-mot")).to_have_text(mot)
        return self

    def corriger_le_contrat(self) -> Self:
        self.suivre("Corriger le contrat 1")
        return self

    def saisir(self, champ: str, valeur: str) -> Self:
        self.contenu.get_by_label(re.compile(rf"^{champ}")).fill(valeur)
        return self

    def choisir_la_raison(self, raison: str) -> Self:
        self.contenu.get_by_label(raison).check()
        return self

    @property
    def consequence(self) -> Locator:
        return self.page.locator("div.consequence")

    @property
    def historique(self) -> Locator:
        return self.page.locator("#historique tbody tr")


class Suivi(Vue):
    """The director's first page and the worklists: the same rows, the same gesture."""

    def ligne(self, nom: str) -> Locator:
        return self.contenu.locator("tbody tr", has_text=nom)

    def debut_de_saisie(self, nom: str) -> Locator:
        """Where the form in a row begins."""
        return self.ligne(nom).locator("[data-focus]", has_text="Noter un appel")

    def noter_un_appel_avec(self, nom: str) -> Self:
        self.ligne(nom).get_by_role("link", name="Noter un appel").click()
        expect(self.debut_de_saisie(nom)).to_be_focused()
        return self

    def repondre(self, resultat: str, *, prochaine: str) -> Self:
        self.contenu.get_by_label(resultat, exact=True).check()
        self.contenu.get_by_label(re.compile("^Prochaine étape le")).fill(prochaine)
        return self


class Clavier:
    """Somebody without a mouse, who must see at each step where they are."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def taper(self, *touches: str) -> Self:
        for touche in touches:
            self.page.keyboard.press(touche)
        return self

    def ecrire(self, texte: str) -> Self:
        self.page.keyboard.type(texte)
        return self

    def aller_a(self, cible: Locator) -> Self:
        """Press Tab until the target has the focus; every stop on the way shows it."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            ici = self.page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            assert self.page.evaluate(VISIBLE), f"the focus does not show on {ici}"
            if cible.evaluate("e => e === document.activeElement"):
                return self
        raise AssertionError("the target is out of reach of the keyboard")
