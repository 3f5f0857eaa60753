"""From the cells of a row to a line in the names of the API, as `tdba.transmissions.lignes.lire` reads it. Pure.

Only what spreadsheets and extracts do to a value is undone here; whether the value is right is said by `lire`, alone.
What cannot be undone is an error of its cell, in words of the file: a SIRET that the spreadsheet shortened to 7,85E+13.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from tdba.depots.cellules import Cellule
from tdba.depots.noms_usuels import NOM_ET_PRENOM, PRENOM_ET_NOM, normaliser
from tdba.transmissions import champs, dates, normes
from tdba.transmissions.champs import FICHIER
from tdba.transmissions.lignes import CoupleConnu, Erreur, LigneLue, lire
from tdba.transmissions.refus import Refus

NOMBRE_ABREGE = (
    "Le tableur a abrégé ce nombre (par exemple 7,85E+13) : ses derniers chiffres sont perdus. "
    "Mettez la colonne au format Texte, puis saisissez à nouveau le numéro entier"
)
NOM_NON_SEPARE = (
    "Le nom et le prénom n’ont pas pu être séparés : écrivez le nom en capitales (DUPONT Léa), "
    "ou mettez-les dans deux colonnes"
)


class Correspondance(NamedTuple):
    """Which field each column means, and what is given for the columns that the file has not."""

    colonnes: tuple[str | None, ...]
    constantes: Mapping[str, str] = {}
    """The same value on every line: the school year, the UAI of the CFA…"""
    copies: Mapping[str, str] = {}
    """Field → field it repeats where it is not given: a responsable that is the formateur."""


class LigneConvertie(NamedTuple):
    champs: dict[str, Cellule]
    erreurs: tuple[Erreur, ...] = ()
    """Cells that could not be understood; their fields are not in `champs`."""


_SCIENTIFIQUE = re.compile(r"[0-9](?:[.,]([0-9]+)E\+?|E\+)([0-9]{1,2})", re.IGNORECASE)
_JOUR = re.compile(
    r"([0-9]{1,2})[-. /]([0-9]{1,2})[-. /]([0-9]{4}|[0-9]{2})(?:[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_JOUR_A_L_ENVERS = re.compile(
    r"([0-9]{4})[./ ]([0-9]{1,2})[./ ]([0-9]{1,2})(?:[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_JOUR_EN_LETTRES = re.compile(r"(?:[a-z]+ )?([0-9]{1,2})(?:er)? ([a-z]+) ([0-9]{4})")
_MOIS = {"janv": 1, "fevr": 2, "mars": 3, "avri": 4, "mai": 5, "juin": 6, "juil": 7, "aout": 8, "sept": 9,
         "octo": 10, "nove": 11, "dece": 12, "jan": 1, "fev": 2, "avr": 4, "oct": 10, "nov": 11, "dec": 12}  # fmt: skip
_SEXES = {
    "homme": "M", "masculin": "M", "garcon": "M", "monsieur": "M", "mr": "M", "m": "M", "h": "M",
    "femme": "F", "feminin": "F", "fille": "F", "madame": "F", "mademoiselle": "F", "mme": "F", "mlle": "F", "f": "F",
}  # fmt: skip
_OUI_NON = {"o": "oui", "y": "oui", "yes": "oui", "x": "oui", "n": "non", "no": "non"}
_ANNEES = re.compile(r"(?:20)?([0-9]{2})\s*[-/]\s*(?:20)?([0-9]{2})")
_RANG_D_ANNEE = re.compile(r"(?:a|an|annee) ?([0-5])|([0-5]) ?(?:ere?|re|e|eme|nde?|a)?(?: annee?| an)?")
_SIRET_TRONQUE = "00000"  # no establishment is numbered 00000: these zeros are digits that were lost


def lire_ligne(
    correspondance: Correspondance,
    cellules: list[Cellule],
    *,
    couple_connu: CoupleConnu | None = None,
    sifa: bool = True,
) -> LigneLue:
    """Read one row by the rules of the intake, the errors of its cells first (domain.md §4.2, §4.3)."""
    convertie = appliquer(correspondance, cellules)
    lue = lire(convertie.champs, source=FICHIER, couple_connu=couple_connu, sifa=sifa)
    if not convertie.erreurs:
        return lue
    dits = {erreur.champ for erreur in convertie.erreurs}
    erreurs = (*convertie.erreurs, *(erreur for erreur in lue.erreurs if erreur.champ not in dits))
    return LigneLue(
        lue.valeurs, tuple(sorted(erreurs, key=lambda e: champs.RANGS[e.champ])), lue.signalements
    )


def appliquer(correspondance: Correspondance, cellules: list[Cellule]) -> LigneConvertie:
    """Return the line that a row says. Never raises, whatever the cells and the correspondance."""
    ligne: dict[str, Cellule] = {}
    erreurs: list[Erreur] = []
    for champ, c in zip(correspondance.colonnes, cellules, strict=False):
        if champ is None or c is None or champ in ligne:
            continue
        if champ in (NOM_ET_PRENOM, PRENOM_ET_NOM):
            _poser_le_nom(ligne, erreurs, c, nom_d_abord=champ == NOM_ET_PRENOM)
            continue
        convertir = _CONVERSIONS.get(champ)
        valeur = convertir(c) if convertir is not None else c
        if valeur is _ABREGE:
            erreurs.append(Erreur(champ, NOMBRE_ABREGE))
        else:
            ligne[champ] = valeur
    refuses = {erreur.champ for erreur in erreurs}
    for champ, constante in correspondance.constantes.items():
        if champ not in refuses and champ in champs.RANGS:
            ligne.setdefault(champ, constante)
    for champ, origine in correspondance.copies.items():
        if origine in ligne and champ not in refuses and champ in champs.RANGS:
            ligne.setdefault(champ, ligne[origine])
    return LigneConvertie(ligne, tuple(erreurs))


def separer(texte: str, *, nom_d_abord: bool) -> tuple[str, str] | None:
    """Split "DUPONT Léa" into its name and first name, or return None when nothing says where.

    A comma separates; otherwise the words in capitals are the name; otherwise two words are taken in the given order.
    """
    if texte.count(",") == 1:
        nom, prenom = (partie.strip() for partie in texte.split(","))
        return (nom, prenom) if nom and prenom else None
    mots = texte.split()
    capitales = [_en_capitales(mot) for mot in mots]
    if 0 < sum(capitales) < len(mots):
        noms = [mot for mot, capital in zip(mots, capitales, strict=True) if capital]
        prenoms = [mot for mot, capital in zip(mots, capitales, strict=True) if not capital]
        # Capitals in two places ("DUPONT Léa MARIE") say nothing sure.
        changements = sum(avant != apres for avant, apres in pairwise(capitales))
        return (" ".join(noms), " ".join(prenoms)) if changements == 1 else None
    if len(mots) == 2:
        return (mots[0], mots[1]) if nom_d_abord else (mots[1], mots[0])
    return None


def _en_capitales(mot: str) -> bool:
    return mot.isupper() and len(mot) > 1


def _poser_le_nom(ligne: dict[str, Cellule], erreurs: list[Erreur], c: Cellule, *, nom_d_abord: bool) -> None:
    separes = separer(c, nom_d_abord=nom_d_abord) if isinstance(c, str) else None
    if separes is None:
        erreurs.extend(Erreur(champ, NOM_NON_SEPARE) for champ in ("nom_apprenant", "prenom_apprenant"))
        return
    ligne.setdefault("nom_apprenant", separes[0])
    ligne.setdefault("prenom_apprenant", separes[1])


_ABREGE: Any = object()


def _numero(c: Cellule) -> Cellule:
    """Give back the digits of a number written 7.85E+13 when none is lost, which the text itself tells."""
    if not isinstance(c, str) or not (ecrit := _SCIENTIFIQUE.fullmatch(c.replace(" ", ""))):
        return c
    decimales, exposant = len(ecrit[1] or ""), int(ecrit[2])
    if decimales < exposant:
        return _ABREGE  # type: ignore[no-any-return]
    exact = Decimal(c.replace(" ", "").replace(",", "."))
    return int(exact) if exact == exact.to_integral_value() else c


def _siret(c: Cellule) -> Cellule:
    numero = _numero(c)
    if isinstance(numero, int) and numero > 10**12 and str(numero).endswith(_SIRET_TRONQUE):
        return _ABREGE  # type: ignore[no-any-return]
    # A spreadsheet drops the zeros a SIRET starts with.
    return str(numero).zfill(14) if isinstance(numero, int) and 10**11 < numero < 10**14 else numero


def _date(c: Cellule) -> Cellule:
    """Write as JJ/MM/AAAA the other ways extracts write a day; whether that day exists is said by `lire`."""
    if not isinstance(c, str):
        return c
    texte = c.strip()
    if parties := _JOUR.fullmatch(texte):
        return "/".join(parties.groups())
    if parties := _JOUR_A_L_ENVERS.fullmatch(texte):
        return f"{parties[3]}/{parties[2]}/{parties[1]}"
    if parties := _JOUR_EN_LETTRES.fullmatch(normaliser(texte)):
        mois = _MOIS.get(parties[2]) or _MOIS.get(parties[2][:4])
        return f"{parties[1]}/{mois}/{parties[3]}" if mois else c
    return c


def _sexe(c: Cellule) -> Cellule:
    """A title says the sex: M. is M, Mme is F."""
    return _SEXES.get(normaliser(c), c) if isinstance(c, str) else c


def _booleen(c: Cellule) -> Cellule:
    return _OUI_NON.get(c.strip().lower(), c) if isinstance(c, str) else c


def _annee_scolaire(c: Cellule) -> Cellule:
    annees = _ANNEES.fullmatch(c.strip()) if isinstance(c, str) else None
    return c if annees is None else f"20{annees[1]}-20{annees[2]}"


def _annee_de_formation(c: Cellule) -> Cellule:
    """Give the digit of "1ère année", "2A", "Année 3"."""
    if not isinstance(c, str) or not (rang := _RANG_D_ANNEE.fullmatch(normaliser(c))):
        return c
    return int(rang[1] or rang[2])


def _texte(c: Cellule) -> Cellule:
    """A text that the spreadsheet took for a number or a date."""
    return c if isinstance(c, (str, bool)) else str(c)


_PAR_NORMALISEUR: dict[Callable[[object], object], Callable[[Cellule], Cellule]] = {
    dates.date_de_cellule: _date,
    normes.booleen_de_cellule: _booleen,
    normes.siret: _siret,
    normes.siret_secondaire: _siret,
    normes.identifiant: _numero,
    normes.ine: _numero,
    normes.telephone: _numero,
    normes.sexe: _sexe,
    normes.annee_scolaire: _annee_scolaire,
    normes.annee_de_formation: _annee_de_formation,
    normes.libelle: _texte,
}
_CONVERSIONS = {
    champ.nom: _PAR_NORMALISEUR[champ.fichier] for champ in champs.CHAMPS if champ.fichier in _PAR_NORMALISEUR
}


def accepte(champ: str, valeurs: Iterable[Cellule]) -> float:
    """Return the share of these cells that the rules of a field accept, once converted; 1.0 without any cell."""
    normaliseur = _NORMALISEURS[champ]
    convertir = _CONVERSIONS.get(champ)
    lus = [normaliseur(convertir(c) if convertir is not None else c) for c in valeurs if c is not None]
    return sum(type(lu) is not Refus for lu in lus) / len(lus) if lus else 1.0


_NORMALISEURS = champs.normaliseurs(FICHIER, sifa=True)
