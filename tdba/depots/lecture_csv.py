"""A text of separated values: its encoding, its separator, its records. Pure.

Issue 4: any usual separator and encoding, BOM, quoted line breaks, NUL bytes. Nothing is guessed in silence: an
encoding that is not sure refuses the file, since a name read wrong would be stored wrong.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from tdba.depots.cellules import Cellule, Rangee
from tdba.depots.refus import Code, CodeRemarque, FichierRefuse, Remarque

SEPARATEURS = (";", ",", "\t", "|")

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ACCENTS = "éèêàçôîïûùâëüÉÈÊÀÇÔÎ"
# Those by which unusual encodings are told: the only letter that two of them share is the byte 88.
_ACCENTS_COURANTS = "éèêàçôë"
_SIGNES_DE_WINDOWS = _ACCENTS + "€’«»°œ"
# Encodings of one byte a character, the usual one first; the others only when nothing in the file speaks for it.
_ANCIENS = ("cp850", "mac_roman")
_NOMS_D_ENCODAGE = {"cp850": "CP850 (MS-DOS)", "mac_roman": "Mac Roman"}
_PREUVES = 3  # accented letters that must be seen before an unusual encoding is believed
_ECHANTILLON = 1 << 16
_BLOC = 1 << 20
_RANGEES_SONDEES = 40
_SAUTS_MAXIMAUX = 30  # line breaks that one quoted cell may hold
_TEMOIN = "\x1etemoin-de-fin"
_EGAL_GUILLEMETS = re.compile(r'="([^"]*)"')
_SEPARATEUR_DECLARE = re.compile(r"sep=(.)\s*", re.IGNORECASE)


class Texte(NamedTuple):
    """A text file, ready to be read."""

    encodage: str
    separateur: str
    remarques: tuple[Remarque, ...]
    rangees: Iterator[Rangee]


def lire(contenu: bytes) -> Texte:
    """Open a text of separated values. Raises FichierRefuse, here or while its records are read."""
    encodage = trouver_encodage(contenu)
    remarques = []
    if encodage in _ANCIENS:
        remarques.append(Remarque(CodeRemarque.ENCODAGE_DEVINE, {"encodage": _NOMS_D_ENCODAGE[encodage]}))
    if not encodage.startswith("utf-16") and b"\x00" in contenu:
        remarques.append(Remarque(CodeRemarque.CARACTERES_NULS, {}))
    separateur = _separateur(_lignes(contenu, encodage))
    return Texte(encodage, separateur, tuple(remarques), _rangees(_lignes(contenu, encodage), separateur))


def trouver_encodage(contenu: bytes) -> str:
    """Name the encoding of a text. Raises FichierRefuse(ENCODAGE) when none is sure."""
    for bom, encodage in _BOMS:
        if contenu.startswith(bom):
            return _sur(contenu, encodage)
    if utf16 := _utf16_sans_bom(contenu):
        return _sur(contenu, utf16)
    fautes, accents = _essai_utf8(contenu)
    if not fautes:
        return "utf-8"
    if accents > fautes:  # UTF-8 with a few foreign bytes: either reading would spoil names
        raise FichierRefuse(Code.ENCODAGE)
    return _sur(contenu, _un_octet(contenu))


def _sur(contenu: bytes, encodage: str) -> str:
    decodeur = codecs.getincrementaldecoder(encodage)()
    try:
        for debut in range(0, len(contenu), _BLOC):
            decodeur.decode(contenu[debut : debut + _BLOC])
        decodeur.decode(b"", final=True)
    except UnicodeError as e:
        raise FichierRefuse(Code.ENCODAGE) from e
    return encodage


def _utf16_sans_bom(contenu: bytes) -> str | None:
    """UTF-16 of a text in French has a NUL in nearly every other byte."""
    debut = contenu[:4096]
    moitie = len(debut) // 2
    if moitie < 2 or len(contenu) % 2:
        return None
    if debut[1::2].count(0) > 0.7 * moitie and debut[::2].count(0) < 0.1 * moitie:
        return "utf-16-le"
    return "utf-16-be" if debut[::2].count(0) > 0.7 * moitie and debut[1::2].count(0) < 0.1 * moitie else None


def _essai_utf8(contenu: bytes) -> tuple[int, int]:
    """Count what UTF-8 cannot read, and the accented letters that it reads."""
    decodeur = codecs.getincrementaldecoder("utf-8")("replace")
    fautes = accents = 0
    for debut in range(0, len(contenu), _BLOC):
        texte = decodeur.decode(contenu[debut : debut + _BLOC], final=debut + _BLOC >= len(contenu))
        if not texte.isascii():
            fautes += texte.count("\ufffd")
            accents += sum(texte.count(lettre) for lettre in _ACCENTS)
    return fautes, accents


def _un_octet(contenu: bytes) -> str:
    """Choose by the accented letters of French that each encoding would show; Windows-1252 unless it shows none."""
    if _vus(contenu, _SIGNES_DE_WINDOWS, "cp1252"):
        return "cp1252"
    dos, mac = (_vus(contenu, _ACCENTS_COURANTS, encodage) for encodage in _ANCIENS)
    if max(dos, mac) >= _PREUVES and max(dos, mac) > 2 * min(dos, mac):
        meilleur = _ANCIENS[mac > dos]
        # A text in French without one "é" or "è" would prove another thing.
        if _vus(contenu, "éè", meilleur):
            return meilleur
    if dos or mac:
        raise FichierRefuse(Code.ENCODAGE)
    return "cp1252"


def _vus(contenu: bytes, lettres: str, encodage: str) -> int:
    """Count the bytes that would be one of these letters."""
    return sum(contenu.count(lettre.encode(encodage)) for lettre in lettres)


def _lignes(contenu: bytes, encodage: str) -> Iterator[str]:
    """Yield the physical lines, without NUL characters nor the line by which Excel declares its separator."""
    flux = io.TextIOWrapper(io.BytesIO(contenu), encoding=encodage, newline="")
    premiere = True
    try:
        for ligne in flux:
            propre = ligne.replace("\x00", "") if "\x00" in ligne else ligne
            if premiere and _SEPARATEUR_DECLARE.fullmatch(propre):
                propre = "\r\n"  # kept as a blank line, so that ranks stay those of the file
            premiere = False
            yield propre
    except UnicodeError as e:
        raise FichierRefuse(Code.ENCODAGE) from e


def _separateur(lignes: Iterator[str]) -> str:
    """Return the separator that cuts the first records into the most columns, the most evenly."""
    debut = []
    taille = 0
    for ligne in lignes:
        debut.append(ligne)
        taille += len(ligne)
        if taille > _ECHANTILLON:
            break
    notes = {separateur: _regularite(debut, separateur) for separateur in SEPARATEURS}
    return max(SEPARATEURS, key=lambda separateur: notes[separateur])


def _regularite(lignes: list[str], separateur: str) -> float:
    largeurs: Counter[int] = Counter()
    try:
        for champs in csv.reader(iter(lignes), delimiter=separateur):
            if any(champs):
                largeurs[len(champs)] += 1
            if largeurs.total() >= _RANGEES_SONDEES:
                break
    except csv.Error:
        return 0.0
    if not largeurs:
        return 0.0
    largeur, fois = max(largeurs.items(), key=lambda paire: (paire[1], paire[0]))
    return (largeur - 1) * float((fois / largeurs.total()) ** 3)


def _rangees(lignes: Iterator[str], separateur: str) -> Iterator[Rangee]:
    """Yield the records. A last record must be the witness alone: otherwise a quote swallowed it, and lines with it."""
    rang = 1
    dernier: list[str] = []
    try:
        for rang, champs in enumerate(csv.reader(_avec_temoin(lignes), delimiter=separateur), start=1):
            dernier = champs
            if champs == [_TEMOIN]:
                return
            if any("\n" in champ and champ.count("\n") > _SAUTS_MAXIMAUX for champ in champs):
                raise FichierRefuse(Code.GUILLEMETS, ligne=rang)
            if _TEMOIN in "".join(champs[-1:]):
                break
            yield rang, [_cellule(champ) for champ in champs]
    except csv.Error as e:
        raise FichierRefuse(Code.GUILLEMETS, ligne=rang) from e
    if dernier != [_TEMOIN]:
        raise FichierRefuse(Code.GUILLEMETS, ligne=rang)


def _avec_temoin(lignes: Iterator[str]) -> Iterator[str]:
    derniere = ""
    for ligne in lignes:
        if derniere:
            yield derniere
        derniere = ligne
    # Without an end of its own, the last line would be glued to the witness.
    yield derniere if derniere.endswith(("\n", "\r")) else derniere + "\n"
    yield _TEMOIN + "\n"


def _cellule(champ: str) -> Cellule:
    """Return a text; `="0612"`, by which exports keep zeros, is 0612. Anything else that starts with = stays a text."""
    texte = champ.strip()
    if texte.startswith("=") and (garde := _EGAL_GUILLEMETS.fullmatch(texte)):
        texte = garde[1].strip()
    return texte or None
