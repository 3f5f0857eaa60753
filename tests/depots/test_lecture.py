"""From received bytes to rows: every bad input of issue 4 that a spreadsheet may hold, and what is said of it."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tdba.depots import lecture
from tdba.depots.cellules import Cellule, Rangee, cellule, lettres
from tdba.depots.garde import Genre
from tdba.depots.refus import Code, CodeRemarque, FichierRefuse
from tests.depots.aides import ENTETES_EXTRAIT, RANGEE_EXTRAIT, csv_de, ods, remplacer, xlsx, xlsx_brut

TITRES = ["Nom", "Prénom", "Né(e) le"]
LEA = ["MARTIN", "Léa", date(2006, 3, 14)]


def lire(contenu: bytes, nom: str = "liste.xlsx", **options: Any) -> list[Rangee]:
    return list(lecture.ouvrir(contenu, nom, **options).lignes)


def codes(contenu: bytes, nom: str = "liste.xlsx") -> list[CodeRemarque]:
    return [remarque.code for remarque in lecture.ouvrir(contenu, nom).remarques]


def code(contenu: bytes, **options: Any) -> Code:
    with pytest.raises(FichierRefuse) as refuse:
        lire(contenu, **options)
    assert refuse.value.phrase.endswith(".")
    return refuse.value.code


@pytest.mark.parametrize(
    ("recu", "attendu"),
    [
        (44000.0, 44000), (0.5, 0.5), (float("nan"), None), (float("inf"), None), ("", None), (" ", None),
        ("\u00a0Léa ", "Léa"), (True, True), (datetime(2025, 9, 1, 10, 30), date(2025, 9, 1)),  # noqa: DTZ001
        (date(2025, 9, 1), date(2025, 9, 1)), (time(10, 30), "10:30:00"), (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)  # fmt: skip
def test_une_cellule_est_d_un_genre_simple(recu: object, attendu: Cellule) -> None:
    lue = cellule(recu)
    assert lue == attendu
    assert type(lue) is type(attendu)


def test_les_colonnes_ont_les_lettres_du_tableur() -> None:
    assert [lettres(rang) for rang in (0, 25, 26, 61, 701, 702)] == ["A", "Z", "AA", "BJ", "ZZ", "AAA"]


def test_les_trois_genres_donnent_les_memes_lignes() -> None:
    feuille = lecture.ouvrir(xlsx(TITRES, LEA), "liste.xlsx")
    assert (feuille.genre, feuille.entetes, feuille.rang_entete) == (Genre.XLSX, tuple(TITRES), 1)
    assert list(feuille.lignes) == lire(ods(TITRES, LEA)) == [(2, LEA)]
    assert lire(csv_de(TITRES, LEA)) == [(2, ["MARTIN", "Léa", "2006-03-14"])]


def test_un_chemin_se_lit_comme_ses_octets(tmp_path: Path) -> None:
    (tmp_path / "liste.xlsx").write_bytes(xlsx(TITRES, LEA))
    assert list(lecture.ouvrir(tmp_path / "liste.xlsx", "liste.xlsx").lignes) == [(2, LEA)]


@pytest.mark.parametrize("nom", ["liste.csv", "liste.xls", "liste.ODS", "liste.jpg"])
def test_une_extension_fausse_est_dite_et_le_contenu_lu(nom: str) -> None:
    feuille = lecture.ouvrir(xlsx(TITRES, LEA), nom)
    assert [r.code for r in feuille.remarques] == [CodeRemarque.EXTENSION_TROMPEUSE]
    assert "XLSX" in feuille.remarques[0].phrase
    assert codes(xlsx(TITRES, LEA), "liste.XLSX") == codes(xlsx(TITRES, LEA), "liste") == []


def test_une_formule_donne_sa_valeur_et_un_texte_qui_lui_ressemble_reste_un_texte() -> None:
    def retouche(classeur: Any, feuille: Any) -> None:
        feuille.write_formula(1, 1, '="Lé"&"a"', None, "Léa")
        feuille.write_string(1, 2, "=cmd|' /C calc'!A0")
        feuille.write_formula(2, 1, "=1/0", None, "#DIV/0!")

    contenu = xlsx([*TITRES, "Ville"], ["A"], ["B"], retouche=retouche)
    assert lire(contenu) == [
        (2, ["A", "Léa", "=cmd|' /C calc'!A0", None]),
        (3, ["B", None, None, None]),
    ]
    assert lire(csv_de(TITRES, ["=cmd|' /C calc'!A0", "+33", "@x"]))[0][1] == [
        "=cmd|' /C calc'!A0",
        "+33",
        "@x",
    ]


def test_une_cellule_fusionnee_vaut_pour_chaque_ligne_qu_elle_couvre() -> None:
    def retouche(classeur: Any, feuille: Any) -> None:
        feuille.merge_range(1, 2, 3, 2, "CAP Pâtissier")

    contenu = xlsx(
        ["Nom", "Prénom", "Diplôme"], ["A", "B"], ["C", "D"], ["E", "F"], ["G", "H"], retouche=retouche
    )
    assert [cellules[2] for _, cellules in lire(contenu)] == ["CAP Pâtissier"] * 3 + [None]
    assert codes(contenu) == [CodeRemarque.CELLULES_FUSIONNEES]


def test_les_titres_se_trouvent_sous_un_bandeau_et_a_droite_d_une_marge() -> None:
    rangees = [
        [None, "Liste des apprentis 2025"],
        [None, "Éditée le", date(2025, 9, 1)],
        [],
        [None, *TITRES],
        [None, *LEA],
    ]
    for contenu in (xlsx(*rangees), ods(*rangees)):
        feuille = lecture.ouvrir(contenu, "liste")
        assert feuille.entetes == ("", *TITRES)
        assert feuille.rang_entete == 4
        assert [r.code for r in feuille.remarques] == [CodeRemarque.LIGNES_DE_TITRE]
        assert list(feuille.lignes) == [(5, [None, *LEA])]


def test_deux_lignes_de_titres_donnent_un_nom_a_chaque_colonne() -> None:
    groupes = ["Apprenant", None, "Contrat 1", None, "Contrat 2", None]
    titres = ["Nom", "Prénom", "Date début", "Date fin", "Date début", "Date fin"]
    feuille = lecture.ouvrir(xlsx(groupes, titres, ["A", "B"]), "liste.xlsx")
    assert feuille.entetes == (
        "Nom", "Prénom", "Contrat 1 – Date début", "Contrat 1 – Date fin", "Contrat 2 – Date début", "Contrat 2 – Date fin",
    )  # fmt: skip


def test_une_seconde_ligne_de_titres_n_est_pas_un_apprenant() -> None:
    contenu = xlsx(["nom_apprenant *", "prenom_apprenant *", "date_de_naissance_apprenant *"], TITRES, LEA)
    assert lire(contenu) == [(3, LEA)]
    assert codes(contenu) == [CodeRemarque.SECOND_ENTETE]


def test_une_colonne_en_double_est_dite() -> None:
    feuille = lecture.ouvrir(xlsx(["Nom", "Prénom", "NOM "], ["A", "B", "C"]), "liste.xlsx")
    assert [r.phrase for r in feuille.remarques] == [
        "La colonne « NOM » est présente plusieurs fois : seule la première est lue."
    ]


def test_des_titres_inconnus_sont_des_titres_tant_que_ce_ne_sont_pas_des_donnees() -> None:
    assert lecture.ouvrir(xlsx(["Alpha", "Bêta"], ["x", "y"]), "l.xlsx").entetes == ("Alpha", "Bêta")
    assert (
        code(xlsx(["MARTIN", "Léa", date(2006, 3, 14)], ["DURAND", "Sacha", date(2006, 3, 15)]))
        is Code.SANS_ENTETE
    )
    assert code(xlsx(["MARTIN", "lea@exemple.fr"], ["DURAND", "sacha@exemple.fr"])) is Code.SANS_ENTETE
    assert code(xlsx([1, 2], [3, 4])) is Code.SANS_ENTETE


def test_un_tableau_sans_ligne_et_un_classeur_sans_cellule_le_disent() -> None:
    assert code(xlsx(TITRES)) is Code.SANS_LIGNE
    assert code(xlsx(TITRES, [None, None])) is Code.SANS_LIGNE
    assert code(xlsx()) is Code.VIDE
    assert code(b";;;\r\n;;;\r\n") is Code.VIDE


def test_un_million_de_lignes_vides_ne_coutent_rien() -> None:
    fin = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    assert lire(ods(TITRES, LEA, fin=fin)) == [(2, LEA)]
    vides = "".join(f'<row r="{rang}"><c r="A{rang}" s="1"/></row>' for rang in range(3, 1_000_001))
    assert lire(remplacer(xlsx(TITRES, LEA), "</sheetData>", f"{vides}</sheetData>")) == [(2, LEA)]
    assert lire(csv_de(TITRES, LEA) + b";;\r\n" * 30_000) == [(2, ["MARTIN", "Léa", "2006-03-14"])]


def test_des_lignes_vides_au_milieu_ne_changent_pas_les_rangs() -> None:
    assert [rang for rang, _ in lire(xlsx(TITRES, [], LEA, [], [None], LEA))] == [3, 6]
    assert [rang for rang, _ in lire(csv_de(TITRES, [], LEA, ["", "", ""], LEA))] == [3, 5]


def test_trop_de_lignes_est_refuse_au_moment_ou_on_le_sait() -> None:
    contenu = csv_de(TITRES, *[LEA] * 6)
    assert len(lire(contenu, lignes_maximales=6)) == 6
    assert code(contenu, lignes_maximales=5) is Code.TROP_DE_LIGNES


def test_un_ods_de_plus_de_20_000_lignes_est_refuse_avec_l_issue() -> None:
    repetees = '<table:table-row table:number-rows-repeated="20001"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    with pytest.raises(FichierRefuse) as refuse:
        lire(ods(TITRES, fin=repetees))
    assert refuse.value.code is Code.TROP_DE_LIGNES
    assert "20\u202f000 lignes" in refuse.value.phrase
    assert ".xlsx" in refuse.value.phrase


def test_trop_de_colonnes_est_refuse() -> None:
    assert code(xlsx([f"Colonne {n}" for n in range(201)], ["x"])) is Code.TROP_DE_COLONNES
    assert len(lire(xlsx([f"Colonne {n}" for n in range(200)], ["x"]))[0][1]) == 200


def test_la_colonne_des_numeros_de_securite_sociale_n_est_jamais_lue() -> None:
    """Decision 16: the NIR is never stored; a whole number, key included, is masked wherever it stands."""
    nir = "2 06 03 44 109 001 45"
    contenu = xlsx(
        [*TITRES, "N° de sécurité sociale", "N° INSEE"], [*LEA, "x", nir], [*LEA, nir, 206034410900145]
    )
    assert [cellules[3:] for _, cellules in lire(contenu)] == [[None, "[NIR masqué]"], [None, "[NIR masqué]"]]
    assert codes(contenu) == [CodeRemarque.COLONNE_INTERDITE]


def test_la_premiere_feuille_visible_qui_a_quelque_chose_est_lue() -> None:
    def retouche(classeur: Any, feuille: Any) -> None:
        feuille.hide()
        autre = classeur.add_worksheet("Vide")
        autre.activate()
        autre.set_first_sheet()
        liste = classeur.add_worksheet("Liste 2025")
        liste.write_row(0, 0, TITRES)
        liste.write_row(1, 0, ["MARTIN", "Léa"])

    feuille = lecture.ouvrir(xlsx(["Secret", "Nom"], ["x", "y"], retouche=retouche), "liste.xlsx")
    assert feuille.entetes == tuple(TITRES)
    assert [r.phrase for r in feuille.remarques] == [
        "Seule la feuille « Liste 2025 » est lue. Les autres feuilles ne le sont pas."
    ]


def test_un_classeur_au_contenu_incoherent_est_abime() -> None:
    assert code(xlsx_brut("<worksheet><sheetData><row><c>")) is Code.ABIME


def test_un_extrait_ordinaire_se_lit_en_entier() -> None:
    feuille = lecture.ouvrir(xlsx(ENTETES_EXTRAIT, RANGEE_EXTRAIT), "extrait.xlsx")
    assert list(feuille.entetes) == ENTETES_EXTRAIT
    assert list(feuille.lignes) == [(2, RANGEE_EXTRAIT)]
    assert feuille.remarques == ()
