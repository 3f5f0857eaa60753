"""The account of what was received, for networks, the State and support; one day of it, and what it costs."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.transmissions import routes
from tests import factories as f
from tests.pages import Navigateur, arbre, liens, tableau, texte, titre
from tests.transmissions.aides_cles import Cfa, un_cfa
from tests.transmissions.aides_compte import JOUR, SANS_NOM, un_envoi, une_refusee

HIER = JOUR - timedelta(days=1)


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def directrice(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.directrice)


def chapeau(page: object) -> str:
    return next(texte(p) for p in arbre(page).iter("p") if p.get("class") == "chapeau")  # type: ignore[arg-type]


# --- Others -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ailleurs(session: Session, cfa: Cfa) -> dict[str, Habilitation]:
    """A head of network and an agent of the State who follow the CFA, and read no line of it."""
    f.un_reseau(session, "RESEAU", [cfa.site, cfa.second])
    reseau = f.une_organisation(session, "TETE_DE_RESEAU", "Réseau", regle="RESEAU", reseau_code="RESEAU")
    etat = f.une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    qui = {"reseau": f.une_habilitation(session, f.une_personne(session, "Noé"), reseau)}
    qui["etat"] = f.une_habilitation(
        session, f.une_personne(session, "Lou"), etat, validee_par=f.une_personne(session, "B")
    )
    session.commit()
    return qui


@pytest.mark.parametrize("role", ["reseau", "etat"])
def test_le_reseau_et_l_etat_voient_les_nombres_et_pas_les_lignes(
    session: Session, cfa: Cfa, ailleurs: dict[str, Habilitation], navigateur: Navigateur, role: str
) -> None:
    envoi = un_envoi(
        session,
        cfa.site,
        lignes=3,
        refusees=2,
        creees=1,
        source="FICHIER",
        personne_id=cfa.directrice.personne_id,
    )
    une_refusee(session, envoi, 1, SANS_NOM, organisme=cfa.site)
    qui = navigateur.comme(ailleurs[role])
    for adresse in ("/transmissions", f"/transmissions/{envoi.uuid}", f"/transmissions/jour/{JOUR}"):
        page = qui.get(adresse)
        assert page.status_code == 200
        lu = texte(arbre(page))
        assert "seuls le CFA et le support les voient" in lu
        assert [mot for mot in ("CANARI", "E-1", "Le Goff") if mot in lu] == []
        assert tableau(page, "causes") == []
    assert [j["Refusées"] for j in tableau(qui.get("/transmissions"), "jours")] == ["2"]
    assert qui.get(f"/transmissions/{envoi.uuid}/refusees.csv").status_code == 403


def test_le_support_choisit_un_organisme_et_lit_les_causes_sans_les_noms(
    session: Session, cfa: Cfa, navigateur: Navigateur
) -> None:
    envoi = un_envoi(session, cfa.site, lignes=2, refusees=1, creees=1)
    une_refusee(session, envoi, 1, SANS_NOM, organisme=cfa.site)
    support = navigateur.comme(cfa.support)
    page = support.get("/transmissions")
    assert chapeau(page).startswith("Choisissez un organisme")
    assert [e["Organisme"] for e in tableau(page, "receptions")] == ["CFA de Rennes"]
    trouves = support.get("/transmissions?q=rennes")
    (lien,) = [x for x in liens(trouves) if f"organisme={cfa.site.id}" in x]
    compte = support.get(lien)
    assert titre(compte) == "Transmissions de CFA de Rennes"
    assert [c["Fiches"] for c in tableau(compte, "causes")] == ["1"]
    assert "CANARI" not in texte(arbre(compte)) + texte(arbre(support.get(f"/transmissions/{envoi.uuid}")))
    assert support.get(f"/transmissions/{envoi.uuid}/refusees.csv").status_code == 403


def test_la_recherche_ne_donne_que_les_siens(
    session: Session, cfa: Cfa, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "SITES_MAX", 1)
    page = directrice.get("/transmissions?q=cfa")
    (trouves,) = [ul for ul in arbre(page).iter("ul") if ul.get("id") == "trouves"]
    assert sorted(texte(a) for a in trouves.iter("a")) == ["CFA de Brest", "CFA de Rennes"]


def test_une_seule_journee(session: Session, cfa: Cfa, directrice: Navigateur) -> None:
    un_envoi(session, cfa.site, lignes=3, creees=3)
    un_envoi(session, cfa.site, HIER, lignes=4, creees=4)
    page = directrice.get(f"/transmissions/jour/{HIER}")
    assert chapeau(page) == "Le 17 novembre 2026 : 4 fiches reçues en 1 envoi ; aucune refusée."
    assert [e["Fiches"] for e in tableau(page, "receptions")] == ["4"]
    assert directrice.get("/transmissions/jour/2026-02-30").status_code == 404


def test_la_page_coute_cinq_lectures_quel_que_soit_le_nombre_d_envois(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    for n in range(12):
        envoi = un_envoi(
            session, (cfa.site, cfa.second)[n % 2], JOUR - timedelta(days=n), lignes=2, refusees=1, creees=1
        )
        une_refusee(session, envoi, 1, SANS_NOM, organisme=cfa.site)
    lues: list[str] = []

    def noter(_c: object, _k: object, ordre: str, *_: object) -> None:
        if "reception" in ordre or "FROM organisme" in ordre or "guide_erp" in ordre:
            lues.append(ordre)

    event.listen(db.session().connection(), "before_cursor_execute", noter)
    assert len(tableau(directrice.get("/transmissions"), "receptions")) == 12
    assert len(lues) <= 5


def test_un_organisme_de_la_portee_est_lu_meme_sans_reception(cfa: Cfa, directrice: Navigateur) -> None:
    page = directrice.get("/transmissions")
    (liste,) = [s for s in arbre(page).iter("select") if s.get("name") == "organisme"]
    assert [texte(o) for o in liste.iter("option")] == ["Tous", "CFA de Brest", "CFA de Rennes"]
