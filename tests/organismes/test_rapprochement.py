"""The rules that turn lines into rows, example by example."""

from datetime import date
from typing import Any

import pytest

from tdba.organismes import rapprochement
from tdba.organismes.academies import ACADEMIE_DU_DEPARTEMENT, ACADEMIES
from tdba.organismes.interpretation import LigneLue
from tdba.organismes.rapprochement import Connus, Territoires

JOUR = date(2026, 11, 18)
DUNES = ("0140001A", "10000000100019")
FALAISES = ("0140002B", "10000000200017")
CONNUS = Connus({DUNES: 1, FALAISES: 2, ("0140003C", FALAISES[1]): 3})
NORMANDIE = Territoires({"14": ("28", "70")}, {("14", "CAEN"): "14118"})
RESEAUX = {"CFA_EC": "CFA_EC", "EXCELLENCE_PRO": "CFA_EC", "AFTRAL": "AFTRAL"}


def un_organisme(**valeurs: Any) -> LigneLue:
    defauts = {"uai": DUNES[0], "siret": DUNES[1], "raison_sociale": "DUNES", "enseigne": None}
    autres = {"nature": "formateur", "adresse": None, "ferme": None}
    return LigneLue(2, {**defauts, **autres, **valeurs})


def une_appartenance(
    *reseaux: str, uai: str | None = DUNES[0], siret: str = DUNES[1], **dates: date
) -> LigneLue:
    return LigneLue(2, {"reseaux": reseaux, "uai": uai, "siret": siret, "debut": None, "fin": None, **dates})


def les_rangees(ligne: LigneLue, connus: Connus = CONNUS) -> dict[str, Any]:
    rangees, refus = rapprochement.organismes([ligne], connus, NORMANDIE)
    assert not refus
    return rangees[0]


def test_le_nom_est_l_enseigne_sinon_la_raison_sociale_et_la_recherche_les_porte_tous() -> None:
    avec = les_rangees(un_organisme(enseigne="CFA d’Été"))
    assert avec["nom"] == "CFA d’Été"
    assert avec["recherche"] == "CFA D ETE DUNES 0140001A 10000000100019"
    assert les_rangees(un_organisme())["nom"] == "DUNES"


def test_les_territoires_viennent_du_departement_ou_de_l_adresse_ou_de_l_uai() -> None:
    du_fichier = les_rangees(un_organisme(departement_code="14", commune="Caen"))
    de_l_adresse = les_rangees(un_organisme(uai="0750001A", adresse="1 RUE DE LA MER 14000 Caen"), Connus({}))
    assert du_fichier["region_code"] == de_l_adresse["region_code"] == "28"
    assert du_fichier["academie_code"] == "70"
    assert du_fichier["commune_code"] == de_l_adresse["commune_code"] == "14118"
    assert les_rangees(un_organisme())["departement_code"] == "14"


@pytest.mark.parametrize(
    ("code", "departement"),
    [("14000", "14"), ("97410", "974"), ("20000", "2A"), ("20137", "2A"), ("20200", "2B"), ("98800", "988")],
)
def test_le_code_postal_donne_le_departement(code: str, departement: str) -> None:
    assert rapprochement.departement_du_code_postal(code) == departement


@pytest.mark.parametrize(
    ("uai", "departement"), [("0140001A", "14"), ("6200003C", "2A"), ("9711303P", "971")]
)
def test_l_uai_donne_le_departement(uai: str, departement: str) -> None:
    assert rapprochement.departement_de_l_uai(uai) == departement


def test_un_organisme_sans_uai_n_est_pas_cree_mais_celui_qui_existe_est_mis_a_jour() -> None:
    ligne = un_organisme(uai=None, departement_code="14")
    rangees, refus = rapprochement.organismes([ligne], CONNUS, NORMANDIE)
    assert not rangees
    assert "UAI absent" in refus[0].raison
    connu = Connus({(None, DUNES[1]): 9})
    assert les_rangees(ligne, connu)["uai"] is None


def test_un_organisme_ferme_est_garde_et_n_est_plus_fiable() -> None:
    ferme = les_rangees(un_organisme(ferme=True))
    assert (ferme["ferme"], ferme["fiable"]) == (True, False)


