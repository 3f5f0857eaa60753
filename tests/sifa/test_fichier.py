"""The file: its shape, and the same bytes for the same lines."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tdba.sifa import champs, fichier
from tdba.sifa.champs import ReponseRefusee
from tdba.sifa.colonnes import NOMS
from tests.sifa.aides import REPONSES, ligne, personne

LIGNES = [ligne(), ligne(nom="Brun", ine=None), ligne(adresse="=cmd|' /C calc'!A0; \"x\"")]


def test_le_csv_n_a_ni_titres_ni_guillemets_de_trop() -> None:
    texte = fichier.csv(LIGNES).decode("utf-8")
    assert texte.startswith("\ufeff123456789AB;0440005S;09;")
    lignes = texte.removeprefix("\ufeff").split("\r\n")
    assert [li.count(";") for li in lignes] == [46, 46, 46, 0]
    assert lignes[1].startswith('="";')


def test_aucune_cellule_n_est_une_formule_hors_l_ine_absent() -> None:
    for rangee in LIGNES:
        assert not any(v.startswith(("=", "+", "-", "@")) for nom, v in rangee.items() if nom != "INE")


def test_le_classeur_a_une_feuille_data_et_une_ligne_de_titres() -> None:
    classeur = CalamineWorkbook.from_filelike(io.BytesIO(fichier.xlsx(LIGNES)))
    assert classeur.sheet_names == ["Data"]
    lignes = classeur.get_sheet_by_name("Data").to_python()
    assert tuple(lignes[0]) == NOMS
    assert len(lignes) == 4
    assert lignes[1][NOMS.index("DATE_NAIS")] == "04052007"


def test_les_memes_lignes_donnent_les_memes_octets() -> None:
    assert fichier.csv(LIGNES) == fichier.csv(LIGNES)
    assert fichier.xlsx(LIGNES) == fichier.xlsx(LIGNES)
    assert fichier.empreinte(LIGNES) != fichier.empreinte(LIGNES[:2])


def test_un_fichier_vide_reste_un_fichier() -> None:
    assert fichier.csv([]) == b"\xef\xbb\xbf"


@given(st.sampled_from(sorted(champs.CHAMPS)), st.text(max_size=30))
def test_toute_saisie_est_lue_ou_refusee_avec_une_phrase(nom: str, saisie: str) -> None:
    try:
        lue = champs.lire(champs.CHAMPS[nom], saisie)
    except ReponseRefusee as refus:
        lue, phrase = None, refus.phrase
    else:
        phrase = "."
    assert phrase.endswith(".")
    assert lue is None or champs.lire(champs.CHAMPS[nom], lue) == lue


def test_chaque_reponse_complete_est_une_reponse_admise() -> None:
    assert {nom: champs.lire(champs.CHAMPS[nom], dite) for nom, dite in REPONSES.items()} == REPONSES
    assert personne().reponse("inconnue") == ""


@pytest.mark.parametrize("nom", ["representant_nom", "representant_adresse"])
def test_un_numero_de_securite_sociale_est_refuse_partout_ou_l_on_ecrit(nom: str) -> None:
    with pytest.raises(ReponseRefusee, match="sécurité sociale") as refus:
        champs.lire(champs.CHAMPS[nom], "2 85 05 78 006 084 36")
    assert "2 85" not in refus.value.phrase
