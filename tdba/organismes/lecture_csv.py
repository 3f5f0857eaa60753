"""From the bytes of a CSV file to numbered lines of cells. Pure; refuses a wrong file before anything is read from it.

Public registers come with `,` or `;`, with or without a byte-order mark, sometimes in Windows-1252, with stray spaces
in their headers, empty columns at the end and partial lines (data/reseaux/raw). All of that is read; what would give
wrong names in silence (mixed encodings, a workbook, a truncated quote) refuses the whole file.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tdba.textes import sans_accents

TAILLE_MAX: Final = 50 * 1024 * 1024
SEPARATEURS: Final = ";,\t"

_SIGNATURES: Final = {
    b"PK\x03\x04": "c’est un classeur (xlsx, ods) ou une archive : enregistrez la feuille au format « CSV UTF-8 »",
    b"\xd0\xcf\x11\xe0": "c’est un classeur Excel (xls) : enregistrez la feuille au format « CSV UTF-8 »",
    b"\xff\xfe": "il est en UTF-16 : enregistrez-le au format « CSV UTF-8 »",
    b"\xfe\xff": "il est en UTF-16 : enregistrez-le au format « CSV UTF-8 »",
    b"%PDF": "c’est un document PDF",
    b"\x1f\x8b": "c’est une archive compressée : décompressez-la d’abord",
}


class FichierRefuse(Exception):
    """The whole file is refused; the message, in French, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line that holds something. `numero` is where it starts in the file, as a text editor shows it."""

    numero: int
    cellules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tableau:
    entetes: tuple[str, ...]
    """Normalised by `entete`; empty for a column without a name."""
    lignes: tuple[Ligne, ...]
    encodage: str


def entete(texte: str) -> str:
    """Return a header as it is compared: "Réseaux à  jour", "reseaux_a_jour" and "RÉSEAUX À JOUR" are the same."""
    return sans_accents(texte.replace("_", " ")).lower()


def lire(contenu: bytes) -> Tableau:
    """Read a CSV file whole. Raises FichierRefuse when it is not one, or not one that can be read without doubt."""
    texte, encodage = _decoder(contenu)
    separateur = _separateur(texte)
    rangees = _rangees(texte, separateur)
    try:
        _, premiere = next(rangees)
    except StopIteration:
        raise FichierRefuse("il ne contient que des lignes vides") from None
    lignes = tuple(Ligne(numero, cellules) for numero, cellules in rangees)
    if not lignes:
        raise FichierRefuse("il contient une ligne d’en-têtes et aucune donnée")
    return Tableau(tuple(entete(cellule) for cellule in premiere), lignes, encodage)


def _decoder(contenu: bytes) -> tuple[str, str]:
    """UTF-8, or else Windows-1252 when nothing contradicts it: a byte it does not know, or UTF-8 beside it."""
    if not contenu.strip():
        raise FichierRefuse("il est vide")
    if len(contenu) > TAILLE_MAX:
        raise FichierRefuse(f"il dépasse {TAILLE_MAX // 1024 // 1024} Mo")
    for signature, raison in _SIGNATURES.items():
        if contenu.startswith(signature):
            raise FichierRefuse(raison)
    if b"\x00" in contenu:
        raise FichierRefuse("il contient des octets nuls : ce n’est pas un fichier texte")
    try:
        return contenu.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    if any(lettre > "\x7f" and lettre != "�" for lettre in contenu.decode("utf-8", "replace")):
        raise FichierRefuse("il mélange deux encodages : enregistrez-le au format « CSV UTF-8 »")
    try:
        return contenu.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        raise FichierRefuse("son encodage est inconnu : enregistrez-le au format « CSV UTF-8 »") from None


def _separateur(texte: str) -> str:
    """The separator found most often in the first line that holds something."""
    premiere = next((ligne for ligne in texte.splitlines() if ligne.strip()), "")
    separateur = max(SEPARATEURS, key=premiere.count)
    if not premiere.count(separateur):
        raise FichierRefuse("sa première ligne n’a pas de colonnes séparées par « ; » ou « , »")
    return separateur


def _rangees(texte: str, separateur: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    numero = 1
    try:
        for cellules in lecteur:
            nettes = tuple(_nette(cellule) for cellule in cellules)
            if any(nettes):
                yield numero, nettes
            numero = lecteur.line_num + 1
    except csv.Error as erreur:
        raise FichierRefuse(f"ligne {numero} : guillemet ou cellule mal fermés ({erreur})") from erreur


def _nette(cellule: str) -> str:
    """Single spaces; and the text alone when a spreadsheet protected it as a formula, `="0012345"`."""
    nette = " ".join(cellule.split())
    return nette[2:-1].strip() if nette.startswith('="') and nette.endswith('"') else nette
