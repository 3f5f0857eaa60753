"""Journeys on a record: a contradiction settled, two records of one person merged, rows in the bin, and the keyboard."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tdba.effectifs.contrats import ContratRecu
from tests import factories as f
from tests.browser.cfa import Cfa, Ouvrier, un_cfa
from tests.browser.ecran import Ecrans
from tests.browser.pages import Clavier, Fiche, Suivi, Vue
from tests.browser.site import Site
from tests.doublons.aides import nu
from tests.effectifs.aides import contrat_de, envoyer
from tests.effectifs.aides_contrats import FIN, OCTOBRE, recevoir
from tests.pages import Navigateur
from tests.transmissions.aides_api import travailler

pytestmark = pytest.mark.navigateur


@pytest.fixture
def cfa(site: Site) -> Cfa:
    return un_cfa(site, "des Fiches")


def contredire(cfa: Cfa) -> None:
    """A rupture that the director cancelled, and that the ERP sends again, on another day."""
    with cfa.site.systeme() as session:
        effectif = f.un_effectif(session, cfa.organisme, nom="KERGOAT", prenom="Nolwenn")
        recevoir(session, effectif, ContratRecu(OCTOBRE, FIN, date(2026, 11, 2)))
        directrice = Navigateur(cfa.site.fabrique, session).comme(cfa.habilitation)
        adresse = f"/contrats/{contrat_de(session, effectif).id}/rupture/annuler"
        assert envoyer(directrice, adresse).status_code == 303
        recevoir(session, effectif, ContratRecu(OCTOBRE, FIN, date(2026, 10, 20)), ine="B")


def test_un_conflit_se_regle_depuis_a_regler(ecrans: Ecrans, cfa: Cfa) -> None:
    """What accepting the ERP's value would change is said before; then the status follows, and nothing is left to settle."""
    contredire(cfa)
    page = ecrans.ouvrir(cfa.directrice)
    regler = Suivi(page).ouvrir("/a-regler")
    ligne = regler.ligne("l’ERP dit maintenant autre chose")
    expect(ligne).to_contain_text("Les chiffres sont faux")
    ligne.get_by_role("link", name="Choisir la valeur").click()

    regler.intitulee(re.compile("l’ERP dit autre chose"))
    expect(page.locator(".consequence")).to_contain_text(
        "Le statut passera de « apprenti » à « en rupture » au 20 octobre 2026"
    )
    regler.presser("Reprendre la valeur de l’ERP")
    fiche = Fiche(page).intitulee("Nolwenn KERGOAT").de_statut("en rupture")
    expect(fiche.historique).to_contain_text("Annulée.")
    regler.ouvrir("/a-regler")
    expect(regler.ligne("l’ERP dit maintenant autre chose")).to_have_count(0)


def test_deux_fiches_se_fusionnent_champ_par_champ_puis_se_separent(ecrans: Ecrans, cfa: Cfa) -> None:
    with cfa.site.systeme() as session:
        nu(f.un_sans_contrat, session, cfa.organisme, nom="LE GALL", prenom="Maël", telephone="0611223344")
        nu(f.un_apprenti, session, cfa.organisme, nom="LE GAL", prenom="Maël", telephone="0699887766")
        travailler(session)
    page = ecrans.ouvrir(cfa.directrice)
    vue = Vue(page).ouvrir("/effectifs")
    vue.suivre("Fiches qui se ressemblent")
    vue.suivre("Comparer")

    vue.intitulee(re.compile("une ou deux personnes"))
    page.get_by_label("Nom, fiche 2").check()
    page.get_by_label(re.compile("^Fiche 1,")).check()
    vue.presser("Voir ce qui changera")
    expect(vue.contenu).to_contain_text("Ce que la fusion changera")
    expect(page.locator(".consequence")).to_contain_text(
        "Le statut passera de « inscrit sans contrat » à « apprenti »"
    )
    expect(page.get_by_label("Nom, fiche 2")).to_be_checked()
    vue.presser("Fusionner les deux fiches")
    vue.dit("Fiches fusionnées à 12 h 00")
    expect(vue.contenu.get_by_text("Pris sur l’autre fiche")).to_contain_text("nom", ignore_case=True)
    vue.suivre("Ouvrir la fiche gardée")
    Fiche(page).intitulee("Maël LE GAL").de_statut("apprenti")

    page.go_back()
    vue.presser("Annuler la fusion")
    expect(vue.contenu).to_contain_text("les deux fiches sont revenues")
    vue.ouvrir("/effectifs")
    expect(page.locator("#apprenants tbody tr")).to_have_count(2)


