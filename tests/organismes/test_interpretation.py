"""A file is recognised by its headers, and each line it refuses has a reason."""

from pathlib import Path

import pytest

from tdba.organismes.interpretation import Fichier, comprendre
from tdba.organismes.jeux import FORMATS, RANGS, Jeu
from tdba.organismes.lecture_csv import FichierRefuse

EXEMPLES = Path(__file__).parents[1] / "data" / "referentiel"


def lire(nom: str, jeu: Jeu | None = None) -> Fichier:
    return comprendre((EXEMPLES / nom).read_bytes(), jeu)


@pytest.mark.parametrize(
    ("nom", "libelle"),
    [
        ("organismes.csv", "référentiel des organismes"),
        ("reseaux.csv", "liste des réseaux"),
        ("reseau_brut.csv", "organismes par réseau"),
        ("relations.csv", "relations entre responsables et formateurs"),
        ("couples.csv", "couples CFD et RNCP"),
        ("nomenclature.csv", "nomenclature des codes formation diplôme"),
        ("niveaux.csv", "niveaux de formation diplôme"),
        ("metiers.csv", "certifications avec leurs métiers"),
    ],
)
def test_un_fichier_est_reconnu_a_ses_en_tetes(nom: str, libelle: str) -> None:
    assert lire(nom).format.libelle == libelle


def test_le_jeu_demande_l_emporte_sur_les_en_tetes() -> None:
    fichier = lire("reseau_brut.csv", Jeu.ORGANISMES)
    assert fichier.format.jeu is Jeu.ORGANISMES
    assert not fichier.format.remplacer
    assert fichier.lignes[4].valeurs["raison_sociale"] == 'CFA "NEUF"'


def test_un_autre_fichier_est_refuse_et_les_colonnes_absentes_sont_dites() -> None:
    with pytest.raises(FichierRefuse, match="aucun fichier connu"):
        comprendre(b"nom,prenom\nA,B\n")
    with pytest.raises(FichierRefuse, match="« code », « responsable »"):
        comprendre(b"libelle,couleur\nA,B\n", Jeu.RESEAUX)


def test_une_colonne_en_double_refuse_le_fichier() -> None:
    with pytest.raises(FichierRefuse, match="deux fois"):
        comprendre(b"code,libelle,responsable,code\nA,a,0,B\n")


def test_une_ligne_trop_courte_a_des_cellules_vides_une_ligne_trop_longue_est_refusee() -> None:
    fichier = comprendre(b"code,libelle,responsable\nA,a\nB,b,0,\nC,c,0,intrus\n")
    assert [ligne.valeurs["code"] for ligne in fichier.lignes] == ["A", "B"]
    assert [refus.numero for refus in fichier.refus] == [4]


def test_chaque_ligne_refusee_a_son_numero_et_sa_raison() -> None:
    refus = {r.numero: r.raison for r in lire("organismes_fautifs.csv").refus}
    assert refus.keys() == {3, 4, 6, 10}
    assert "tableur" in refus[3]
    assert refus[4].startswith("uai : ")
    assert "nature" in refus[6]
    assert "contredit la ligne 8" in refus[10]


def test_une_ligne_repetee_n_est_pas_une_faute() -> None:
    assert lire("organismes_fautifs.csv").doublons == 1


def test_chaque_format_a_sa_place_dans_l_ordre_des_dependances() -> None:
    assert {f.nom for f in FORMATS} == set(RANGS)
