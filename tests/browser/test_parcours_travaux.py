"""Journeys on many records: the yearly survey completed and taken away, an ERP's file checked, a list exported."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tdba.sifa import fichier, queries
from tdba.sifa.colonnes import NOMS, Rangee
from tests import factories as f
from tests.browser.cfa import Cfa, Ouvrier, un_cfa
from tests.browser.ecran import Ecrans
from tests.browser.pages import Vue
from tests.browser.site import Site
from tests.sifa.aides import un_compte

pytestmark = pytest.mark.navigateur

INCOMPLETE = {
    "type_cfa": "09",
    "dernier_organisme_uai": "035",
    "code_commune_insee_de_naissance_apprenant": "35238",
}


@pytest.fixture
def cfa(site: Site) -> Cfa:
    return un_cfa(site, "des Travaux")


def telecharger(page: Page, bouton: str) -> tuple[str, bytes]:
    """The name of the file and what is in it."""
    with page.expect_download() as telechargement:
        Vue(page).presser(bouton)
    recu = telechargement.value
    return recu.suggested_filename, Path(recu.path()).read_bytes()


def rangees(contenu: bytes) -> list[list[str]]:
    assert contenu.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(contenu.decode("utf-8-sig")), delimiter=";", quoting=csv.QUOTE_NONE))


def test_l_enquete_se_complete_fiche_apres_fiche_puis_s_emporte(site: Site, ecrans: Ecrans, cfa: Cfa) -> None:
    with site.systeme() as session:
        for nom in ("AMAR", "BRUN"):
            un_compte(session, cfa.organisme, nom=nom, source=INCOMPLETE)
    page = ecrans.ouvrir(cfa.directrice, accept_downloads=True)
    vue = Vue(page).ouvrir("/aujourd-hui")
    page.get_by_role("navigation", name="Menu", exact=True).get_by_role("link", name="Enquête SIFA").click()
    expect(vue.contenu).to_contain_text("2 apprentis comptés : 0 fiche complète, 2 à compléter.")
    vue.suivre("Compléter l’une après l’autre")

    for rang, nom in enumerate(("AMAR", "BRUN")):
        vue.intitulee(f"Alix {nom}")
        expect(vue.contenu).to_contain_text(f"Fiche 1 sur {2 - rang} à compléter.")
        page.get_by_label("Situation l’an dernier").select_option("3003")
        vue.presser("Enregistrer et ouvrir la suivante")
    vue.intitulee(re.compile("^À compléter"))
    expect(vue.contenu).to_contain_text("Toutes les fiches sont complètes.")

    page.go_back()
    vue.ouvrir(f"/sifa/2026/{cfa.organisme.id}").suivre("Voir le fichier")
    expect(vue.contenu).to_contain_text("2 lignes dans le fichier, dont 0 à compléter.")
    nom, contenu = telecharger(page, "Télécharger en CSV")
    assert nom == f"sifa-2026-{cfa.organisme.uai}.csv"
    assert [(len(ligne), ligne[NOMS.index("NOM")]) for ligne in rangees(contenu)] == [
        (47, "AMAR"),
        (47, "BRUN"),
    ]


def test_le_fichier_d_un_erp_se_controle_regle_par_regle_et_nom_par_nom(
    site: Site, ecrans: Ecrans, cfa: Cfa
) -> None:
    """A sex that is missing, a name that the list has not, another that the file has not."""
    with site.systeme() as session:
        for nom in ("AMAR", "BRUN"):
            un_compte(session, cfa.organisme, nom=nom)
        (amar, _) = (d.rangee for d in queries.dossiers(cfa.organisme.id, 2026))
    sien: list[Rangee] = [amar | {"SEXE": ""}, amar | {"NOM": "INCONNU", "INE": ""}]
    page = ecrans.ouvrir(cfa.directrice)
    vue = Vue(page).ouvrir("/sifa")
    vue.suivre("Contrôler le fichier de mon ERP")
    joint = FilePayload(name="sifa.csv", mimeType="text/csv", buffer=fichier.csv(sien))
    page.locator("main input[type=file]").set_input_files(joint)
    vue.presser("Contrôler")

    expect(vue.contenu).to_contain_text(
        "2 lignes lues : 1 est dans notre liste de 2, 1 n’y est pas, 1 manque"
    )
    constat = page.locator("#constats tbody tr", has_text="Le sexe est inconnu")
    expect(constat.get_by_role("cell").last).to_have_text("1")
    expect(page.locator("#en-trop tbody tr")).to_contain_text("INCONNU")
    expect(page.locator("#absents tbody tr")).to_contain_text("BRUN")
    page.locator("summary", has_text="Sexe").click()
    expect(page.locator("#ecarts-SEXE tbody tr")).to_contain_text("vide")


def test_une_liste_s_exporte_avec_sa_raison_par_un_travail(site: Site, ecrans: Ecrans, cfa: Cfa) -> None:
    """Nothing leaves without a reason; the columns are the ones chosen; the file says where it comes from."""
    with site.systeme() as session:
        for nom in ("ABGRALL", "BIHAN"):
            f.un_apprenti(session, cfa.organisme, nom=nom)
    ouvrier, page = Ouvrier(site), ecrans.ouvrir(cfa.directrice, script=False, accept_downloads=True)
    vue = Vue(page).ouvrir("/effectifs?statut=APPRENTI")
    vue.suivre("Exporter")
    expect(vue.contenu).to_contain_text("Ce fichier contiendra 2 apprenants.")
    vue.presser("Préparer le fichier")
    expect(vue.contenu).to_contain_text("À quoi servira ce fichier")
    page.get_by_label("Répondre à l’OPCO ou à un financeur").check()
    page.get_by_label(re.compile("^Texte")).check()
    vue.presser("Préparer le fichier")
    expect(vue.contenu).to_contain_text("La demande est reçue.")

    ouvrier.travailler()
    vue.suivre("Actualiser")
    expect(vue.contenu).to_contain_text("Le fichier est prêt : 2 lignes.")
    nom, contenu = telecharger(page, "Télécharger le fichier")
    assert nom.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        (liste,) = (archive.read(n) for n in archive.namelist() if n.endswith(".csv"))
        notice = archive.read("LISEZMOI.txt").decode()
    assert [ligne[0] for ligne in rangees(liste)] == ["Nom", "ABGRALL", "BIHAN"]
    assert cfa.directrice in notice