def test_des_fiches_cochees_vont_a_la_corbeille_et_en_reviennent(
    site: Site, ecrans: Ecrans, cfa: Cfa
) -> None:
    with site.systeme() as session:
        for nom in ("ABGRALL", "BIHAN", "COZ"):
            f.un_apprenti(session, cfa.organisme, nom=nom)
    ouvrier, page = Ouvrier(site), ecrans.ouvrir(cfa.directrice)
    vue, lignes = Vue(page).ouvrir("/effectifs"), page.locator("#apprenants tbody tr")
    for nom in ("ABGRALL", "COZ"):
        page.get_by_label(f"Choisir {nom}").check()
    vue.presser("Mettre à la corbeille")

    expect(vue.contenu).to_contain_text("Cette action porte sur 2 fiches. Rien n’est encore fait.")
    page.get_by_label("C’est un doublon d’une autre fiche").check()
    vue.presser("Voir l’effet")
    expect(vue.contenu).to_contain_text("2 fiches seront changées.")
    vue.presser("Mettre à la corbeille")
    expect(vue.contenu).to_contain_text("En cours")
    ouvrier.travailler()
    vue.suivre("Actualiser")
    expect(vue.contenu).to_contain_text("Action terminée le 18 novembre 2026")
    faite = page.url
    vue.ouvrir("/effectifs")
    expect(lignes).to_have_count(1)
    expect(lignes).to_contain_text("BIHAN")

    vue.ouvrir(faite).presser("Annuler cette action")
    expect(vue.contenu).to_contain_text("Annulation en cours")
    ouvrier.travailler()
    vue.suivre("Actualiser")
    expect(vue.contenu).to_contain_text("Action annulée le 18 novembre 2026")
    vue.ouvrir("/effectifs")
    expect(lignes).to_have_count(3)


def test_la_liste_et_ses_fiches_se_parcourent_au_clavier(site: Site, ecrans: Ecrans, cfa: Cfa) -> None:
    """`j` and `k` go through the rows of the list, then from sheet to sheet; `e` corrects; `/` searches."""
    with site.systeme() as session:
        for nom in ("ABGRALL", "BIHAN", "COZ"):
            f.un_apprenti(session, cfa.organisme, nom=nom, prenom="Alix")
    page = ecrans.ouvrir(cfa.directrice)
    fiche, clavier = Fiche(page).ouvrir("/effectifs?tri=nom"), Clavier(page)
    clavier.taper("j")
    expect(fiche.lien("ABGRALL Alix")).to_be_focused()
    clavier.taper("j")
    expect(fiche.lien("BIHAN Alix")).to_be_focused()
    clavier.taper("Enter")
    fiche.intitulee("Alix BIHAN")
    expect(fiche.contenu).to_contain_text("Fiche 2 sur 3")
    clavier.taper("j")
    fiche.intitulee("Alix COZ")
    expect(fiche.lien("Fiche suivante")).to_have_count(0)
    clavier.taper("k")
    fiche.intitulee("Alix BIHAN")
    clavier.taper("e")
    expect(page.get_by_label(re.compile("^Fin prévue"))).to_be_visible()

    page.keyboard.press("Escape")
    fiche.suivre("Revenir à la liste")
    fiche.intitulee("Effectifs")
    clavier.taper("/")
    expect(page.locator("#recherche")).to_be_focused()
    clavier.ecrire("coz").taper("Enter")
    fiche.intitulee("Alix COZ")
