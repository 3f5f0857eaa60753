"""The same workbook in the open format (OpenDocument 1.3), up to 5,000 rows: its reader holds it whole. Pure."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final
from xml.sax.saxutils import escape  # nosec B406

from tdba.exports.colonnes import Cellule
from tdba.exports.ecriture import Contenu, Feuille, Sortie, en_texte, texte

LIGNES_MAX: Final = 5000
MIME: Final = "application/vnd.oasis.opendocument.spreadsheet"

_MANIFESTE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_ESPACE: Final = "urn:oasis:names:tc:opendocument:xmlns"
_DEBUT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<office:document-content xmlns:office="{_ESPACE}:office:1.0" xmlns:table="{_ESPACE}:table:1.0"'
    f' xmlns:text="{_ESPACE}:text:1.0" xmlns:style="{_ESPACE}:style:1.0"'
    f' xmlns:number="{_ESPACE}:datastyle:1.0" office:version="1.3">'
    '<office:automatic-styles><number:date-style style:name="J"><number:day number:style="long"/>'
    '<number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text>'
    '<number:year number:style="long"/></number:date-style>'
    '<style:style style:name="jour" style:family="table-cell" style:data-style-name="J"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_FIN: Final = "</office:spreadsheet></office:body></office:document-content>"


@contextmanager
def ods(sortie: Sortie, contenu: Contenu) -> Iterator[Feuille]:
    """Open the workbook, give its data sheet, end it with the watermark."""
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        # The kind of the file comes first and is not compressed: that is how it is recognised.
        archive.writestr("mimetype", MIME, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFESTE)
        entetes = [c.libelle for c in contenu.colonnes]
        ecrite = _Ods([_table("Liste", len(entetes)), _rangee(entetes)])
        yield ecrite
        ecrite.morceaux.append("</table:table>" + _table("À propos", 2))
        ecrite.ecrire(contenu.apropos)
        archive.writestr("content.xml", "".join([_DEBUT, *ecrite.morceaux, "</table:table>", _FIN]))


class _Ods:
    def __init__(self, morceaux: list[str]) -> None:
        self.morceaux = morceaux

    def ecrire(self, rangees: Sequence[Sequence[Cellule]]) -> None:
        self.morceaux += [_rangee(rangee) for rangee in rangees]


def _table(nom: str, colonnes: int) -> str:
    colonne = f'<table:table-column table:number-columns-repeated="{colonnes}"/>'
    return f'<table:table table:name="{nom}">{colonne}'


def _rangee(cellules: Sequence[Cellule]) -> str:
    return f"<table:table-row>{''.join(map(_cellule, cellules))}</table:table-row>"


def _cellule(cellule: Cellule) -> str:
    if cellule is None or cellule == "":
        return "<table:table-cell/>"
    if isinstance(cellule, date):
        ecrite = f'table:style-name="jour" office:value-type="date" office:date-value="{cellule.isoformat()}"'
        return f"<table:table-cell {ecrite}><text:p>{en_texte(cellule)}</text:p></table:table-cell>"
    if isinstance(cellule, int):
        ecrite = f'office:value-type="float" office:value="{cellule}"'
        return f"<table:table-cell {ecrite}><text:p>{cellule}</text:p></table:table-cell>"
    ecrite = escape(texte(cellule))
    return f'<table:table-cell office:value-type="string"><text:p>{ecrite}</text:p></table:table-cell>'
