"""Journeys of the follow-up: from the digest to a first call, many rows at once, keys, a letter to a mission locale."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tdba import horloge
from tdba.courriels import Courriel
from tdba.effectifs.models import Effectif
from tdba.recaps import queries, service
from tests import factories as f
from tests.browser.cfa import Cfa, Ouvrier, un_cfa
from tests.browser.ecran import Ecrans
from tests.browser.pages import Clavier, Suivi, Vue
from tests.browser.site import Site
from tests.recaps.aides import LUNDI
from tests.ruptures.aides import le_dossier

pytestmark = pytest.mark.navigateur


@pytest.fixture
def cfa(site: Site) -> Cfa:
    return un_cfa(site, "du Suivi")


def rompus(cfa: Cfa, *noms: str, depuis: int = 20) -> list[Effectif]:
    with cfa.site.systeme() as session:
        return [f.une_rupture(session, cfa.organisme, nom=n, prenom="Alix", depuis=depuis) for n in noms]


def lien_des_appels(cfa: Cfa) -> str:
    """What the digest of Monday morning gives to click."""
    with cfa.site.systeme() as session:
        with horloge.regler(LUNDI):
            service.envoyer(session.commit, LUNDI)
        requete = select(Courriel.texte).where(
            Courriel.genre == queries.GENRE, Courriel.personne_id == cfa.habilitation.personne_id
        )
        recu = session.execute(requete).scalar_one() or ""
    trouve = re.search(r"http\S+appels\S*", recu)
    assert trouve, recu
    return trouve[0]


class Gestes:
    """Counts what a person does."""

    def __init__(self) -> None:
        self.faits = 0

    def __call__(self, _fait: object) -> None:
        self.faits += 1


@pytest.mark.parametrize("script", [True, False], ids=["avec script", "sans script"])
def test_du_lien_du_recapitulatif_a_un_premier_appel_note_en_quatre_gestes(
    ecrans: Ecrans, cfa: Cfa, script: bool
) -> None:
    rompus(cfa, "ABGRALL")
    lien = lien_des_appels(cfa)
    page, geste = ecrans.ouvrir(cfa.directrice, script=script), Gestes()
    suivi = Suivi(page)
    geste(page.goto(lien))
    geste(suivi.ligne("ABGRALL").get_by_role("link", name="Noter un appel").click())
    geste(suivi.contenu.get_by_label("Joint", exact=True).check())
    geste(suivi.presser("Enregistrer"))
    expect(suivi.contenu).to_contain_text(re.compile("appel, joint", re.IGNORECASE))
    assert geste.faits <= 4


@pytest.mark.parametrize("script", [True, False], ids=["avec script", "sans script"])
def test_des_lignes_cochees_se_confient_puis_reviennent(ecrans: Ecrans, cfa: Cfa, script: bool) -> None:
    rompus(cfa, "ABGRALL", "BIHAN", "COZ")
    page = ecrans.ouvrir(cfa.directrice, script=script)
    suivi = Suivi(page).ouvrir("/ruptures")
    for nom in ("ABGRALL", "COZ"):
        page.get_by_label(f"Choisir Alix {nom}").check()
    page.get_by_label("Confier à").select_option(label=cfa.directrice)
    suivi.presser("Voir ce qui changera")
    expect(suivi.contenu).to_contain_text("2 dossiers passeront à")
    suivi.presser("Confier 2 dossiers")

    expect(suivi.contenu).to_contain_text("2 dossiers confiés à")
    expect(suivi.ligne("COZ")).to_contain_text(f"Suivi par {cfa.directrice}")
    expect(suivi.ligne("BIHAN")).to_contain_text("Sans référent")
    suivi.contenu.get_by_role("button", name=re.compile("^Annuler")).click()
    expect(suivi.ligne("ABGRALL")).to_contain_text("Sans référent")


def test_la_liste_se_travaille_au_clavier_seul(ecrans: Ecrans, cfa: Cfa) -> None:
    """`j` and `k` choose a row, `x` ticks it, `n` opens the call; then answers are tabbed to, and Enter saves."""
    rompus(cfa, "ABGRALL", depuis=90)
    rompus(cfa, "BIHAN", depuis=30)
    page = ecrans.ouvrir(cfa.directrice)
    suivi, clavier = Suivi(page).ouvrir("/ruptures"), Clavier(page)
    clavier.taper("j", "j", "k")
    expect(suivi.ligne("ABGRALL").get_by_role("link", name="Alix ABGRALL", exact=True)).to_be_focused()
    clavier.taper("x")
    expect(page.get_by_label("Choisir Alix ABGRALL")).to_be_checked()
    expect(page.get_by_label("Choisir Alix BIHAN")).not_to_be_checked()

    clavier.taper("n")
    expect(suivi.debut_de_saisie("ABGRALL")).to_be_focused()
    clavier.aller_a(suivi.contenu.get_by_label("Joint", exact=True)).taper("ArrowDown")
    expect(suivi.contenu.get_by_label("Sans réponse", exact=True)).to_be_checked()
    clavier.taper("Enter")
    expect(suivi.ligne("ABGRALL")).to_contain_text("Appel, sans réponse le 18/11/2026")
    expect(suivi.ligne("ABGRALL").get_by_role("link", name="Alix ABGRALL", exact=True)).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["avec script", "sans script"])
def test_toujours_au_cfa_se_repond_d_un_geste(ecrans: Ecrans, cfa: Cfa, script: bool) -> None:
    rompus(cfa, "ABGRALL", depuis=200)
    page = ecrans.ouvrir(cfa.directrice, script=script)
    suivi = Suivi(page).ouvrir("/ruptures")
    oui = suivi.contenu.get_by_role("button", name=re.compile("^Oui"))
    oui.click()
    expect(suivi.contenu).to_contain_text("La question reviendra dans 30 jours")
    suivi.ouvrir("/ruptures")
    expect(suivi.ligne("ABGRALL")).to_have_count(1)
    expect(oui).to_have_count(0)


def envoyer_la_lettre(page: Page) -> str:
    """Returns the code, as it is read aloud."""
    vue = Vue(page)
    page.get_by_role("checkbox", name=re.compile("^Téléphone")).check()
    page.get_by_role("checkbox", name=re.compile("est d’accord")).check()
    page.get_by_label("Prénom et nom du conseiller").fill("Maëlle Conseillère")
    page.get_by_label("Son adresse électronique").fill("maelle@mission.example")
    vue.presser("Envoyer le lien")
    vue.intitulee("Le lien est envoyé à Maëlle Conseillère")
    return page.locator(".liaison-code").inner_text()


def test_un_dossier_de_liaison_s_ouvre_sans_compte_se_repond_et_le_referent_le_lit(
    site: Site, ecrans: Ecrans, cfa: Cfa
) -> None:
    """The reader has another browser, no account and no script; the link opens once."""
    (jeune,) = rompus(cfa, "ABGRALL")
    with site.systeme():
        dossier = f"/dossiers/{le_dossier(jeune).id}"
    ouvrier, referente = Ouvrier(site), ecrans.ouvrir(cfa.directrice)
    Vue(referente).ouvrir(dossier).suivre("Préparer un dossier de liaison")
    code = envoyer_la_lettre(referente)
    with site.systeme() as session:
        recu = (
            session.execute(select(Courriel.texte).order_by(Courriel.id.desc()).limit(1)).scalar_one() or ""
        )
    trouve = re.search(r"http\S+/liaison/\S+", recu)
    assert trouve
    assert "ABGRALL" not in recu

    conseillere = ecrans.ouvrir(script=False)
    lettre = Vue(conseillere).ouvrir(trouve[0]).intitulee("Ouvrir un dossier de liaison")
    expect(lettre.contenu).not_to_contain_text("ABGRALL")
    conseillere.get_by_label("Code à 8 chiffres").fill(code)
    lettre.presser("Ouvrir le dossier")
    expect(lettre.contenu).to_contain_text("Alix ABGRALL")
    conseillere.get_by_label("Un rendez-vous est pris").check()
    lettre.presser("Envoyer la réponse")
    expect(lettre.contenu).to_contain_text("endez-vous")
    assert conseillere.goto(trouve[0]).status == 404  # type: ignore[union-attr]

    ouvrier.travailler()
    lue = Vue(referente).ouvrir(dossier)
    expect(lue.contenu).to_contain_text(re.compile("mission locale, rendez-vous pris", re.IGNORECASE))
