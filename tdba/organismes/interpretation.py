"""From a CSV file to typed lines of a known format, with the lines that cannot be read and why. Pure.

A file is recognised by its headers: the format that asks for most columns among those it satisfies wins. Columns that
no format names are ignored.
"""

from dataclasses import dataclass
from typing import Any

from tdba.organismes import champs
from tdba.organismes.jeux import FORMATS, Colonne, Format, Jeu
from tdba.organismes.lecture_csv import FichierRefuse, Ligne, Tableau, lire


@dataclass(frozen=True, slots=True)
class LigneLue:
    numero: int
    valeurs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refus:
    """A line left out, and why, in French."""

    numero: int
    raison: str


@dataclass(frozen=True, slots=True)
class Fichier:
    """A file read and understood, ready to be compared with the database."""

    format: Format
    lignes: tuple[LigneLue, ...]
    refus: tuple[Refus, ...]
    doublons: int
    """Lines identical to an earlier one, left out without harm."""
    encodage: str


def comprendre(contenu: bytes, jeu: Jeu | None = None) -> Fichier:
    """Read a file and its cells. Raises FichierRefuse when it is not a CSV file of a known format."""
    tableau = lire(contenu)
    format_ = reconnaitre(tableau.entetes, jeu)
    lues, refus = _lire_cellules(format_, tableau)
    uniques, contraires, doublons = _sans_doublon(format_, lues)
    tous = sorted([*refus, *contraires], key=lambda r: r.numero)
    return Fichier(format_, tuple(uniques), tuple(tous), doublons, tableau.encodage)


def reconnaitre(entetes: tuple[str, ...], jeu: Jeu | None = None) -> Format:
    """Return the most demanding format that the headers satisfy, among those of `jeu` when it is given."""
    possibles = [f for f in FORMATS if (f.jeu is jeu if jeu else not f.explicite)]
    convenables = [f for f in possibles if not f.manquantes(entetes)]
    if not convenables:
        raise FichierRefuse(_colonnes_absentes(possibles, entetes, jeu))
    format_ = max(convenables, key=lambda f: sum(not c.facultative for c in f.colonnes))
    for colonne in format_.colonnes:
        if any(entetes.count(e) > 1 for e in colonne.entetes):
            raise FichierRefuse(f"la colonne « {colonne.entetes[0]} » y figure deux fois")
    return format_


def _colonnes_absentes(possibles: list[Format], entetes: tuple[str, ...], jeu: Jeu | None) -> str:
    if jeu is None:
        return "ses colonnes ne sont celles d’aucun fichier connu (voir docs/referentiel.md)"
    proche = min(possibles, key=lambda f: len(f.manquantes(entetes)))
    absentes = ", ".join(f"« {nom} »" for nom in proche.manquantes(entetes))
    return f"il n’a pas les colonnes attendues pour « {proche.libelle} » ; il manque {absentes}"


def _lire_cellules(format_: Format, tableau: Tableau) -> tuple[list[LigneLue], list[Refus]]:
    places = [
        (c, next((tableau.entetes.index(e) for e in c.entetes if e in tableau.entetes), None))
        for c in format_.colonnes
    ]
    lues, refus = [], []
    for ligne in tableau.lignes:
        try:
            lues.append(LigneLue(ligne.numero, _valeurs(ligne, places, len(tableau.entetes))))
        except champs.ValeurRefusee as erreur:
            refus.append(Refus(ligne.numero, str(erreur)))
    return lues, refus


def _valeurs(ligne: Ligne, places: list[tuple[Colonne, int | None]], largeur: int) -> dict[str, Any]:
    """A line shorter than the headers has empty cells at its end; a longer one has a stray separator, hence shifted."""
    if any(ligne.cellules[largeur:]):
        raise champs.ValeurRefusee(
            "plus de cellules que d’en-têtes : un séparateur de trop a décalé la ligne"
        )
    valeurs = {}
    for colonne, place in places:
        brut = ligne.cellules[place] if place is not None and place < len(ligne.cellules) else ""
        try:
            valeurs[colonne.nom] = colonne.lire(brut)
        except champs.ValeurRefusee as erreur:
            raise champs.ValeurRefusee(f"{colonne.entetes[0]} : {erreur}") from None
    return valeurs


def _sans_doublon(format_: Format, lues: list[LigneLue]) -> tuple[list[LigneLue], list[Refus], int]:
    """Keep the first line of each key. An identical one is dropped, one that contradicts it is refused."""
    if not format_.cle:
        return lues, [], 0
    premieres: dict[tuple[Any, ...], LigneLue] = {}
    refus = []
    doublons = 0
    for ligne in lues:
        premiere = premieres.setdefault(tuple(ligne.valeurs[nom] for nom in format_.cle), ligne)
        if premiere is ligne:
            continue
        if premiere.valeurs == ligne.valeurs:
            doublons += 1
        else:
            raison = f"contredit la ligne {premiere.numero}, qui a la même clé"
            refus.append(Refus(ligne.numero, raison))
    return list(premieres.values()), refus, doublons
