"""Outcomes for networks and the State, and for anybody: counts alone, small ones left out, never a CFA's follow-up."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.db import Base
from tdba.devenirs.models import Bilan
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.conftest import MIDI
from tests.devenirs.aides import Monde, calculer, requetes, une_demarche
from tests.pages import Navigateur, arbre, tableau, texte, titre

JOUR = horloge.jour_de_paris(MIDI)
PAGE = "/devenirs/territoire?annee=2025-2026"
PERSONNELLES = sorted(
    nom for nom, table in Base.metadata.tables.items() if table.info.get("personnelle") and nom != "point"
)


def compter(session: Session, organisme: Organisme, *, annee: str = "2025-2026", **etats: int) -> None:
    session.add_all(
        Bilan(
            organisme_id=organisme.id,
            annee_scolaire=annee,
            genre="RUPTURE",
            jalon=90,
            etat=etat,
            n=n,
            calcule_le=MIDI,
        )
        for etat, n in etats.items()
    )
    session.commit()


def comme(
    session: Session, navigateur: Navigateur, type_: str, regle: str, *, valide: bool = True, **options: Any
) -> Navigateur:
    organisation = f.une_organisation(session, type_, "Organisation", regle=regle, **options)
    garant = f.une_personne(session, "Garant") if valide else None
    return navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Ana"), organisation, validee_par=garant)
    )


@pytest.fixture
def dreets(session: Session, navigateur: Navigateur, monde: Monde) -> Navigateur:
    return comme(session, navigateur, "DREETS", "REGION", region_code="53")


def rangee(page: Any, nom: str) -> list[str]:
    lignes = [list(r.values()) for r in tableau(page) if r.get("CFA", r.get("Région")) == nom]
    assert len(lignes) == 1, nom
    return lignes[0][1:]


def test_la_premiere_phrase_repond_et_le_detail_petit_ne_se_lit_pas(
    session: Session, dreets: Navigateur, monde: Monde
) -> None:
    compter(session, monde.rennes, CONTRAT=3, ECOLE=2, AUTRE=10, INCONNU=40)
    compter(session, monde.voisin, CONTRAT=30, ECOLE=12, AUTRE=11, INCONNU=9)
    page = dreets.get(PAGE)
    assert (
        "Sur 117 ruptures de 2025-2026, 33 jeunes étaient en contrat au bout de 90 jours, soit 28 %."
        in texte(arbre(page))
    )
    assert rangee(page, "CFA Rennes") == ["55", "3", "5 %", "< 5", "0", "non publié", "40"]
    assert rangee(page, "CFA Brest") == ["62", "30", "48 %", "non publié", "0", "non publié", "9"]
    assert rangee(page, "Total") == ["117", "33", "28 %", "14", "0", "21", "49"]


def test_le_fichier_masque_comme_la_page(session: Session, dreets: Navigateur, monde: Monde) -> None:
    compter(session, monde.rennes, CONTRAT=3, ECOLE=2, INCONNU=40)
    lignes = dreets.get("/devenirs/territoire.csv?annee=2025-2026").get_data().decode("utf-8-sig")
    assert "CFA Rennes;45;3;<\N{NO-BREAK SPACE}5;0;0;non\N{NO-BREAK SPACE}publié" in lignes


def test_un_cfa_lit_chez_lui_les_vrais_chiffres(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    compter(session, monde.rennes, CONTRAT=3, ECOLE=2, INCONNU=40)
    compter(session, monde.voisin, CONTRAT=30)
    page = directeur.get(PAGE)
    assert rangee(page, "CFA Rennes") == ["45", "3", "7 %", "2", "0", "0", "40"]
    assert "CFA Brest" not in texte(arbre(page))


def test_un_territoire_n_en_lit_pas_un_autre_ni_un_cfa_non_fiable(
    session: Session, dreets: Navigateur, monde: Monde
) -> None:
    ailleurs = f.un_organisme(session, "CFA Toulouse", departement="31")
    douteux = f.un_organisme(session, "CFA douteux", fiable=False)
    for organisme in (monde.rennes, ailleurs, douteux):
        compter(session, organisme, CONTRAT=10, INCONNU=10)
    contenu = texte(arbre(dreets.get(PAGE)))
    assert "CFA Rennes" in contenu
    assert "Toulouse" not in contenu
    assert "douteux" not in contenu
    assert "Sur 20 ruptures" in contenu


def test_la_nation_lit_ses_regions(session: Session, navigateur: Navigateur, monde: Monde) -> None:
    compter(session, monde.rennes, CONTRAT=10, INCONNU=10)
    compter(session, monde.voisin, CONTRAT=20, INCONNU=10)
    national = comme(session, navigateur, "OPERATEUR_PUBLIC_NATIONAL", "NATION")
    page = national.get(PAGE)
    assert rangee(page, "Bretagne")[:2] == ["50", "30"]
    assert "CFA Rennes" not in texte(arbre(page))


def test_l_annee_d_avant_se_compare_sans_inventer_de_pourcentage(
    session: Session, dreets: Navigateur, monde: Monde
) -> None:
    compter(session, monde.rennes, CONTRAT=10, INCONNU=10)
    assert "Pas de comparaison : rien en 2024-2025." in texte(arbre(dreets.get(PAGE)))
    compter(session, monde.rennes, annee="2024-2025", CONTRAT=8, INCONNU=12)
    contenu = texte(arbre(dreets.get(PAGE)))
    assert "En 2024-2025, sur toute l’année : 40 % en contrat (8 sur 20), soit +25 %." in contenu


def test_le_suivi_d_un_cfa_ne_se_lit_nulle_part_ici(
    session: Session, dreets: Navigateur, monde: Monde, connexion: Connection
) -> None:
    rompu = f.une_rupture(session, monde.rennes, depuis=120, nom="SECRETE")
    une_demarche(session, rompu, monde.direction, apres=3)
    calculer()
    with requetes(connexion) as vues:
        page = dreets.get(PAGE)
    assert "SECRETE" not in page.get_data(as_text=True)
    for interdit in ("démarche dans les 15", "Jeunes suivis", "première démarche"):
        assert interdit not in texte(arbre(page))
    lues = [v for v in vues if "bilan_devenir" in v]
    assert len(lues) == 1
    assert not any(f" {nom} " in v or f'"{nom}"' in v for nom in PERSONNELLES for v in lues)
    for suivi in ("/devenirs", "/devenirs/a-dire", "/devenirs.csv", "/devenirs/jeunes"):
        assert dreets.get(suivi).status_code == 403


def test_le_menu_de_l_etat_mene_aux_devenirs_pas_celui_d_un_cfa(
    session: Session, dreets: Navigateur, directeur: Navigateur, monde: Monde
) -> None:
    assert "Devenirs" in texte(arbre(dreets.get(PAGE)).find(".//nav[@class='cote']"))
    assert "Devenirs" not in texte(arbre(directeur.get(PAGE)).find(".//nav[@class='cote']"))


# Anybody -------------------------------------------------------------------------------------------------------------


def test_la_page_publique_d_une_base_vide_le_dit(navigateur: Navigateur) -> None:
    page = navigateur.get("/impact")
    assert page.status_code == 200
    assert "Aucun résultat à publier : aucun dossier de 2026-2027 n’a encore été compté." in texte(
        arbre(page)
    )


def test_la_page_publique_donne_le_pays_et_cache_les_petits_nombres(
    session: Session, navigateur: Navigateur, monde: Monde
) -> None:
    compter(session, monde.rennes, CONTRAT=100, ECOLE=2, INCONNU=40)
    compter(session, monde.voisin, CONTRAT=100, AUTRE=20, INCONNU=38)
    page = navigateur.get("/impact?annee=2025-2026")
    contenu = texte(arbre(page))
    assert titre(page) == "Que deviennent les jeunes après une rupture ?"
    assert (
        "Ruptures de 2025-2026 : au bout de 90 jours, 67 % des jeunes sont en contrat d’apprentissage."
        in contenu
    )
    ligne = next(r for r in tableau(page) if r["Au bout de"] == "90 jours")
    assert list(ligne.values())[1:] == ["300", "200", "< 5", "0", "non publié", "78"]
    assert "Rennes" not in contenu
    assert not list(arbre(page).iter("script")), "no script is needed"


def test_un_total_trop_petit_ne_se_publie_pas(session: Session, navigateur: Navigateur, monde: Monde) -> None:
    compter(session, monde.rennes, CONTRAT=3, INCONNU=1)
    contenu = texte(arbre(navigateur.get("/impact?annee=2025-2026")))
    assert "trop peu de jeunes ont passé 90 jours" in contenu
    assert "90 jours < 5 trop peu de dossiers pour être publié" in contenu


# Thresholds, by audience ---------------------------------------------------------------------------------------------


def test_chaque_public_a_son_seuil(
    session: Session,
    app: Flask,
    navigateur: Navigateur,
    dreets: Navigateur,
    monde: Monde,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reglee = replace(app.extensions["tdba"], seuil_public=50, seuil_territoire=3)
    monkeypatch.setitem(app.extensions, "tdba", reglee)
    compter(session, monde.rennes, CONTRAT=100, ECOLE=3, AUTRE=10, INCONNU=40)
    assert rangee(dreets.get(PAGE), "CFA Rennes")[3:] == ["3", "0", "10", "40"]
    assert "de 1 à 2 se lit" in texte(arbre(dreets.get(PAGE)))
    publique = tableau(navigateur.get("/impact?annee=2025-2026"))
    ligne = next(r for r in publique if r["Au bout de"] == "90 jours")
    assert list(ligne.values())[1:] == ["153", "100", "< 50", "0", "< 50", "< 50"]
