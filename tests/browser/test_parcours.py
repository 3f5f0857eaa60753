"""Six journeys, each from its first page to its last, as the people of the four groups make them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from tdba import horloge
from tdba.effectifs.models import Effectif
from tests import factories as f
from tests.browser.ecran import Ecrans
from tests.browser.pages import Clavier, Connexion, Fiche, Suivi, Vue
from tests.browser.site import Site
from tests.conftest import MIDI

pytestmark = pytest.mark.navigateur

_numeros = count(1)

LISTE = "/sans-contrat?segment=45-74"
"""A page that is nobody's first page."""

TROP_TARD = MIDI + timedelta(hours=3)
"""Longer than the session of a CFA may stay idle (decision 27)."""


@dataclass(frozen=True)
class Cfa:
    """A CFA of this test alone: its director, an apprentice, a youth who waits for a contract."""

    nom: str
    directrice: str
    apprentie: Effectif
    attend: Effectif


@pytest.fixture
def cfa(site: Site) -> Cfa:
    n = next(_numeros)
    directrice = f"Camille Bocage {n}"
    with site.systeme() as session:
        organisme = f.un_organisme(session, f"CFA du Bocage {n}")
        organisation = f.une_organisation(
            session, "ORGANISME_FORMATION", organisme.nom, regle="ETABLISSEMENTS", organismes=[organisme]
        )
        personne = f.une_personne(session, "Camille", f"Bocage {n}")
        site.accueillir(session, directrice, f.une_habilitation(session, personne, organisation))
        return Cfa(
            organisme.nom,
            directrice,
            f.un_apprenti(session, organisme, nom="LE GOÂLLEC", prenom="Maëlys"),
            f.un_sans_contrat(
                session, organisme, nom="ÇELIK", prenom="Zoé", depuis=71, telephone="+33612345678"
            ),
        )


def test_un_lien_profond_mene_a_la_connexion_puis_a_sa_page(site: Site, ecrans: Ecrans, cfa: Cfa) -> None:
    page = ecrans.ouvrir()
    page.goto(LISTE)
    Connexion(page).s_identifier_comme(cfa.directrice)
    expect(page).to_have_url(f"{site.url}{LISTE}")
    expect(page.get_by_role("main")).to_contain_text("1 jeune sans contrat")

    Vue(page).se_deconnecter()
    Vue(page).intitulee("Vous êtes déconnecté.")
    expect(page.get_by_role("main")).to_contain_text("ici et chez ProConnect")
    Vue(page).ouvrir("/sans-contrat").intitulee("Connexion")


@pytest.mark.parametrize("script", [True, False], ids=["avec script", "sans script"])
@pytest.mark.parametrize("recherche", ["maelys goallec", "LE GOÂLLEC MAËLYS"])
def test_la_directrice_corrige_une_rupture_puis_se_ravise(
    ecrans: Ecrans, cfa: Cfa, recherche: str, script: bool
) -> None:
    """The consequence is said before, the status changes after, the trace stays, and it can be undone."""
    page = ecrans.ouvrir(cfa.directrice, script=script)
    fiche = Fiche(page).ouvrir("/aujourd-hui")
    fiche.chercher(recherche)
    fiche.intitulee("Maëlys LE GOÂLLEC").de_statut("apprenti")

    fiche.corriger_le_contrat().saisir("Rupture", "2026-11-02").choisir_la_raison(
        "J’ai vu le contrat ou la notification"
    )
    fiche.presser("Voir l’effet")
    expect(fiche.consequence).to_contain_text(
        "Le statut passera de « apprenti » à « en rupture » au 2 novembre 2026"
    )
    expect(fiche.historique).to_have_count(0)
    fiche.presser("Enregistrer")
    fiche.dit("Contrat corrigé à 12 h 00").de_statut("en rupture")
    expect(fiche.historique).to_have_count(1)
    expect(fiche.historique).to_contain_text("En vigueur.")

    fiche.suivre("Annuler cette correction")
    fiche.presser("Annuler la correction")
    fiche.dit("Correction annulée à 12 h 00").de_statut("apprenti")
    expect(fiche.historique).to_contain_text("Annulée.")


