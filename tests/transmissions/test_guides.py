"""A guide by ERP is a page that support adds without code (issue 4, part 3)."""

import pytest
from sqlalchemy.orm import Session

from tdba.transmissions import guides
from tests.pages import Navigateur, arbre, champs, liens, texte, titre
from tests.transmissions.aides_cles import Cfa, evenements, un_cfa

NOUVEAU = "/transmissions/guides/nouveau"
TEXTE = "# Ouvrir la fiche\n\n1. Menu **Apprenants**\n2. [Aide](https://exemple.invalid/aide)\n\n| Champ | Onglet |\n|---|---|\n| INE | Scolarité |\n"


# --- The text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piege",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](https://exemple.invalid/x.png)",
        "[x](javascript:alert(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)", "<b onclick=alert(1)>x</b>",
    ],
)  # fmt: skip
def test_rien_de_ce_qui_est_ecrit_ne_s_execute_ni_ne_charge(piege: str) -> None:
    page = arbre(f"<div>{guides.page(piege)}</div>")
    assert {e.tag for e in page.iter()} & {"script", "img", "b"} == set()
    assert [a.get("href") for a in page.iter("a") if not str(a.get("href")).startswith("https:")] == []


def test_les_titres_viennent_sous_celui_de_la_page() -> None:
    page = arbre(str(guides.page("# Un\n\n###### Six")))
    assert [texte(e) for e in page.iter() if e.tag in ("h1", "h2", "h6")] == ["Un", "Six"]
    assert [e.tag for e in page.iter() if e.tag in ("h1", "h2", "h6")] == ["h2", "h6"]


@pytest.mark.parametrize(
    ("nom", "code"), [("SC Form", "sc-form"), ("Gesti’Élèves", "gestieleves"), ("!!", "")]
)
def test_le_code_se_lit_dans_une_adresse(nom: str, code: str) -> None:
    assert guides.code(nom) == code


@pytest.mark.parametrize(
    ("erp", "attendu"),
    [
        ("Ymag", "ymag"),
        ("YMAG (Ypareo)", "ymag"),
        ("notre SC Form 2", "sc-form"),
        ("Formation", None),
        ("", None),
        (None, None),
    ],
)
def test_le_guide_d_une_cle_est_celui_du_logiciel_qu_elle_nomme(erp: str | None, attendu: str | None) -> None:
    assert guides.du_logiciel(erp, {"ymag", "sc-form", "form"}) == attendu


# --- On screen --------------------------------------------------------------------------------------------------


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def support(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.support)


def ecrire(support: Navigateur, nom: str = "Ymag", contenu: str = TEXTE) -> None:
    envoi = support.post(NOUVEAU, champs(support.get(NOUVEAU), NOUVEAU) | {"nom": nom, "texte": contenu})
    assert envoi.status_code == 303, envoi.text


def test_le_support_ecrit_et_chacun_lit(
    session: Session, cfa: Cfa, support: Navigateur, navigateur: Navigateur
) -> None:
    ecrire(support)
    directrice = navigateur.comme(cfa.directrice)
    assert "/transmissions/guides/ymag" in liens(directrice.get("/transmissions/guides"))
    page = directrice.get("/transmissions/guides/ymag")
    assert titre(page) == "Corriger dans Ymag"
    (article,) = arbre(page).iter("article")
    assert [texte(e) for e in article.iter("h2")] == ["Ouvrir la fiche"]
    assert [texte(e) for e in article.iter("td")] == ["INE", "Scolarité"]
    assert "https://exemple.invalid/aide" in liens(page)
    assert evenements(session, "guide") == [("guide.ecrit", {"code": "ymag"})]


def test_seul_le_support_ecrit(cfa: Cfa, support: Navigateur, navigateur: Navigateur) -> None:
    ecrire(support)
    directrice = navigateur.comme(cfa.directrice)
    assert directrice.get(NOUVEAU).status_code == 403
    assert directrice.get("/transmissions/guides/ymag/modifier").status_code == 403
    assert directrice.post("/transmissions/guides/ymag/retirer").status_code == 403
    assert "Écrire un guide" not in texte(arbre(directrice.get("/transmissions/guides")))


def test_l_apercu_ne_garde_rien(support: Navigateur) -> None:
    vu = support.post(
        NOUVEAU, champs(support.get(NOUVEAU), NOUVEAU) | {"nom": "Ymag", "texte": TEXTE, "voir": "1"}
    )
    assert vu.status_code == 200
    assert [texte(e) for a in arbre(vu).iter("article") for e in a.iter("h2")] == ["Ouvrir la fiche"]
    assert champs(vu, NOUVEAU)["texte"].strip() == TEXTE.strip()
    assert support.get("/transmissions/guides/ymag").status_code == 404


@pytest.mark.parametrize(
    ("nom", "phrase"),
    [("YMAG", "déjà un guide"), ("Nouveau", "ne peut pas servir"), ("?", "ne peut pas servir")],
)
def test_un_nom_pris_ou_impossible_est_refuse_au_champ(support: Navigateur, nom: str, phrase: str) -> None:
    ecrire(support)
    refus = support.post(NOUVEAU, champs(support.get(NOUVEAU), NOUVEAU) | {"nom": nom, "texte": "Autre"})
    assert refus.status_code == 422
    assert phrase in texte(arbre(refus))
    assert champs(refus, NOUVEAU)["texte"].strip() == "Autre"


def test_deux_personnes_qui_modifient_ne_s_ecrasent_pas(session: Session, support: Navigateur) -> None:
    ecrire(support)
    adresse = "/transmissions/guides/ymag/modifier"
    ouvert = champs(support.get(adresse), adresse)
    assert support.post(adresse, ouvert | {"texte": "Le premier"}).status_code == 303
    perime = ouvert | {"version": "2020-01-01T00:00:00+00:00"}
    refus = support.post(adresse, perime | {"texte": "Le second"})
    assert refus.status_code == 422
    assert champs(refus, adresse)["texte"].strip() == "Le second"
    assert "Le premier" in texte(arbre(support.get("/transmissions/guides/ymag")))
    assert support.post(adresse, champs(refus, adresse)).status_code == 303
    assert len(evenements(session, "guide.ecrit")) == 3


def test_un_guide_retire_n_est_plus_la(session: Session, support: Navigateur) -> None:
    ecrire(support)
    assert support.post("/transmissions/guides/ymag/retirer").status_code == 303
    assert support.get("/transmissions/guides/ymag").status_code == 404
    assert support.post("/transmissions/guides/ymag/retirer").status_code == 404
    assert evenements(session, "guide.retire") == [("guide.retire", {"code": "ymag"})]
