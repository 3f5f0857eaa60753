"""What a file holds, whatever its format: no cell is run, days and numbers are typed, blocks stay small."""

import csv
import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tdba.exports import apropos
from tdba.exports.colonnes import EFFECTIFS, Cellule
from tdba.exports.ecriture import BLOC, Contenu, Feuille, Sortie, csv_zippe, neutralise
from tdba.exports.ecriture_ods import ods
from tdba.exports.ecriture_xlsx import classeur

Ecriture = Callable[[Sortie, Contenu], AbstractContextManager[Feuille]]
COLONNES = [c for c in EFFECTIFS if c.code in ("nom", "date_naissance", "niveau")]


def ecrire(ecriture: Ecriture, rangees: list[list[Cellule]], pied: str = "pied") -> bytes:
    blocs: list[bytes] = []
    sortie = Sortie(lambda _rang, contenu: blocs.append(contenu))
    with ecriture(sortie, Contenu("export-1-effectifs", COLONNES, [("Export n°", "1")], pied)) as feuille:
        feuille.ecrire(rangees)
    sortie.finir()
    assert sortie.taille == sum(map(len, blocs))
    assert all(len(bloc) <= BLOC for bloc in blocs)
    return b"".join(blocs)


@pytest.mark.parametrize(
    "recu",
    [
        "=1+1",
        "+33 6 00",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\tDUPONT",
        "   =1+1",
        "\u00a0=cmd|' /C calc'!A0",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\u3000＝1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1+1",
        "\u2212" + "1",
        "\x00=1+1",
        "\u202e=1+1",
    ],
)
def test_un_texte_qui_serait_une_formule_commence_par_une_apostrophe(recu: str) -> None:
    assert neutralise(recu).startswith("'")


@pytest.mark.parametrize("recu", ["DUPONT", "d’Artagnan", "06 12 34 56 78", "Éloïse", "(ancien)", "", "«=»"])
def test_un_texte_ordinaire_est_ecrit_tel_quel(recu: str) -> None:
    assert neutralise(recu) == recu


@given(st.text(max_size=40))
def test_aucun_texte_ne_passe_pour_une_formule_ni_ne_change_de_ligne(recu: str) -> None:
    ecrit = neutralise(recu)
    assert not ecrit.strip().startswith(tuple("=+-@＝＋－＠"))
    assert "\n" not in ecrit
    assert "\r" not in ecrit


def test_le_csv_est_lu_par_un_tableur_francais() -> None:
    corps = ecrire(csv_zippe, [['LE "GALL"; A', date(2007, 5, 4), 3], ["=1", None, None]])
    with zipfile.ZipFile(io.BytesIO(corps)) as archive:
        brut = archive.read("export-1-effectifs.csv")
        assert archive.read("LISEZMOI.txt").decode() == "Export n° : 1\r\n"
    assert brut.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(brut.decode("utf-8-sig")), delimiter=";")) == [
        ["Nom", "Date de naissance", "Niveau"],
        ['LE "GALL"; A', "04/05/2007", "3"],
        ["'=1", "", ""],
    ]


@pytest.mark.parametrize("ecriture", [classeur, ods])
def test_un_classeur_type_ses_cellules_et_signe_sur_une_feuille_a_part(ecriture: Ecriture) -> None:
    corps = ecrire(
        ecriture, [["=HYPERLINK(A1)", date(2007, 5, 4), 3], ["LE <GALL> &", date(1900, 1, 2), None]]
    )
    livre = CalamineWorkbook.from_filelike(io.BytesIO(corps))
    assert livre.sheet_names == ["Liste", "À propos"]
    titres, premiere, seconde = livre.get_sheet_by_name("Liste").to_python()
    assert titres == ["Nom", "Date de naissance", "Niveau"]
    assert premiere == ["=HYPERLINK(A1)", date(2007, 5, 4), 3]
    assert seconde[0] == "LE <GALL> &"
    assert livre.get_sheet_by_name("À propos").to_python() == [["Export n°", "1"]]


@pytest.mark.parametrize("ecriture", [classeur, ods])
def test_aucune_cellule_d_un_classeur_n_est_une_formule(ecriture: Ecriture) -> None:
    corps = ecrire(ecriture, [[f"{signe}1+1", None, None] for signe in "=+-@＝"], pied="A&B " * 200)
    with zipfile.ZipFile(io.BytesIO(corps)) as archive:
        assert archive.testzip() is None
        for nom in archive.namelist():
            contenu = archive.read(nom)
            assert b"<f>" not in contenu
            assert b"table:formula" not in contenu


def test_un_texte_illisible_par_un_tableur_n_abime_pas_le_fichier() -> None:
    for ecriture in (classeur, ods):
        corps = ecrire(ecriture, [["A\x00B\x0b\ufffe\U0001f600", None, None]])
        (_, ligne) = CalamineWorkbook.from_filelike(io.BytesIO(corps)).get_sheet_by_name("Liste").to_python()
        assert ligne[0].startswith("A B ")


def test_un_grand_fichier_sort_par_blocs_d_un_mega() -> None:
    rangs: list[int] = []
    sortie = Sortie(lambda rang, _contenu: rangs.append(rang))
    for _ in range(5):
        sortie.write(b"x" * (BLOC // 2))
    sortie.finir()
    assert rangs == [0, 1, 2]
    assert sortie.taille == 5 * (BLOC // 2)


def test_le_nom_du_fichier_ne_porte_que_son_numero() -> None:
    assert apropos.titre(12, "effectifs") == "export-12-effectifs"
