"""What a row of a spreadsheet allows and asks beyond a line of the API (domain.md §4.2 "R upload", §4.3)."""

from datetime import date
from typing import Any

import pytest

from tdba.transmissions.lignes import identifiant_de_fichier
from tests.transmissions.lignes_exemples import TELEVERSEE, TOUS_LES_CHAMPS, lire_erp, lire_fichier, messages


@pytest.mark.parametrize(
    "champ",
    ["email_contact", "adresse_apprenant", "code_postal_apprenant", "sexe_apprenant", "annee_formation"],
)
def test_cinq_champs_de_plus_sont_obligatoires_au_televersement(champ: str) -> None:
    assert lire_erp().valide
    assert messages(lire_fichier(**{champ: " "})) == {champ: "Champ obligatoire"}


@pytest.mark.parametrize(
    ("recu", "attendu"),
    [
        *[(recu, True) for recu in (1, 1.0, "1", "OUI", " vrai ", "true", True)],
        *[(recu, False) for recu in (0, 0.0, "0", "Non", "faux", "FALSE", False)],
    ],
)
def test_un_booleen_de_tableur_s_ecrit_de_plusieurs_facons(recu: Any, attendu: bool) -> None:
    assert lire_fichier(rqth_apprenant=recu).valeurs["rqth_apprenant"] is attendu


@pytest.mark.parametrize("recu", ["peut-être", 2, [], float("nan")])
def test_un_booleen_de_tableur_illisible_refuse_la_ligne(recu: Any) -> None:
    assert messages(lire_fichier(rqth_apprenant=recu)) == {"rqth_apprenant": "Oui ou non attendu"}


def test_les_nombres_que_le_tableur_a_faits_redeviennent_des_textes() -> None:
    lue = lire_fichier(
        code_postal_apprenant=1000.0,
        cause_rupture_contrat=31.0,
        contrat_date_debut=45170,
        siret_employeur=12345678901234.0,
        adresse_apprenant=12,
    )
    assert lue.valide
    assert lue.valeurs["code_postal_apprenant"] == "01000"
    assert lue.valeurs["cause_rupture_contrat"] == "31"
    assert lue.valeurs["siret_employeur"] == "12345678901234"
    assert lue.valeurs["adresse_apprenant"] == "12"


def test_une_cellule_vide_n_est_pas_une_erreur() -> None:
    vides = dict.fromkeys(TOUS_LES_CHAMPS - TELEVERSEE.keys(), " ")
    assert lire_fichier(**vides) == lire_fichier()


def test_un_fichier_sans_identifiant_en_recoit_un_qui_ne_tient_pas_a_la_casse_ni_aux_accents() -> None:
    identifiant = lire_fichier().valeurs["id_erp_apprenant"]
    assert identifiant == lire_fichier(nom_apprenant=" LENOTRE").valeurs["id_erp_apprenant"]
    assert identifiant != lire_fichier(nom_apprenant="Lenotte").valeurs["id_erp_apprenant"]
    assert identifiant != lire_fichier(date_de_naissance_apprenant="2005-10-29").valeurs["id_erp_apprenant"]
    assert identifiant == identifiant_de_fichier("Lenôtre", "Gaston", date(2005, 10, 28))
    assert lire_fichier(id_erp_apprenant="A-17").valeurs["id_erp_apprenant"] == "A-17"


def test_un_nom_illisible_dans_un_fichier_ne_fait_pas_une_seconde_erreur_sur_l_identifiant() -> None:
    assert messages(lire_fichier(nom_apprenant="")) == {"nom_apprenant": "Champ obligatoire"}