def test_apres_une_correction_en_place_le_focus_revient_au_contrat(ecrans: Ecrans, cfa: Cfa) -> None:
    """The whole sheet is replaced; the work continues where it was, not at the top of the page."""
    page = ecrans.ouvrir(cfa.directrice)
    fiche = Fiche(page).ouvrir(f"/effectifs/{cfa.apprentie.id}").corriger_le_contrat()
    fiche.saisir("Rupture", "2026-11-02").choisir_la_raison("C’est une erreur de saisie")
    fiche.presser("Enregistrer")
    fiche.dit("Contrat corrigé à 12 h 00")
    expect(page.locator("section[id^=contrat-]")).to_be_focused()


def test_un_appel_note_dans_sa_ligne_ne_compte_qu_une_fois(ecrans: Ecrans, cfa: Cfa) -> None:
    """A double click on the button is one step."""
    page = ecrans.ouvrir(cfa.directrice)
    accueil = Suivi(page).ouvrir("/aujourd-hui").noter_un_appel_avec("Zoé ÇELIK")
    accueil.repondre("Joint", prochaine="2026-11-24")
    accueil.contenu.get_by_role("button", name="Enregistrer").dblclick()

    ligne = accueil.ligne("Zoé ÇELIK")
    expect(ligne).to_contain_text("Appel, joint le 18/11/2026")
    expect(ligne).to_contain_text("24/11/2026")
    expect(ligne.get_by_role("link", name="Zoé ÇELIK", exact=True)).to_be_focused()
    Vue(page).ouvrir(f"/sans-contrat/{cfa.attend.id}")
    expect(page.get_by_role("main").get_by_text("appel, joint")).to_have_count(1)


def test_un_appel_se_note_au_clavier_seul(ecrans: Ecrans, cfa: Cfa) -> None:
    """`/` searches, `j` goes to the next row; the focus is always seen, and is where the work continues."""
    page = ecrans.ouvrir(cfa.directrice)
    accueil = Suivi(page).ouvrir("/aujourd-hui")
    clavier = Clavier(page).taper("/")
    expect(page.locator("#recherche")).to_be_focused()

    accueil.ouvrir("/aujourd-hui")
    ligne = accueil.ligne("Zoé ÇELIK")
    clavier.taper("j")
    expect(ligne.get_by_role("link", name="Zoé ÇELIK", exact=True)).to_be_focused()
    clavier.aller_a(ligne.get_by_role("link", name="Noter un appel")).taper("Enter")
    expect(accueil.debut_de_saisie("Zoé ÇELIK")).to_be_focused()
    clavier.aller_a(page.get_by_label("Joint", exact=True)).taper("Space")
    clavier.aller_a(page.get_by_label(re.compile("^Prochaine étape le"))).ecrire("12122026")
    clavier.aller_a(page.get_by_role("button", name="Enregistrer")).taper("Enter")

    expect(ligne).to_contain_text("12/12/2026")
    expect(ligne.get_by_role("link", name="Zoé ÇELIK", exact=True)).to_be_focused()
    accueil.dit("Démarche notée.")


def test_une_erreur_prend_le_focus_et_garde_la_saisie(ecrans: Ecrans, cfa: Cfa) -> None:
    page = ecrans.ouvrir(cfa.directrice)
    accueil = Suivi(page).ouvrir("/aujourd-hui").noter_un_appel_avec("Zoé ÇELIK")
    accueil.repondre("Rendez-vous pris", prochaine="2026-11-02")
    accueil.presser("Enregistrer")
    jour = page.get_by_label(re.compile("^Prochaine étape le"))
    expect(jour).to_be_focused()
    expect(jour).to_have_value("2026-11-02")
    expect(page.get_by_role("main")).to_contain_text("Ce jour est passé")
    expect(page.get_by_label("Rendez-vous pris")).to_be_checked()


