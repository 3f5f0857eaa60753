"""A received file is known by its content, and what could harm is refused before anything opens it (issue 4, "Bad input")."""

import io
import struct
import time
import zipfile

import pytest

from tdba.depots import garde
from tdba.depots.garde import Bornes, Genre
from tdba.depots.refus import PHRASES, Code, FichierRefuse
from tests.depots.aides import ajouter, csv_de, ods, xlsx, xlsx_brut, zip_de

LISTE = (["Nom", "Prénom"], ["Lenôtre", "Gaëlle"])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def code(contenu: bytes, bornes: Bornes = garde.BORNES) -> Code:
    with pytest.raises(FichierRefuse) as refuse:
        garde.genre(contenu, bornes)
    assert refuse.value.phrase.endswith(".")
    return refuse.value.code


def test_le_genre_est_dit_par_le_contenu() -> None:
    assert garde.genre(xlsx(*LISTE)) is Genre.XLSX
    assert garde.genre(ods(*LISTE)) is Genre.ODS
    assert garde.genre(csv_de(*LISTE)) is Genre.CSV
    assert garde.genre(csv_de(*LISTE, encodage="utf-16")) is Genre.CSV


@pytest.mark.parametrize(
    ("contenu", "nature"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\xff\xd8\xff\xe0 JFIF", "image"),
        (b"  <html><table><tr><td>Nom</td></tr></table></html>", "page HTML"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "page HTML"),
        (b"<table><tr><td>Nom</td></tr></table>", "page HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b"{\\rtf1 Nom}", "texte RTF"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (bytes(range(1, 32)) * 40, "inconnu"),
        (zip_de({"word/document.xml": "<w/>"}), "archive"),
        (zip_de({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "document"),
    ],
)
def test_ce_qui_n_est_pas_un_tableur_est_refuse_en_disant_ce_que_c_est(contenu: bytes, nature: str) -> None:
    with pytest.raises(FichierRefuse) as refuse:
        garde.genre(contenu)
    assert refuse.value.code is Code.PAS_UN_TABLEUR
    assert nature in refuse.value.phrase


@pytest.mark.parametrize("contenu", [b"", b"\r\n \t\r\n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_un_fichier_sans_rien_est_vide(contenu: bytes) -> None:
    assert code(contenu) is Code.VIDE


def test_un_fichier_trop_gros_n_est_meme_pas_regarde() -> None:
    assert code(b"Nom;" * (garde.TAILLE_MAXIMALE // 4 + 1)) is Code.TROP_GROS


def test_un_ancien_xls_et_un_mot_de_passe_se_distinguent() -> None:
    assert code(OLE + bytes(600) + "Workbook".encode("utf-16-le")) is Code.ANCIEN_XLS
    assert code(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")) is Code.MOT_DE_PASSE


def test_une_archive_chiffree_demande_un_mot_de_passe() -> None:
    chiffree = bytearray(xlsx(*LISTE))
    central = chiffree.find(b"PK\x01\x02")
    chiffree[central + 8] |= 1
    assert code(bytes(chiffree)) is Code.MOT_DE_PASSE
    manifeste = ajouter(ods(*LISTE), **{"META-INF__manifest_point_xml": "<a><manifest:encryption-data/></a>"})
    assert code(manifeste) is Code.MOT_DE_PASSE


def test_les_macros_sont_refusees_sous_toutes_leurs_formes() -> None:
    assert code(ajouter(xlsx(*LISTE), xl__vbaProject_point_bin=b"x")) is Code.MACROS
    types = '<Types ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
    assert code(ajouter(xlsx(*LISTE), **{"[Content_Types]_point_xml": types})) is Code.MACROS
    assert code(ajouter(xlsx(*LISTE), xl__macrosheets__sheet1_point_xml="<x/>")) is Code.MACROS
    assert code(ajouter(ods(*LISTE), Basic__Standard__Module1_point_xml="<x/>")) is Code.MACROS


def test_un_classeur_binaire_est_refuse_avec_son_issue() -> None:
    binaire = zip_de({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"x"})
    assert code(binaire) is Code.CLASSEUR_BINAIRE


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_une_archive_coupee_est_abimee(part: float) -> None:
    classeur = xlsx(*LISTE)
    assert code(classeur[: int(len(classeur) * part)]) is Code.ABIME


def test_un_octet_retourne_dans_l_archive_ne_leve_rien_d_autre() -> None:
    classeur = xlsx(*LISTE)
    for place in range(0, len(classeur), 7):
        abime = bytearray(classeur)
        abime[place] ^= 0xFF
        try:
            garde.genre(bytes(abime))
        except FichierRefuse as refuse:
            assert refuse.code in PHRASES  # noqa: PT017 - any of them, but nothing else


def test_une_bombe_est_refusee_sur_ce_qu_elle_declare_sans_rien_gonfler() -> None:
    """289 KB that open to 300 MB (issue 4)."""
    bombe = xlsx_brut(b" " * 300_000_000)
    assert len(bombe) < 400_000
    depart = time.process_time()
    assert code(bombe) is Code.ARCHIVE_DANGEREUSE
    assert time.process_time() - depart < 0.5


def _menteur(contenu: bytes, dire: int) -> bytes:
    """The same archive, declaring another size for its biggest member."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        vraie = max(membre.file_size for membre in archive.infolist())
    return contenu.replace(struct.pack("<I", vraie), struct.pack("<I", dire))


def test_une_bombe_qui_ment_sur_sa_taille_est_arretee_en_la_gonflant() -> None:
    bombe = _menteur(xlsx_brut(b" " * 50_000_000), 5_000)
    depart = time.process_time()
    assert code(bombe) is Code.ARCHIVE_DANGEREUSE
    assert time.process_time() - depart < 0.5


def test_une_archive_qui_declare_plus_qu_elle_ne_contient_est_abimee() -> None:
    assert code(_menteur(xlsx_brut(b"<a>" * 3_000), 9_999)) is Code.ABIME


def test_trop_de_membres_ou_un_total_trop_grand_sont_refuses() -> None:
    beaucoup = zip_de({f"xl/{rang}.xml": "<x/>" for rang in range(1_001)}, zipfile.ZIP_STORED)
    assert code(beaucoup) is Code.ARCHIVE_DANGEREUSE
    assert code(xlsx(*LISTE), Bornes(ouverte=1_000)) is Code.ARCHIVE_DANGEREUSE


def test_deux_membres_de_meme_nom_sont_refuses() -> None:
    """Which of the two is read depends on who reads."""
    tampon = io.BytesIO(xlsx(*LISTE))
    with zipfile.ZipFile(tampon, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<autre/>")
    assert code(tampon.getvalue()) is Code.ARCHIVE_DANGEREUSE


def test_une_bombe_d_entites_est_refusee_ou_qu_elle_soit() -> None:
    entites = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert code(xlsx_brut(entites)) is Code.ENTITES
    assert code(xlsx_brut(entites.encode("utf-16"))) is Code.ENTITES
    # After a comment long enough for the word to fall across two pieces.
    for marge in range(8):
        cale = "<!--" + "x" * ((1 << 18) - 12 + marge) + "--><!DOCTYPE a>"
        assert code(xlsx_brut(cale)) is Code.ENTITES
    assert code(ajouter(ods(*LISTE), settings_point_xml=entites)) is Code.ENTITES


def test_la_barre_d_outils_de_libreoffice_n_est_pas_une_bombe() -> None:
    barre = '<!DOCTYPE toolbar:toolbar PUBLIC "-//OpenOffice.org//DTD" "toolbar.dtd"><toolbar:toolbar/>'
    assert garde.genre(ajouter(ods(*LISTE), Configurations2__toolbar__a_point_xml=barre)) is Genre.ODS


def test_une_methode_de_compression_inconnue_des_tableurs_est_refusee() -> None:
    assert code(zip_de({"xl/workbook.xml": b"x" * 99}, zipfile.ZIP_BZIP2)) is Code.ABIME


def test_chaque_code_a_sa_phrase_qui_dit_l_issue() -> None:
    assert PHRASES.keys() == set(Code)
    assert all(phrase.count(".") >= 1 and len(phrase) > 60 for phrase in PHRASES.values())
