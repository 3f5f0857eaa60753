"""Texts of separated values: any usual separator and encoding, quoted line breaks, BOM, NUL bytes (issue 4)."""

import codecs

import pytest

from tdba.depots import lecture_csv
from tdba.depots.cellules import Rangee
from tdba.depots.refus import Code, CodeRemarque, FichierRefuse
from tests.depots.aides import csv_de

TITRES = ["Nom", "Prénom", "Adresse"]
RANGEES = [["Lenôtre", "Gaëlle", "64 bis route de Paris"], ["Béranger", "Zoë", "3 allée du Château à Noël"]]


def lire(contenu: bytes) -> list[Rangee]:
    return list(lecture_csv.lire(contenu).rangees)


def code(contenu: bytes) -> Code:
    with pytest.raises(FichierRefuse) as refuse:
        lire(contenu)
    return refuse.value.code


def cellules(contenu: bytes) -> list[list[object]]:
    return [list(rangee) for _, rangee in lire(contenu)]


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_tout_separateur_et_tout_encodage_usuels(separateur: str, encodage: str) -> None:
    contenu = csv_de(TITRES, *RANGEES, separateur=separateur, encodage=encodage)
    assert cellules(contenu) == [TITRES, *RANGEES]
    assert lecture_csv.lire(contenu).separateur == separateur


def test_utf_16_gros_boutiste_avec_bom() -> None:
    contenu = codecs.BOM_UTF16_BE + csv_de(TITRES, *RANGEES, encodage="utf-16-be")
    assert cellules(contenu) == [TITRES, *RANGEES]


@pytest.mark.parametrize("encodage", ["cp850", "mac_roman"])
def test_un_encodage_ancien_est_lu_quand_il_est_sur_et_il_est_dit(encodage: str) -> None:
    texte = lecture_csv.lire(csv_de(TITRES, *RANGEES, encodage=encodage))
    assert [list(c) for _, c in texte.rangees] == [TITRES, *RANGEES]
    assert [r.code for r in texte.remarques] == [CodeRemarque.ENCODAGE_DEVINE]


def test_un_encodage_douteux_est_refuse_plutot_que_de_gater_les_noms() -> None:
    assert code("Nom;Prénom\nA;Gaëlle\n".encode() + b"B;Zo\xeb\n") is Code.ENCODAGE
    assert code(b"Nom;Pr\x8enom\n") is Code.ENCODAGE  # one letter proves nothing
    assert code(b"Nom\x81;Pr\xe9nom\n") is Code.ENCODAGE  # no such letter in Windows-1252
    assert code(codecs.BOM_UTF16_LE + b"N\x00o\x00m") is Code.ENCODAGE
    assert code(codecs.BOM_UTF16_LE + b"N\x00\x00\xd8m\x00") is Code.ENCODAGE


def test_un_accent_de_windows_suffit_quand_rien_ne_le_contredit() -> None:
    assert cellules(b"Nom;Pr\xe9nom\n")[0] == ["Nom", "Prénom"]
    assert cellules("Nom;Prix\nA;12 €\n".encode("cp1252"))[1] == ["A", "12 €"]


def test_un_saut_de_ligne_entre_guillemets_reste_dans_sa_cellule() -> None:
    lues = lire(b'Nom;Adresse\r\nMartin;"12 rue\r\ndes ""Lilas"" ; b\xc3\xa2t. A"\r\nDurand;x\r\n')
    assert lues == [
        (1, ["Nom", "Adresse"]),
        (2, ["Martin", '12 rue\r\ndes "Lilas" ; bât. A']),
        (3, ["Durand", "x"]),
    ]


@pytest.mark.parametrize("fin", [b"", b"\n", b"\r\n", b"\r"])
def test_la_derniere_ligne_peut_ne_pas_finir(fin: bytes) -> None:
    assert cellules(b"Nom;Age\nMartin;18" + fin) == [["Nom", "Age"], ["Martin", "18"]]


@pytest.mark.parametrize(
    "contenu",
    [
        b'Nom;Adresse\nMartin;"12 rue des Lilas\nDurand;x\n',
        b'Nom;Adresse\nMartin;"12 rue des Lilas',
        b'Nom;Adresse\nMartin;"' + b"ligne\n" * 40 + b'";x\n',
        b'Nom;Adresse\nMartin;"' + b"x" * 200_000 + b"\n",
    ],
)
def test_un_guillemet_jamais_referme_est_refuse_en_disant_ou(contenu: bytes) -> None:
    """Otherwise every line after it would be lost in one cell, without a word."""
    with pytest.raises(FichierRefuse) as refuse:
        lire(contenu)
    assert refuse.value.code is Code.GUILLEMETS
    assert "ligne 2" in refuse.value.phrase or "ligne 1" in refuse.value.phrase


def test_un_guillemet_au_milieu_d_une_cellule_est_un_caractere() -> None:
    assert cellules(b'Nom;Taille\nMartin;tube 5" long\n')[1] == ["Martin", 'tube 5" long']


def test_les_octets_nuls_sont_retires_et_c_est_dit() -> None:
    texte = lecture_csv.lire(b"Nom;Age\nMar\x00tin;18\x00\n")
    assert [list(c) for _, c in texte.rangees] == [["Nom", "Age"], ["Martin", "18"]]
    assert [r.code for r in texte.remarques] == [CodeRemarque.CARACTERES_NULS]


def test_la_virgule_des_adresses_n_est_pas_un_separateur() -> None:
    contenu = "Nom;Adresse\nA;1, rue B, bât. C\nD;2, rue E, bât. F\n".encode()
    assert cellules(contenu)[1] == ["A", "1, rue B, bât. C"]


def test_un_bandeau_au_dessus_du_tableau_ne_trompe_pas_le_separateur() -> None:
    contenu = "Liste, éditée le 1er septembre\n\nNom;Prénom;Né le\nA;B;C\nD;E;F\n".encode()
    assert cellules(contenu)[2:] == [["Nom", "Prénom", "Né le"], ["A", "B", "C"], ["D", "E", "F"]]


def test_ce_qu_excel_ajoute_a_un_csv_est_compris() -> None:
    lues = lire(b'sep=,\r\nNom,Tel\r\nMartin,="0612345678"\r\n')
    assert lues[1:] == [(2, ["Nom", "Tel"]), (3, ["Martin", "0612345678"])]


def test_une_seule_colonne_est_un_tableau() -> None:
    assert cellules(b"Matricule\nA1\nA2\n") == [["Matricule"], ["A1"], ["A2"]]