def test_un_fichier_qui_ne_dit_rien_de_l_etat_ne_rouvre_pas_un_organisme_ferme() -> None:
    assert les_rangees(un_organisme(), Connus({DUNES: 1}, frozenset({DUNES})))["ferme"]


@pytest.mark.parametrize(
    ("uai", "siret", "attendu"),
    [
        (*DUNES, 1),
        (None, DUNES[1], 1),
        (None, FALAISES[1], "2 organismes"),
        ("0140009Z", DUNES[1], "connu avec 0140001A"),
        ("0140009Z", "99999999900011", "inconnu du référentiel"),
    ],
)
def test_un_organisme_est_trouve_par_son_couple_ou_par_un_siret_sans_ambiguite(
    uai: str | None, siret: str, attendu: int | str
) -> None:
    trouve = rapprochement.trouver(uai, siret, CONNUS)
    assert trouve == attendu if isinstance(attendu, int) else attendu in str(trouve)


@pytest.mark.parametrize("ecrit", ["cfa_ec", "cfa ec", "CFA-EC", "Cfa_Ec", "Excellence Pro"])
def test_les_orthographes_d_un_reseau_menent_au_meme_code(ecrit: str) -> None:
    rangees, _ = rapprochement.appartenances([une_appartenance(ecrit)], CONNUS, RESEAUX, JOUR)
    assert rangees == [{"reseau_code": "CFA_EC", "organisme_id": 1, "debut": JOUR, "fin": None}]


@pytest.mark.parametrize(
    ("ligne", "raison"),
    [
        (une_appartenance("aftral", "licornes"), "réseau inconnu : « licornes »"),
        (une_appartenance(), "aucun réseau à jour"),
        (une_appartenance("aftral", uai="0140009Z"), "connu avec"),
        (une_appartenance("aftral", debut=JOUR, fin=JOUR), "pas après le début"),
    ],
)
def test_une_appartenance_refusee_dit_pourquoi_et_n_ecrit_rien(ligne: LigneLue, raison: str) -> None:
    rangees, refus = rapprochement.appartenances([ligne], CONNUS, RESEAUX, JOUR)
    assert not rangees
    assert raison in refus[0].raison


def test_deux_lignes_de_la_meme_appartenance_gardent_le_debut_le_plus_ancien() -> None:
    lignes = [
        une_appartenance("aftral", debut=date(2023, 1, 2)),
        une_appartenance("aftral", debut=date(2022, 1, 2)),
    ]
    rangees, _ = rapprochement.appartenances(lignes, CONNUS, RESEAUX, JOUR)
    assert [rangee["debut"] for rangee in rangees] == [date(2022, 1, 2)]


def test_deux_periodes_d_une_meme_appartenance_restent_deux() -> None:
    passee = une_appartenance("aftral", debut=date(2020, 1, 1), fin=date(2022, 1, 1))
    actuelle = une_appartenance("aftral", debut=date(2024, 1, 1))
    rangees, _ = rapprochement.appartenances([passee, actuelle], CONNUS, RESEAUX, JOUR)
    assert [(r["debut"].year, r["fin"]) for r in rangees] == [(2020, date(2022, 1, 1)), (2024, None)]


def test_de_deux_lignes_de_meme_debut_celle_qui_connait_la_fin_l_emporte() -> None:
    dates = {"debut": date(2020, 1, 1)}
    lignes = [une_appartenance("aftral", **dates), une_appartenance("aftral", **dates, fin=JOUR)]
    for ordre in (lignes, lignes[::-1]):
        rangees, _ = rapprochement.appartenances(ordre, CONNUS, RESEAUX, JOUR)
        assert [r["fin"] for r in rangees] == [JOUR]


def test_chaque_departement_a_une_academie_et_une_seule() -> None:
    assert len(ACADEMIE_DU_DEPARTEMENT) == 109
    assert set(ACADEMIE_DU_DEPARTEMENT.values()) == set(ACADEMIES)
    assert [ACADEMIE_DU_DEPARTEMENT[d] for d in ("14", "27", "50", "61", "76")] == ["70"] * 5
