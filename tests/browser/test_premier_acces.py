"""A new director of a CFA that has no administrator: from the login button to their own list, screens counted."""

import pytest
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import select

from tdba.courriels import Courriel
from tdba.local.fournisseur_protocole import Personne
from tests import factories as f
from tests.browser.ecran import Ecrans
from tests.browser.pages import Connexion, Vue
from tests.browser.site import Site

pytestmark = pytest.mark.navigateur


def compter_les_ecrans(page: Page) -> list[str]:
    """Every page that the window shows from now on."""
    vus: list[str] = []

    def noter(cadre: Frame) -> None:
        if cadre == page.main_frame:
            vus.append(cadre.url)

    page.on("framenavigated", noter)
    return vus


def lien_recu(site: Site) -> str:
    """What the CFA reads in its mailbox."""
    with site.systeme() as session:
        requete = select(Courriel.texte).where(Courriel.genre == "lien_acces").order_by(Courriel.id.desc())
        texte = session.execute(requete.limit(1)).scalar_one() or ""
    return texte.split(site.url)[1].split()[0]


@pytest.mark.parametrize("script", [True, False], ids=["avec script", "sans script"])
def test_une_directrice_entre_dans_un_cfa_sans_administrateur_en_six_ecrans(
    site: Site, ecrans: Ecrans, script: bool
) -> None:
    nom = f"Awa Neuve {'avec' if script else 'sans'}"
    with site.systeme() as session:
        organisme = f.un_organisme(session, f"CFA neuf {nom}")
        organisme.courriel_referentiel = "accueil@cfa-neuf.invalid"
        f.un_apprenti(session, organisme, nom="QUÉMÉNEUR", prenom="Gwenn")
        siret = organisme.siret
    site.arrivants.append(
        Personne(nom, *nom.split(" ", 1), f"{script}@cfa-neuf.invalid", siret, "CFA neuf", "eidas1")
    )

    page = ecrans.ouvrir(script=script)
    vus = compter_les_ecrans(page)
    page.goto("/connexion")
    Connexion(page).s_identifier_comme(nom)
    Vue(page).intitulee(f"Demander l’accès à CFA neuf {nom}")
    page.get_by_label("Votre fonction").fill("directrice")
    Vue(page).presser("Demander cet accès")
    Vue(page).intitulee("Comment entrer")
    page.goto(lien_recu(site))
    Vue(page).intitulee("Confirmer votre entrée").presser("J’accepte cet engagement et j’entre")
    expect(page.get_by_role("main")).to_contain_text("QUÉMÉNEUR")
    assert len(vus) <= 6, vus