def test_la_dreets_va_du_point_a_la_liste_et_pas_plus_loin(site: Site, ecrans: Ecrans) -> None:
    """Names of those it may help, without a way into their sheet; trying it is refused in a page one can read."""
    page = ecrans.ouvrir("agente DREETS Bretagne")
    Vue(page).ouvrir("/").intitulee(re.compile("^Le point"))
    page.get_by_role("navigation", name="Menu", exact=True).get_by_role(
        "link", name="Listes nominatives"
    ).click()
    liste = Vue(page).intitulee("Listes nominatives")
    # One mistake away from the name that this agent must not read.
    page.get_by_label("Chercher dans la liste").fill("NOMCANARIA2")
    page.get_by_role("main").get_by_role("button", name="Chercher").click()
    tableau = page.locator("main table")
    expect(tableau).to_contain_text("NOMCANARIA2")
    expect(tableau).not_to_contain_text("NOMCANARIA1")
    expect(tableau.get_by_role("link", name="NOMCANARIA2")).to_have_count(0)

    refus = page.goto(site.adresses["fiche"])
    assert refus is not None
    assert refus.status == 403
    expect(liste.contenu).to_contain_text(re.compile("droit|habilitation"))
    page.get_by_role("main").get_by_role("link").first.click()
    Vue(page).intitulee(re.compile("^Le point"))


def test_le_support_ne_voit_un_nom_que_sous_une_demande(ecrans: Ecrans, cfa: Cfa) -> None:
    page = ecrans.ouvrir("support")
    bureau = Vue(page).ouvrir("/support")
    bureau.suivre("Ouvrir une demande pour un appelant")
    page.get_by_label("Objet").fill("Un statut faux")
    bureau.presser("Ouvrir la demande")
    bureau.intitulee("Un statut faux")

    bureau.ouvrir("/support")
    page.get_by_label("Rechercher partout").fill("le goallec maelys")
    bureau.presser("Rechercher")
    trouvee = page.locator("#fiches tbody tr", has_text=cfa.nom)
    expect(trouvee).to_be_visible()
    expect(bureau.contenu).not_to_contain_text("GOÂLLEC")

    trouvee.get_by_role("link").first.click()
    expect(bureau.contenu).to_contain_text("Cette fiche est masquée")
    page.get_by_label("Expliquer un statut ou un écart de chiffres").check()
    bureau.presser("Ouvrir la fiche")
    bureau.intitulee("Maëlys LE GOÂLLEC")
    adresse = page.url

    bureau.ouvrir("/support")
    page.get_by_role("link", name="Un statut faux").first.click()
    bureau.presser("Quitter la demande")
    bureau.dit("Les fiches sont de nouveau masquées.")
    page.goto(adresse)
    expect(page.locator("body")).not_to_contain_text("GOÂLLEC")


def test_une_session_perdue_au_milieu_d_un_formulaire_ramene_a_sa_page(
    site: Site, ecrans: Ecrans, cfa: Cfa
) -> None:
    page = ecrans.ouvrir(cfa.directrice)
    accueil = Suivi(page).ouvrir(LISTE).noter_un_appel_avec("Zoé ÇELIK")
    accueil.repondre("Joint", prochaine="2026-11-24")
    with horloge.regler(TROP_TARD):
        accueil.presser("Enregistrer")
        Connexion(page).s_identifier_comme(cfa.directrice)
        expect(page).to_have_url(f"{site.url}{LISTE}")
        expect(accueil.ligne("Zoé ÇELIK")).to_contain_text("Aucune démarche")


def test_une_session_perdue_sans_script_ramene_au_travail(ecrans: Ecrans, cfa: Cfa) -> None:
    """Without a script the form's own page comes back after the login; nothing was noted meanwhile."""
    page = ecrans.ouvrir(cfa.directrice, script=False)
    accueil = Suivi(page).ouvrir(f"/effectifs/{cfa.attend.id}/demarches")
    accueil.repondre("Joint", prochaine="2026-11-24")
    with horloge.regler(TROP_TARD):
        accueil.presser("Enregistrer")
        Connexion(page).s_identifier_comme(cfa.directrice)
        expect(page).to_have_url(re.compile(rf"/effectifs/{cfa.attend.id}/demarches$"))


def test_le_support_cherche_depuis_la_barre_du_haut(ecrans: Ecrans, cfa: Cfa) -> None:
    """The search of every page leads support to its own desk, where names are masked."""
    page = ecrans.ouvrir("support")
    bureau = Vue(page).ouvrir("/transmissions")
    bureau.chercher("le goallec maelys")
    bureau.intitulee("Assistance")
    expect(page.locator("#fiches tbody tr", has_text=cfa.nom)).to_be_visible()
    expect(bureau.contenu).not_to_contain_text("GOÂLLEC")
