"""What a spreadsheet or an extract did to a value is undone, and what cannot be is an error of its cell (issue 4)."""

from datetime import date
from typing import Any

import pytest

from tdba.depots import conversion
from tdba.depots.cellules import Cellule
from tdba.depots.conversion import Correspondance, appliquer, lire_ligne, separer
from tdba.depots.noms_usuels import NOM_ET_PRENOM, PRENOM_ET_NOM
from tests.depots.aides import televersee
from tests.transmissions.lignes_exemples import messages


def champs(**cellules: Cellule) -> dict[str, Cellule]:
    return appliquer(Correspondance(tuple(cellules)), list(cellules.values())).champs


def erreurs(**cellules: Any) -> dict[str, str]:
    """Errors of the smallest right row with these cells on top."""
    noms, valeurs = televersee(**cellules)
    return messages(lire_ligne(Correspondance(tuple(noms)), valeurs))


def valeurs(**cellules: Any) -> dict[str, Any]:
    noms, recues = televersee(**cellules)
    return lire_ligne(Correspondance(tuple(noms)), recues).valeurs


@pytest.mark.parametrize(
    "recu",
    [
        "2006-03-14", "14/03/2006", "14/03/06", "14-03-2006", "14.03.2006", "14 03 2006", "14 mars 2006",
        "2006-03-14T00:00:00.000Z", "14/03/2006 00:00:00", "2006/03/14", "mardi 14 mars 2006", "14/3/2006",
        date(2006, 3, 14), 38790, 38790.5,
    ],
)  # fmt: skip
def test_une_date_s_ecrit_de_bien_des_facons(recu: Cellule) -> None:
    assert valeurs(date_de_naissance_apprenant=recu)["date_de_naissance_apprenant"] == date(2006, 3, 14)


@pytest.mark.parametrize("mois", ["janv.", "février", "Févr", "août", "AOUT", "déc", "septembre", "juil."])
def test_un_mois_s_ecrit_en_lettres_entieres_ou_non(mois: str) -> None:
    attendu = {"j": (1, 7), "f": (2,), "a": (8,), "d": (12,), "s": (9,)}[mois[0].lower()]
    assert (
        valeurs(date_de_naissance_apprenant=f"1er {mois} 2006")["date_de_naissance_apprenant"].month
        in attendu
    )


@pytest.mark.parametrize(
    "recu", ["30/02/2006", "30-02-2006", "2006-02-30", "30 février 2006", "14/03", "mars 2006", 60]
)
def test_une_date_impossible_est_une_erreur_de_la_ligne(recu: Cellule) -> None:
    assert erreurs(date_de_naissance_apprenant=recu) == {"date_de_naissance_apprenant": "Date invalide"}


@pytest.mark.parametrize(
    "recu",
    [
        73282932000074,
        "73282932000074",
        "732 829 320 00074",
        "7,3282932000074E+13",
        "7.3282932000074E+13",
        "7.3282932000074e13",
    ],
)
def test_un_siret_entier_est_retrouve(recu: Cellule) -> None:
    assert valeurs(siret_employeur=recu)["siret_employeur"] == "73282932000074"
    assert (
        valeurs(etablissement_responsable_siret=recu)["etablissement_responsable_siret"] == "73282932000074"
    )


@pytest.mark.parametrize("recu", ["7.85E+13", "7,85E+13", "7,3282932E+13", 78500000000000])
def test_un_siret_abrege_par_le_tableur_est_une_erreur_de_sa_cellule(recu: Cellule) -> None:
    """The last digits are lost: a SIRET that ends with five zeros is no establishment."""
    for champ in ("siret_employeur", "etablissement_responsable_siret"):
        assert erreurs(**{champ: recu}) == {champ: conversion.NOMBRE_ABREGE}


def test_un_siret_garde_les_zeros_que_le_tableur_a_retires() -> None:
    assert champs(siret_employeur=5410120400013) == {"siret_employeur": "05410120400013"}


def test_un_identifiant_abrege_ne_confond_pas_deux_apprenants() -> None:
    assert erreurs(id_erp_apprenant="1,23E+12") == {"id_erp_apprenant": conversion.NOMBRE_ABREGE}
    assert champs(id_erp_apprenant="1.23456E+5", ine_apprenant="A1E5") == {
        "id_erp_apprenant": 123456,
        "ine_apprenant": "A1E5",
    }
    assert champs(id_erp_apprenant="1E+2", tel_apprenant="6.28000000E+8") == {"tel_apprenant": 628000000}
    assert champs(id_erp_apprenant="2E14") == {
        "id_erp_apprenant": "2E14"
    }  # no spreadsheet writes a number so


