"""What of a received line may be stored (domain.md §4.1, decision 16)."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from benchmarks.lignes import LIGNE
from tdba.transmissions.lignes import lire, sans_donnees_interdites
from tests.transmissions.lignes_exemples import MINIMALE

SENSIBLES = {"rqth_apprenant": True, "date_rqth_apprenant": "2020-01-01"}


def conserve(champ: str, recu: Any) -> Any:
    return sans_donnees_interdites(MINIMALE | {champ: recu})[champ]


def test_une_ligne_ordinaire_est_conservee_telle_que_recue() -> None:
    assert sans_donnees_interdites(LIGNE) == LIGNE


def test_ni_le_nir_ni_les_cles_inconnues_ni_les_valeurs_nulles_ne_sont_conserves() -> None:
    en_trop = {"nir_apprenant": "185057800608491", "has_nir": True, "x": 1, 3: 4, "ine_apprenant": None}
    ligne = MINIMALE | en_trop
    assert sans_donnees_interdites(ligne) == MINIMALE
    assert "nir_apprenant" in ligne  # the received line is not touched


@pytest.mark.parametrize("champ", sorted(SENSIBLES))
def test_les_donnees_sensibles_ne_sont_conservees_que_pour_sifa(champ: str) -> None:
    ligne = MINIMALE | SENSIBLES
    assert champ not in sans_donnees_interdites(ligne)
    assert champ not in sans_donnees_interdites(ligne, sifa=False)
    assert sans_donnees_interdites(ligne, sifa=True)[champ] == SENSIBLES[champ]


@pytest.mark.parametrize(
    "champ",
    ["nationalite_apprenant", "nationalite", "pcs", "representant_legal_nom", "representant_legal_prenom"],
)
@pytest.mark.parametrize("sifa", [True, False])
def test_ce_que_l_api_ne_connait_pas_n_est_jamais_conserve(champ: str, sifa: bool) -> None:
    assert sans_donnees_interdites(MINIMALE | {champ: "1"}, sifa=sifa) == MINIMALE


def test_les_adresses_electroniques_des_responsables_sont_des_coordonnees_et_restent() -> None:
    assert conserve("responsable_apprenant_mail1", "parent@exemple.fr") == "parent@exemple.fr"


@pytest.mark.parametrize(
    ("champ", "recu", "garde"),
    [
        ("cause_rupture_contrat", "nir 1 85 05 78 006 084 91 inapte", "nir [NIR masqué] inapte"),
        ("nom_apprenant", "1850578006084", "[NIR masqué]"),
        ("siret_employeur", 1850578006084, "[NIR masqué]"),
        ("tel_apprenant", "185057800608491", "[NIR masqué]"),
        ("id_erp_apprenant", "1051075123456", "[NIR masqué]"),
        ("id_erp_apprenant", 105107512345696, "[NIR masqué]"),
        ("id_erp_apprenant", "2021190112345", "2021190112345"),  # says another birth: an ordinary number
        ("etablissement_formateur_siret", "73282932000074", "73282932000074"),
    ],
)
def test_un_nir_est_masque_partout_ou_il_est_ecrit(champ: str, recu: Any, garde: Any) -> None:
    assert conserve(champ, recu) == garde


@pytest.mark.parametrize(
    ("recu", "garde"),
    [
        ("a\x00b", "a\ufffdb"),
        ("a\ud83db", "a\ufffdb"),
        ("é" * 1_000_000, "é" * 1000 + "…"),
        (float("nan"), "[nombre]"),
        (float("-inf"), "[nombre]"),
        pytest.param(10**5000, "[nombre]", id="entier immense"),
        (12, 12),
        (1.5, 1.5),
        (False, False),
        (date(2021, 9, 1), "2021-09-01"),
        (datetime(2021, 9, 1, 10, 30), "2021-09-01T10:30:00"),  # noqa: DTZ001 - what a spreadsheet reader gives
        ({"a": {"b": "1850578006084"}}, "[objet]"),
        ([[[]]], "[liste]"),
        (timedelta(days=1), "[valeur]"),
        (b"x", "[valeur]"),
    ],
)
def test_la_copie_entre_toujours_dans_un_jsonb(recu: Any, garde: Any) -> None:
    copie = sans_donnees_interdites(MINIMALE | {"adresse_apprenant": recu})
    assert copie["adresse_apprenant"] == garde
    json.dumps(copie, allow_nan=False).encode()


def test_une_valeur_imbriquee_a_l_exces_est_lue_et_conservee_sans_exception() -> None:
    imbriquee: list[Any] = []
    for _ in range(100_000):
        imbriquee = [imbriquee]
    assert conserve("nom_apprenant", imbriquee) == "[liste]"
    assert not lire(MINIMALE | {"nom_apprenant": imbriquee}, source="ERP").valide


@pytest.mark.parametrize("ligne", [None, "185057800608491", 12, [{"nir_apprenant": "1850578006084"}]])
def test_rien_n_est_conserve_de_ce_qui_n_est_pas_un_objet(ligne: object) -> None:
    assert sans_donnees_interdites(ligne) == {}
