"""Files made for the tests: none is kept in the repository. People do not exist, keys of establishments are right."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.transmissions.lignes_exemples import TELEVERSEE

PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "data" / "televersement"
"""The template of the existing service, beside the repository where it is present."""

# As an extract of a management software could be: its own names, its own order, columns that we have no use for.
EXTRAIT: tuple[tuple[str, Any], ...] = (
    ("Matricule", "A-1042"),
    ("Civilité", "Mme"),
    ("Nom de naissance", "Lenôtre"),
    ("Prénom", "Gaëlle"),
    ("Né(e) le", "28/10/2005"),
    ("Mail", "gaelle@exemple.fr"),
    ("Portable", "06 28 00 00 00"),
    ("Adresse 1", "64 bis, route de Paris"),
    ("CP", "44000"),
    ("Ville", "Nantes"),
    ("Diplôme préparé", "CAP Pâtissier"),
    ("Code RNCP", "RNCP35316"),
    ("Année scolaire", "2025/2026"),
    ("Année", "1ère année"),
    ("Date d'inscription", "01-09-2025"),
    ("Date d'entrée en formation", "02.09.2025"),
    ("Date de fin de formation", "31/07/27"),
    ("Code UAI site", "0440010X"),
    ("SIRET site", "439 371 121 00013"),
    ("Début contrat", "2025-09-08"),
    ("Fin contrat", "31/07/2027"),
    ("SIRET entreprise", "73282932000074"),
    ("Date de rupture", None),
)
ENTETES_EXTRAIT = [entete for entete, _ in EXTRAIT]
RANGEE_EXTRAIT = [valeur for _, valeur in EXTRAIT]

_TYPES = '<?xml version="1.0"?><Types><Override ContentType="application/xml" PartName="/xl/workbook.xml"/></Types>'
_NS_ODS = " ".join(
    f'xmlns:{court}="urn:oasis:names:tc:opendocument:xmlns:{court}:1.0"'
    for court in ("office", "table", "text")
)


def xlsx(*rangees: Sequence[Any], retouche: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of one sheet; `retouche(classeur, feuille)` adds what a row cannot say."""
    tampon = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(tampon, options) as classeur:
        feuille = classeur.add_worksheet()
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        for rang, rangee in enumerate(rangees):
            for colonne, valeur in enumerate(rangee):
                if isinstance(valeur, date):
                    feuille.write_datetime(rang, colonne, valeur, jour)
                elif valeur is not None:
                    feuille.write(rang, colonne, valeur)
        if retouche is not None:
            retouche(classeur, feuille)
    return tampon.getvalue()


def zip_de(membres: dict[str, bytes | str], methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", methode) as archive:
        for nom, contenu in membres.items():
            archive.writestr(nom, contenu)
    return tampon.getvalue()


def xlsx_brut(feuille: bytes | str, **autres: bytes | str) -> bytes:
    """An archive that looks like a workbook to who only lists its members."""
    noms = {nom.replace("__", "/").replace("_point_", "."): contenu for nom, contenu in autres.items()}
    return zip_de(
        {"[Content_Types].xml": _TYPES, "xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": feuille}
        | noms
    )


def ajouter(classeur: bytes, **membres: bytes | str) -> bytes:
    """The same archive with more members; `__` is read `/`, and `_point_` a dot."""
    with zipfile.ZipFile(io.BytesIO(classeur)) as archive:
        tout: dict[str, bytes | str] = {nom: archive.read(nom) for nom in archive.namelist()}
    return zip_de(tout | {n.replace("__", "/").replace("_point_", "."): c for n, c in membres.items()})


def remplacer(classeur: bytes, avant: str, apres: str) -> bytes:
    """The same workbook, this text of its first sheet replaced."""
    feuille = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(classeur)) as archive:
        tout: dict[str, bytes | str] = {nom: archive.read(nom) for nom in archive.namelist()}
        texte = archive.read(feuille).decode()
    assert avant in texte
    return zip_de(tout | {feuille: texte.replace(avant, apres)})


def ods(*rangees: Sequence[Any], fin: str = "") -> bytes:
    lignes = "".join(
        f"<table:table-row>{''.join(map(_cellule_ods, rangee))}</table:table-row>" for rangee in rangees
    )
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NS_ODS}><office:body><office:spreadsheet>'
        f'<table:table table:name="Liste">{lignes}{fin}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zip_de(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": contenu,
        }
    )


def _cellule_ods(valeur: Any) -> str:
    if valeur is None:
        return "<table:table-cell/>"
    if isinstance(valeur, date):
        attributs = f'office:value-type="date" office:date-value="{valeur.isoformat()}"'
    elif isinstance(valeur, (int, float)):
        attributs = f'office:value-type="float" office:value="{valeur}"'
    else:
        attributs = 'office:value-type="string"'
    return f"<table:table-cell {attributs}><text:p>{valeur}</text:p></table:table-cell>"


def csv_de(*rangees: Sequence[Any], separateur: str = ";", encodage: str = "utf-8") -> bytes:
    lignes = [separateur.join("" if v is None else str(v) for v in rangee) for rangee in rangees]
    return ("\r\n".join(lignes) + "\r\n").encode(encodage)


def televersee(**champs: Any) -> tuple[list[str], list[Any]]:
    """Headers and cells of the smallest right row of the template, with these cells on top."""
    tout = TELEVERSEE | champs
    return list(tout), list(tout.values())