@pytest.mark.parametrize(
    ("recu", "attendu"),
    [
        ("M.", "M"),
        ("Mr", "M"),
        ("Monsieur", "M"),
        ("Mme", "F"),
        ("Mlle", "F"),
        ("Féminin", "F"),
        ("H", "M"),
        (1, "M"),
        ("2", "F"),
    ],
)
def test_une_civilite_dit_le_sexe(recu: Cellule, attendu: str) -> None:
    assert valeurs(sexe_apprenant=recu)["sexe_apprenant"] == attendu


@pytest.mark.parametrize(
    ("recu", "attendu"), [("O", True), ("x", True), ("n", False), ("Oui", True), (0, False), (True, True)]
)
def test_oui_et_non_s_abregent(recu: Cellule, attendu: bool) -> None:
    assert valeurs(formation_presentielle=recu)["formation_presentielle"] is attendu


@pytest.mark.parametrize("recu", ["2025-2026", "2025/2026", "2025-26", "25/26", "2025 - 2026"])
def test_une_annee_scolaire_s_abrege(recu: str) -> None:
    assert valeurs(annee_scolaire=recu)["annee_scolaire"] == "2025-2026"


@pytest.mark.parametrize("recu", [2, "2", "2e année", "2ème année", "Année 2", "2A", "A2", "2nde année"])
def test_une_annee_de_formation_s_ecrit_en_lettres(recu: Cellule) -> None:
    assert valeurs(annee_formation=recu)["annee_formation"] == 2


def test_un_texte_que_le_tableur_a_pris_pour_un_nombre_reste_un_texte() -> None:
    assert valeurs(libelle_court_formation=1203)["libelle_court_formation"] == "1203"


@pytest.mark.parametrize(
    ("recu", "attendu"),
    [
        ("DUPONT Léa", ("DUPONT", "Léa")),
        ("Léa DUPONT", ("DUPONT", "Léa")),
        ("DE LA TOUR Anne Lise", ("DE LA TOUR", "Anne Lise")),
        ("D'ŒUF-MARTIN Jean-Noël", ("D'ŒUF-MARTIN", "Jean-Noël")),
        ("Dupont, Léa Marie", ("Dupont", "Léa Marie")),
        ("Dupont Léa", ("Dupont", "Léa")),
        ("DUPONT LEA", ("DUPONT", "LEA")),
        ("DUPONT LEA MARIE", None),
        ("DUPONT Léa MARTIN", None),
        ("DUPONT", None),
        ("", None),
        (" , ", None),
    ],
)
def test_un_nom_et_un_prenom_dans_une_cellule_se_separent_quand_c_est_sur(
    recu: str, attendu: tuple[str, str] | None
) -> None:
    assert separer(recu, nom_d_abord=True) == attendu


def test_l_ordre_du_titre_separe_deux_mots_que_la_casse_ne_distingue_pas() -> None:
    assert separer("Léa Dupont", nom_d_abord=False) == ("Dupont", "Léa")
    assert champs(**{PRENOM_ET_NOM: "Léa Dupont"}) == {"nom_apprenant": "Dupont", "prenom_apprenant": "Léa"}


def test_un_nom_qui_ne_se_separe_pas_est_une_erreur_et_non_une_supposition() -> None:
    noms, cellules = televersee()
    colonnes = (NOM_ET_PRENOM, *noms[2:])
    lue = lire_ligne(Correspondance(colonnes), ["DUPONT LEA MARIE", *cellules[2:]])
    assert messages(lue) == dict.fromkeys(("nom_apprenant", "prenom_apprenant"), conversion.NOM_NON_SEPARE)
    assert lire_ligne(Correspondance(colonnes), ["DUPONT Léa", *cellules[2:]]).valide


def test_une_constante_et_une_copie_remplissent_ce_que_le_fichier_n_a_pas() -> None:
    correspondance = Correspondance(
        ("annee_scolaire", "etablissement_formateur_uai", None),
        {"annee_scolaire": "2025-2026", "type_cfa": "09", "inconnu": "x"},
        {"etablissement_responsable_uai": "etablissement_formateur_uai", "autre": "annee_scolaire"},
    )
    assert appliquer(correspondance, ["2024-2025", "0440010X", "perdu"]).champs == {
        "annee_scolaire": "2024-2025",
        "type_cfa": "09",
        "etablissement_formateur_uai": "0440010X",
        "etablissement_responsable_uai": "0440010X",
    }
    assert appliquer(correspondance, [None, None, None]).champs == {
        "annee_scolaire": "2025-2026",
        "type_cfa": "09",
    }


def test_une_constante_ne_cache_pas_une_cellule_fautive() -> None:
    correspondance = Correspondance(("siret_employeur",), {"siret_employeur": "73282932000074"})
    assert appliquer(correspondance, ["7,85E+13"]).champs == {}


def test_les_erreurs_suivent_l_ordre_des_champs() -> None:
    assert list(erreurs(siret_employeur="7,85E+13", nom_apprenant=None, annee_formation=9)) == [
        "nom_apprenant",
        "annee_formation",
        "siret_employeur",
    ]
