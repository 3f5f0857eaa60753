"""A CSV file is read when there is no doubt about it; a wrong file is refused whole, with what to do."""

import pytest

from tdba.organismes.lecture_csv import FichierRefuse, entete, lire


def test_les_separateurs_et_le_bom_des_registres_sont_lus() -> None:
    virgules = lire(b"code,libelle\nA,un\n")
    points_virgules = lire(b"\xef\xbb\xbfcode;libelle\r\nA;un\r\n")
    assert virgules.entetes == points_virgules.entetes == ("code", "libelle")
    assert virgules.lignes == points_virgules.lignes


def test_un_fichier_windows_est_lu_et_l_encodage_est_dit() -> None:
    tableau = lire("libellé;n°\nŒuvre d’été;1\n".encode("cp1252"))
    assert tableau.encodage == "Windows-1252"
    assert tableau.lignes[0].cellules == ("Œuvre d’été", "1")


def test_les_espaces_en_trop_et_les_lignes_vides_ne_comptent_pas() -> None:
    tableau = lire("\n Réseaux à  jour ; SIRET ;;\n a  b ;1;;\n;;;\n\nc;2\n".encode())
    assert tableau.entetes == ("reseaux a jour", "siret", "", "")
    assert [(ligne.numero, ligne.cellules[:2]) for ligne in tableau.lignes] == [
        (3, ("a b", "1")),
        (6, ("c", "2")),
    ]


def test_une_cellule_sur_deux_lignes_garde_le_numero_de_la_premiere() -> None:
    tableau = lire(b'a,b\n"deux\nlignes",1\nx,2\n')
    assert [ligne.numero for ligne in tableau.lignes] == [2, 4]


def test_une_cellule_protegee_en_formule_est_rendue_a_son_texte() -> None:
    assert lire(b'a,b\n"=""0012""",1\n').lignes[0].cellules == ("0012", "1")


@pytest.mark.parametrize("ecrit", ["Réseaux à jour", "reseaux_a_jour", "RESEAUX A  JOUR"])
def test_un_en_tete_a_plusieurs_orthographes(ecrit: str) -> None:
    assert entete(ecrit) == "reseaux a jour"


@pytest.mark.parametrize(
    ("contenu", "raison"),
    [
        (b"", "vide"),
        (b"  \n\n", "vide"),
        (b"\xef\xbb\xbf\n,,\n", "lignes vides"),
        (b"uai,siret\n", "aucune donnée"),
        (b"PK\x03\x04reste du classeur", "classeur"),
        (b"%PDF-1.7 a,b", "PDF"),
        (b"a,b\n1,\x002\n", "octets nuls"),
        ("a,b\né,1\n".encode("utf-16"), "UTF-16"),
        ("a,b\né,".encode() + "é\n".encode("cp1252"), "mélange deux encodages"),
        (b"a,b\n\x81,1\n", "encodage est inconnu"),
        (b"bonjour\nmonsieur\n", "pas de colonnes"),
        (b'a,b\n"jamais ferm\xc3\xa9,1\n', "mal fermés"),
    ],
)
def test_un_mauvais_fichier_est_refuse_et_la_raison_est_dite(contenu: bytes, raison: str) -> None:
    with pytest.raises(FichierRefuse, match=raison):
        lire(contenu)
