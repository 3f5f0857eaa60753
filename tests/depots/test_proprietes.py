"""What holds for any file at all: nothing but a refusal is raised, and what is written is read back."""

import csv
import io
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tdba.depots import lecture
from tdba.depots.cellules import Cellule
from tdba.depots.conversion import Correspondance, appliquer, lire_ligne
from tdba.depots.correspondance import memoire, proposer, signature
from tdba.depots.fichier_erreurs import LigneFautive, ecrire_erreurs
from tdba.depots.lecture_csv import SEPARATEURS
from tdba.depots.noms_usuels import CIBLES
from tdba.depots.refus import FichierRefuse
from tests.depots.aides import ajouter, ods, xlsx, xlsx_brut
from tests.depots.test_correspondance import USUELS

REGLAGES = settings(derandomize=True, deadline=None, max_examples=150, database=None)

_textes = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_cellules: st.SearchStrategy[Cellule] = (
    st.none()
    | st.booleans()
    | st.integers(-(10**16), 10**16)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.sampled_from(
        ["7,85E+13", "9.9E99", "30/02/2006", "DUPONT Léa", "=cmd|x", "0,E+1", "1er mai 2024", "²", "٣/٤/2024"]
    )
    | _textes
)
_textes_csv = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n";,|\t'), max_size=20
)
_rangees = st.lists(st.lists(_cellules, max_size=8), max_size=6)
_entetes = st.lists(st.sampled_from([entete for entete, _ in USUELS]) | _textes, max_size=8)
_debuts = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b'Nom;Pr\xe9nom\n"',
    ]
)
_xml = st.text('<>/ "=crowvstnABX120:&;!-[]', max_size=120)


def tout_lire(contenu: bytes) -> None:
    try:
        for _, cellules in (feuille := lecture.ouvrir(contenu, "liste.xlsx")).lignes:
            assert len(cellules) == len(feuille.entetes)
    except FichierRefuse as refuse:
        assert refuse.phrase  # noqa: PT017 - a refusal is one of the two right answers


@REGLAGES
@given(_debuts, st.binary(max_size=400))
def test_aucun_octet_ne_leve_autre_chose_qu_un_refus(debut: bytes, suite: bytes) -> None:
    tout_lire(debut + suite)


@REGLAGES
@given(st.sampled_from([xlsx(["Nom", "Prénom"], ["A", "B"]), ods(["Nom", "Prénom"], ["A", "B"])]), st.data())
def test_un_classeur_altere_ne_leve_autre_chose_qu_un_refus(classeur: bytes, donnees: st.DataObject) -> None:
    altere = bytearray(classeur)
    for place in donnees.draw(st.lists(st.integers(0, len(classeur) - 1), min_size=1, max_size=6)):
        altere[place] = donnees.draw(st.integers(0, 255))
    tout_lire(bytes(altere))


@REGLAGES
@given(_xml, _xml)
def test_un_classeur_au_xml_quelconque_ne_leve_autre_chose_qu_un_refus(feuille: str, autre: str) -> None:
    rangees = f'<worksheet><sheetData><row r="1"><c r="A1"><v>{feuille}</v></c></row>{autre}</sheetData></worksheet>'
    tout_lire(ajouter(xlsx(["Nom", "Prénom"], ["A", "B"]), xl__worksheets__sheet1_point_xml=rangees))
    tout_lire(ajouter(xlsx(["Nom", "Prénom"], ["A", "B"]), xl__sharedStrings_point_xml=autre))
    tout_lire(ajouter(ods(["Nom", "Prénom"], ["A", "B"]), content_point_xml=autre))
    tout_lire(xlsx_brut(feuille))


@REGLAGES
@given(
    st.lists(st.lists(_textes_csv, min_size=3, max_size=3), max_size=8),
    st.sampled_from(SEPARATEURS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_un_csv_ecrit_par_la_bibliotheque_se_relit(
    rangees: list[list[str]], separateur: str, encodage: str
) -> None:
    """Cells are trimmed and blank rows are gone; everything else comes back, in its place."""
    tampon = io.StringIO(newline="")
    ecrivain = csv.writer(tampon, delimiter=separateur, quoting=csv.QUOTE_ALL)
    tout = [["MARTIN", "Léa", "14/03/2006"], *rangees]
    ecrivain.writerows([["Nom", "Prénom", "Né(e) le"], *tout])
    feuille = lecture.ouvrir(tampon.getvalue().encode(encodage), "liste.csv")
    assert list(feuille.lignes) == [
        (rang, [texte.strip() or None for texte in rangee])
        for rang, rangee in enumerate(tout, start=2)
        if any(texte.strip() for texte in rangee)
    ]


@REGLAGES
@given(_entetes, _rangees, st.dictionaries(_textes, st.sampled_from(CIBLES) | _textes, max_size=4))
def test_la_proposition_ne_leve_jamais_et_ne_donne_un_champ_qu_une_fois(
    entetes: list[str], rangees: list[list[Cellule]], retenue: dict[str, str]
) -> None:
    proposition = proposer(entetes, rangees, retenue)
    champs = [colonne.champ for colonne in proposition.colonnes if colonne.champ is not None]
    assert len(proposition.colonnes) == len(entetes)
    assert len(champs) == len(set(champs))
    assert set(champs) <= set(CIBLES)
    assert len(signature(entetes)) == 32
    reprise = proposer(entetes, rangees, memoire(entetes, proposition.correspondance))
    assert [c.champ for c in reprise.colonnes] == [c.champ for c in proposition.colonnes]


@REGLAGES
@given(st.lists(st.sampled_from(CIBLES) | st.none(), max_size=8), st.lists(_cellules, max_size=9))
def test_une_rangee_quelconque_se_lit_toujours(colonnes: list[Any], cellules: list[Cellule]) -> None:
    correspondance = Correspondance(tuple(colonnes), {"annee_scolaire": "2025-2026"})
    convertie = appliquer(correspondance, cellules)
    refuses = {erreur.champ for erreur in convertie.erreurs}
    assert convertie.champs.keys().isdisjoint(refuses - {"nom_apprenant", "prenom_apprenant"})
    lue = lire_ligne(correspondance, cellules)
    assert {erreur.champ for erreur in lue.erreurs} >= refuses


@settings(REGLAGES, max_examples=40)
@given(_rangees)
def test_un_fichier_d_erreurs_se_relit_cellule_pour_cellule(rangees: list[list[Cellule]]) -> None:
    entetes = [f"Nom {rang}" for rang in range(8)]
    contenu = ecrire_erreurs(entetes, [LigneFautive(rangee, [("", "Faute")]) for rangee in rangees])
    try:
        relues = [cellules for _, cellules in lecture.ouvrir(contenu, "erreurs.xlsx").lignes]
    except FichierRefuse:
        assert not rangees
        return
    for rangee, relue in zip(rangees, relues, strict=True):
        for ecrite, lue in zip(rangee, relue[1:], strict=False):
            if not isinstance(ecrite, (str, date, float)) and abs(ecrite or 0) < 10**13:
                assert lue == ecrite
