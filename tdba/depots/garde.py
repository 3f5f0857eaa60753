"""What is looked at in a received file before anything opens it: its real kind, and what its archive would become. Pure.

Issue 4, "Bad input": the kind is told by the content, never by the extension alone. An archive is measured twice before
a library opens it: on what it declares (count, size, ratio), then on what it gives when it is inflated under a cap,
since what it declares may be a lie. The same pass looks for what no spreadsheet needs: DOCTYPE and entities in the XML.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from tdba.depots.refus import Code, FichierRefuse

MO = 1_000_000
TAILLE_MAXIMALE = 30 * MO


class Genre(StrEnum):
    XLSX = "XLSX"
    ODS = "ODS"
    CSV = "CSV"


class Bornes(NamedTuple):
    """What an archive may become. 50,000 lines of 60 cells weigh 10 Mo, and 150 Mo once open (ratio 15)."""

    membres: int = 1_000
    ouverte: int = 400 * MO
    rapport: int = 100
    rapport_libre: int = 10 * MO
    """Under this size once open, the ratio is not looked at: a short file of one repeated word is harmless."""


BORNES = Bornes()

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_NATURES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"{\\rtf", "texte RTF"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x7fELF", "programme"),
    (b"MZ\x90", "programme"),
)
_BALISES = (b"<!doctype", b"<html", b"<table", b"<head", b"<body", b"<meta")
_BOMS_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_INTERDITS_XML = tuple(
    mot.encode(codage) for mot in ("<!DOCTYPE", "<!ENTITY") for codage in ("utf-8", "utf-16-le", "utf-16-be")
)
_RECOUVREMENT = max(map(len, _INTERDITS_XML)) - 1
_EN_TETE_LOCAL = struct.Struct("<4s22xHH")
_PAR_MORCEAU = 1 << 18


def genre(contenu: bytes, bornes: Bornes = BORNES) -> Genre:
    """Say what a received file is, once it is known to be harmless. Raises FichierRefuse."""
    if len(contenu) > TAILLE_MAXIMALE:
        raise FichierRefuse(Code.TROP_GROS, maximum=TAILLE_MAXIMALE // MO)
    debut = contenu[:4096]
    if not debut.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise FichierRefuse(Code.VIDE)
    if debut.startswith(_OLE):
        raise FichierRefuse(_code_ole(contenu))
    if debut.startswith(_ZIP):
        return _genre_de_l_archive(contenu, bornes)
    for signature, nature in _NATURES:
        if debut.startswith(signature):
            raise FichierRefuse(Code.PAS_UN_TABLEUR, nature=nature)
    texte = debut.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if texte.startswith(b"<?xml"):
        raise FichierRefuse(Code.PAS_UN_TABLEUR, nature="XML")
    if texte.startswith(_BALISES):
        raise FichierRefuse(Code.PAS_UN_TABLEUR, nature="page HTML")
    if not debut.startswith(_BOMS_UTF16) and _binaire(debut):
        raise FichierRefuse(Code.PAS_UN_TABLEUR, nature="inconnu")
    return Genre.CSV


def _code_ole(contenu: bytes) -> Code:
    """An OLE container is a workbook of before 2007, or a recent one behind a password."""
    chiffre = "EncryptedPackage".encode("utf-16-le") in contenu
    return Code.MOT_DE_PASSE if chiffre else Code.ANCIEN_XLS


def _binaire(debut: bytes) -> bool:
    """Control characters that no text holds; NUL bytes are left to the reader of texts (UTF-16)."""
    etranges = sum(octet < 32 and octet not in b"\x00\t\n\r\x0b\x0c\x1a\x1b" for octet in debut)
    return etranges > len(debut) // 50


def _genre_de_l_archive(contenu: bytes, bornes: Bornes) -> Genre:
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            membres = archive.infolist()
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        ValueError,
        OverflowError,
        NotImplementedError,
        EOFError,
        struct.error,
    ) as e:
        raise FichierRefuse(Code.ABIME) from e
    _controler_declare(contenu, membres, bornes)
    noms = {membre.filename.replace("\\", "/").lower(): membre for membre in membres}
    trouve = _genre_des_membres(contenu, noms)
    _controler_reel(contenu, membres)
    return trouve


def _controler_declare(contenu: bytes, membres: list[zipfile.ZipInfo], bornes: Bornes) -> None:
    """Refuse on what the archive says of itself, before inflating one byte."""
    ouverte = sum(membre.file_size for membre in membres)
    if len(membres) > bornes.membres or ouverte > bornes.ouverte:
        raise FichierRefuse(Code.ARCHIVE_DANGEREUSE)
    for membre in membres:
        if membre.flag_bits & 0x1:
            raise FichierRefuse(Code.MOT_DE_PASSE)
        if membre.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FichierRefuse(Code.ABIME)
        if _disproportionne(membre.file_size, membre.compress_size, bornes):
            raise FichierRefuse(Code.ARCHIVE_DANGEREUSE)
    # Members that overlap are one small block inflated many times.
    noms = {membre.filename for membre in membres}
    if sum(membre.compress_size for membre in membres) > len(contenu) or len(noms) < len(membres):
        raise FichierRefuse(Code.ARCHIVE_DANGEREUSE)


def _disproportionne(ouvert: int, ferme: int, bornes: Bornes) -> bool:
    return ouvert > bornes.rapport_libre and ouvert > bornes.rapport * max(ferme, 1)


def _genre_des_membres(contenu: bytes, noms: dict[str, zipfile.ZipInfo]) -> Genre:
    if any(nom.endswith("vbaproject.bin") or "/macrosheets/" in nom for nom in noms):
        raise FichierRefuse(Code.MACROS)
    if "xl/workbook.bin" in noms:
        raise FichierRefuse(Code.CLASSEUR_BINAIRE)
    if "xl/workbook.xml" in noms:
        types = noms.get("[content_types].xml")
        if types is None:
            raise FichierRefuse(Code.ABIME)
        if b"macroenabled" in _entier(contenu, types).lower():
            raise FichierRefuse(Code.MACROS)
        return Genre.XLSX
    mimetype = noms.get("mimetype")
    if mimetype is None or _ODS not in _entier(contenu, mimetype):
        raise FichierRefuse(Code.PAS_UN_TABLEUR, nature="archive" if mimetype is None else "document")
    if any(nom.startswith("basic/") and nom.endswith(".xml") and "script" not in nom for nom in noms):
        raise FichierRefuse(Code.MACROS)
    manifeste = noms.get("meta-inf/manifest.xml")
    if manifeste is not None and b"encryption-data" in _entier(contenu, manifeste):
        raise FichierRefuse(Code.MOT_DE_PASSE)
    if "content.xml" not in noms:
        raise FichierRefuse(Code.ABIME)
    return Genre.ODS


def _entier(contenu: bytes, membre: zipfile.ZipInfo) -> bytes:
    """Return the first megabyte of a member that is short in every honest file."""
    lu = bytearray()
    for morceau in _gonfler(contenu, membre):
        lu += morceau
        if len(lu) > MO:
            break
    return bytes(lu)


def _controler_reel(contenu: bytes, membres: list[zipfile.ZipInfo]) -> None:
    """Inflate every member, a piece at a time, without keeping any: refuse what is more than was declared or allowed."""
    for membre in membres:
        ouvert = 0
        fin = b""
        xml = _est_un_xml_lu(membre.filename.lower())
        for morceau in _gonfler(contenu, membre):
            ouvert += len(morceau)
            # The declared sizes were summed under the cap, so that no member may go past it either.
            if ouvert > membre.file_size:
                raise FichierRefuse(Code.ARCHIVE_DANGEREUSE)
            if xml:
                vu = fin + morceau
                # One pass is enough for honest files: they have no "<!" at all, and no NUL (UTF-16).
                if (b"<!" in vu or b"\x00" in vu) and any(mot in vu for mot in _INTERDITS_XML):
                    raise FichierRefuse(Code.ENTITES)
                fin = morceau[-_RECOUVREMENT:]
        if ouvert != membre.file_size:
            raise FichierRefuse(Code.ABIME)


def _est_un_xml_lu(nom: str) -> bool:
    """Toolbars that LibreOffice keeps in a file have a DOCTYPE of their own, and nobody here reads them."""
    return nom.endswith((".xml", ".rels", ".vml")) and not nom.startswith("configurations2/")


def _gonfler(contenu: bytes, membre: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the real content of a member, whatever size it declares; memory stays that of one piece."""
    debut = membre.header_offset
    if not 0 <= debut <= len(contenu) - 30:
        raise FichierRefuse(Code.ABIME)
    signature, nom, supplement = _EN_TETE_LOCAL.unpack_from(contenu, debut)
    debut += 30 + nom + supplement
    if signature != b"PK\x03\x04" or debut + membre.compress_size > len(contenu):
        raise FichierRefuse(Code.ABIME)
    comprime = memoryview(contenu)[debut : debut + membre.compress_size]
    if membre.compress_type == zipfile.ZIP_STORED:
        for rang in range(0, len(comprime), _PAR_MORCEAU):
            yield bytes(comprime[rang : rang + _PAR_MORCEAU])
        return
    gonfleur = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for rang in range(0, len(comprime), _PAR_MORCEAU):
            reste: bytes | memoryview = comprime[rang : rang + _PAR_MORCEAU]
            while reste and not gonfleur.eof:
                yield gonfleur.decompress(reste, _PAR_MORCEAU)
                reste = gonfleur.unconsumed_tail
        while not gonfleur.eof and (morceau := gonfleur.decompress(b"", _PAR_MORCEAU)):
            yield morceau
    except zlib.error as e:
        raise FichierRefuse(Code.ABIME) from e
    if not gonfleur.eof:
        raise FichierRefuse(Code.ABIME)
