"""On a first morning, from an extract of its software with other column names, a CFA sees its list: screens counted."""

from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, Response, expect

from tdba.organismes.models import Organisme
from tests import factories as f
from tests.browser.cfa import Ouvrier
from tests.browser.ecran import Ecrans
from tests.browser.pages import Connexion, Vue
from tests.browser.site import Site
from tests.depots.aides import EXTRAIT, xlsx

pytestmark = pytest.mark.navigateur

_numeros = count(1)


@dataclass(frozen=True)
class Cfa:
    directrice: str
    extrait: bytes


@pytest.fixture
def cfa(site: Site) -> Cfa:
    """A CFA of which nothing was ever received, and the list that its director took out of her software."""
    n = next(_numeros)
    directrice = f"Soizic Matin {n}"
    with site.systeme() as session:
        organisme = f.un_organisme(session, f"CFA du Matin {n}")
        organisation = f.une_organisation(
            session, "ORGANISME_FORMATION", organisme.nom, regle="ETABLISSEMENTS", organismes=[organisme]
        )
        personne = f.une_personne(session, "Soizic", f"Matin {n}")
        site.accueillir(session, directrice, f.une_habilitation(session, personne, organisation))
        return Cfa(directrice, _extrait(organisme))


def _extrait(organisme: Organisme) -> bytes:
    """Two apprentices of this year; the school year stands under a title that nobody knows."""
    autres = {
        "Année scolaire": "2026/2027",
        "Date d'inscription": "01-09-2026",
        "Date d'entrée en formation": "02.09.2026",
        "Date de fin de formation": "31/07/28",
        "Début contrat": "2026-09-08",
        "Fin contrat": "31/07/2028",
        "Code UAI site": organisme.uai,
        "SIRET site": organisme.siret,
    }
    cellules = dict(EXTRAIT) | autres
    zoe = cellules | {"Matricule": "A-1043", "Nom de naissance": "Quéméneur", "Prénom": "Zoé"}
    entetes = ["Cohorte" if nom == "Année scolaire" else nom for nom in cellules]
    return xlsx([*entetes, "Vu en réunion"], *([*r.values(), "oui"] for r in (cellules, zoe)))


def compter_les_ecrans(page: Page) -> list[str]:
    """Every page that is loaded from now on. What a page changes in itself is no other screen."""
    vus: list[str] = []

    def noter(reponse: Response) -> None:
        if reponse.request.resource_type == "document" and reponse.ok:
            vus.append(urlsplit(reponse.url).path)

    page.on("response", noter)
    return vus


def relire(page: Page, ouvrier: Ouvrier, *, script: bool) -> None:
    """Let the job end; the page then shows what became of the file, by itself or when asked again."""
    ouvrier.travailler()
    if not script:
        Vue(page).suivre("Actualiser")


@pytest.mark.parametrize("script", [True, False], ids=["avec script", "sans script"])
def test_un_premier_matin_d_un_extrait_de_l_erp_a_la_liste(
    site: Site, ecrans: Ecrans, cfa: Cfa, script: bool
) -> None:
    page = ecrans.ouvrir(script=script)
    vus = compter_les_ecrans(page)
    ouvrier = Ouvrier(site)
    vue = Vue(page)

    page.goto("/connexion")
    Connexion(page).s_identifier_comme(cfa.directrice)
    page.get_by_role("navigation", name="Menu", exact=True).get_by_role(
        "link", name="Importer un fichier"
    ).click()
    joint = FilePayload(name="extraction.xlsx", mimeType="application/octet-stream", buffer=cfa.extrait)
    page.get_by_label("Fichier", exact=True).set_input_files(joint)
    vue.presser("Déposer le fichier")
    vue.intitulee("Import de « extraction.xlsx »")

    relire(page, ouvrier, script=script)
    expect(vue.contenu).to_contain_text("Dites ce que veut dire chaque colonne")
    expect(page.get_by_label("Prénom", exact=True)).to_have_value("prenom_apprenant")
    expect(page.get_by_label("Vu en réunion", exact=True)).to_have_value("")
    page.get_by_label("Cohorte", exact=True).select_option("annee_scolaire")
    vue.presser("Continuer")

    expect(vue.contenu).to_contain_text("Actualiser")
    relire(page, ouvrier, script=script)
    expect(vue.contenu).to_contain_text("2 fiches : 2 nouvelles, 0 modifiée, 0 inchangée, 0 refusée.")
    expect(vue.contenu).to_contain_text("Quéméneur Zoé")
    vue.presser("Confirmer l’import")

    expect(vue.contenu).to_contain_text("Actualiser")
    relire(page, ouvrier, script=script)
    expect(vue.contenu).to_contain_text("Enregistré le 18 novembre 2026")
    page.get_by_role("navigation", name="Menu", exact=True).get_by_role("link", name="Effectifs").click()
    vue.intitulee("Effectifs")
    expect(page.locator("main tbody tr", has_text="QUÉMÉNEUR")).to_have_count(1)
    expect(page.locator("main tbody tr", has_text="LENÔTRE")).to_have_count(1)
    assert len(vus) == (8 if script else 11), vus
