"""Where the titles of the columns are, and what they are called. Pure.

Issue 4: titles above the table, two header rows, duplicate columns. The header row is the one, among the first ten
that hold something, with the most names that we know; without any, the first one with the most texts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from tdba.depots.cellules import Cellule, Rangee, vide
from tdba.depots.noms_usuels import champ_usuel, est_un_nir, normaliser
from tdba.depots.refus import Code, CodeRemarque, FichierRefuse, Remarque
from tdba.transmissions.identifiants import MASQUE_NIR
from tdba.transmissions.identifiants import est_un_nir as est_le_nir

RANGEES_EXAMINEES = 10
COLONNES_MAXIMALES = 200
LIGNES_EXPLOREES = 1_100_000
"""Rows of a full sheet (1,048,576), and some more: blank ones are skipped, but not for ever."""

_DONNEE = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+|[0-9 ./:+-]{6,}|[0-9]{7}[a-z]|rncp ?[0-9]+", re.IGNORECASE)
_LONGUEUR_DE_TITRE = 120
_LONGUEUR_DE_NIR = 30  # 15 digits and their separators


class Tableau(NamedTuple):
    """A table: the names of its columns, in place, then its rows, cut or filled to that width."""

    entetes: tuple[str, ...]
    rang_entete: int
    remarques: tuple[Remarque, ...]
    lignes: Iterator[Rangee]


def trouver(rangees: Iterable[Rangee]) -> Tableau:
    """Find the header row, and give the rows under it that are not blank. Raises FichierRefuse."""
    source = _non_vides(rangees)
    debut: list[Rangee] = []
    for rangee in source:
        debut.append(rangee)
        if len(debut) == RANGEES_EXAMINEES:
            break
    if not debut:
        raise FichierRefuse(Code.VIDE)
    place = _place(debut)
    rang, titres = debut[place]
    entetes = _nommer(titres, debut[place - 1][1] if place else [])
    remarques = list(_remarques(entetes))
    if place:
        remarques.insert(0, Remarque(CodeRemarque.LIGNES_DE_TITRE, {"ligne": rang}))
    suite = debut[place + 1 :]
    if suite and _repete_des_titres(suite[0][1]):
        remarques.append(Remarque(CodeRemarque.SECOND_ENTETE, {"ligne": suite[0][0]}))
        suite = suite[1:]
    lignes = chain(suite, source)
    premiere = next(lignes, None)
    if premiere is None:
        raise FichierRefuse(Code.SANS_LIGNE)
    return Tableau(entetes, rang, tuple(remarques), _ajuster(chain([premiere], lignes), entetes))


def _non_vides(rangees: Iterable[Rangee]) -> Iterator[Rangee]:
    for rangee in rangees:
        if rangee[0] > LIGNES_EXPLOREES:
            raise FichierRefuse(Code.TROP_LOURD)
        if not vide(rangee[1]):
            yield rangee


def _place(debut: list[Rangee]) -> int:
    """Return the place of the header row among the first rows. Raises FichierRefuse when none looks like one."""
    connus = [_connus(cellules) for _, cellules in debut]
    meilleur = max(connus)
    # One known word alone may be a title ("Formation : BTS"), unless the table has that one column.
    if meilleur >= 2 or (meilleur == 1 and max(len(_pleines(cellules)) for _, cellules in debut) == 1):
        return connus.index(meilleur)
    textes = [_titres_possibles(cellules) for _, cellules in debut]
    place = textes.index(max(textes))
    if textes[place] < 2 or any(_est_une_donnee(c) for c in debut[place][1]):
        raise FichierRefuse(Code.SANS_ENTETE)
    return place


def _connus(cellules: list[Cellule]) -> int:
    return len({champ for c in cellules if isinstance(c, str) and (champ := champ_usuel(c))})


def _titres_possibles(cellules: list[Cellule]) -> int:
    return len({c for c in cellules if isinstance(c, str) and len(c) <= _LONGUEUR_DE_TITRE})


def _pleines(cellules: list[Cellule]) -> list[Cellule]:
    return [c for c in cellules if c is not None]


def _est_une_donnee(c: Cellule) -> bool:
    if isinstance(c, str):
        return _DONNEE.fullmatch(c) is not None
    return isinstance(c, (int, float, date))


def _repete_des_titres(cellules: list[Cellule]) -> bool:
    """A second header row: names again, technical above and written out below, or the reverse."""
    pleines = _pleines(cellules)
    connus = _connus(cellules)
    return connus >= 3 and connus * 2 >= len(pleines) and not any(_est_une_donnee(c) for c in pleines)


def _nommer(titres: list[Cellule], dessus: list[Cellule]) -> tuple[str, ...]:
    """Return the names of the columns; those that repeat take the name of their group from the row above."""
    largeur = max((rang + 1 for rang, c in enumerate(titres) if c is not None), default=0)
    if largeur > COLONNES_MAXIMALES:
        raise FichierRefuse(Code.TROP_DE_COLONNES, maximum=COLONNES_MAXIMALES)
    noms = ["" if c is None else " ".join(str(c).split()) for c in titres[:largeur]]
    fois = Counter(normaliser(nom) for nom in noms)
    groupe = ""
    for rang, nom in enumerate(noms):
        if rang < len(dessus) and dessus[rang] is not None:
            groupe = " ".join(str(dessus[rang]).split())
        if nom and groupe and len(groupe) <= _LONGUEUR_DE_TITRE and fois[normaliser(nom)] > 1:
            noms[rang] = f"{groupe} – {nom}"
    return tuple(noms)


def _remarques(entetes: tuple[str, ...]) -> Iterator[Remarque]:
    vus: set[str] = set()
    dits: set[str] = set()
    for entete in entetes:
        cle = normaliser(entete)
        if cle and cle in vus and cle not in dits:
            dits.add(cle)
            yield Remarque(CodeRemarque.COLONNE_EN_DOUBLE, {"colonne": entete})
        vus.add(cle)
        if est_un_nir(entete):
            yield Remarque(CodeRemarque.COLONNE_INTERDITE, {"colonne": entete})


def _ajuster(lignes: Iterable[Rangee], entetes: tuple[str, ...]) -> Iterator[Rangee]:
    """Give each row the width of the header; columns of social-security numbers are emptied here (decision 16)."""
    largeur = len(entetes)
    interdites = [rang for rang, entete in enumerate(entetes) if est_un_nir(entete)]
    for rang, recues in lignes:
        cellules = recues[:largeur]
        if len(cellules) < largeur:
            cellules += [None] * (largeur - len(cellules))
        for colonne in interdites:
            cellules[colonne] = None
        for colonne, c in enumerate(cellules):
            if (type(c) is str and len(c) >= 15) or (type(c) is int and c >= 10**14):
                cellules[colonne] = _sans_nir(c)
        if not vide(cellules):
            yield rang, cellules


def _sans_nir(c: str | int) -> Cellule:
    """Mask a whole social-security number, key included, wherever it stands; the rest is judged by the line."""
    texte = str(c)
    return MASQUE_NIR if len(texte) <= _LONGUEUR_DE_NIR and est_le_nir(texte, None) else c
