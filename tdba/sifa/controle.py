"""Judging the file of an ERP: what its lines break, and how they differ from ours, name by name (issue 5 part 8). Pure.

Nothing of the file is kept. A cell that a spreadsheet turned into a number gets its zeros back before it is judged;
one that was written as a text is judged as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from tdba.depots import garde, lecture_csv
from tdba.depots.cellules import Cellule
from tdba.depots.cellules import Rangee as RangeeLue
from tdba.depots.garde import Genre
from tdba.sifa import regles
from tdba.sifa.colonnes import COLONNES, NOMS, RANGS, SANS_INE, Rangee, jour, nettoyer
from tdba.sifa.regles import Gravite, Regle

DISCRETES: Final = frozenset(
    {"HANDI", "PCS", "NATIO", "TEL_RESP1_PERSO", "TEL_RESP1_PRO", "MAIL_RESP1"}
    | {"TEL_RESP2_PERSO", "TEL_RESP2_PRO", "MAIL_RESP2"}
)
"""Columns whose differences are told without their values: disability, family."""

SANS_COMPARER: Final = frozenset(
    {"UAI_EPLE", "NAT_STR_JUR", "STATUT", "DATE_ENTREE_CFA", "NOM2", "PRENOM2", "PRENOM3"}
)
ESSENTIELLES: Final = ("NOM", "PRENOM1", "DATE_NAIS")


class ColonnesAbsentes(Exception):
    """The file is not one of the survey. `trouvees`: how many columns it has."""

    def __init__(self, trouvees: int) -> None:
        super().__init__(trouvees)
        self.trouvees = trouvees


class Ligne(NamedTuple):
    """A line of their file, and its rank as their spreadsheet shows it."""

    rang: int
    rangee: Rangee


class Lu(NamedTuple):
    lignes: list[Ligne]
    absentes: tuple[str, ...]
    """Columns that the header does not name."""


class Constat(NamedTuple):
    """One rule, and the lines that break it."""

    regle: Regle
    rangs: list[int]


class Notre(NamedTuple):
    """One of our counted apprentices."""

    effectif_id: int
    rangee: Rangee


class Ecart(NamedTuple):
    """One value that differs. The values are None in a column told without them."""

    rang: int
    effectif_id: int
    nom: str
    leur: str | None
    notre: str | None


class Differences(NamedTuple):
    communs: int
    en_trop: list[Ligne]
    """In their file, not in our list."""
    absents: list[Notre]
    """In our list, not in their file."""
    ecarts: list[tuple[str, list[Ecart]]]
    """By column, the one that differs most first."""


def avec_entete(contenu: bytes) -> tuple[bytes, int]:
    """A text file with a header, and by how many lines its ranks moved. Anything else as it is. Raises FichierRefuse.

    The survey's own file has no header: its columns are then those of the survey, in order. Raises ColonnesAbsentes.
    """
    if garde.genre(contenu) is not Genre.CSV:
        return contenu, 0
    texte = lecture_csv.lire(contenu)
    premiere = next(iter(texte.rangees), (1, []))[1]
    if _est_un_entete(premiere):
        return contenu, 0
    if len(premiere) != len(NOMS):
        raise ColonnesAbsentes(len(premiere))
    lisible = contenu.decode(texte.encodage, "replace").removeprefix("\ufeff")
    return f"{texte.separateur.join(NOMS)}\r\n{lisible}".encode(), 1


def _est_un_entete(cellules: Sequence[Cellule]) -> bool:
    return len({str(c).strip().upper() for c in cellules if c is not None} & set(NOMS)) >= 3


def lire(entetes: Sequence[str], lues: Iterable[RangeeLue], decalage: int = 0) -> Lu:
    """The lines of a file whose header names columns of the survey, in any order. Raises ColonnesAbsentes."""
    places: dict[str, int] = {}
    for place, titre in enumerate(entetes):
        places.setdefault(titre.strip().upper(), place)
    absentes = tuple(nom for nom in NOMS if nom not in places)
    if any(nom in absentes for nom in ESSENTIELLES):
        raise ColonnesAbsentes(len(entetes))
    lignes = [Ligne(rang - decalage, _rangee(cellules, places)) for rang, cellules in lues]
    return Lu(lignes, absentes)


def _rangee(cellules: Sequence[Cellule], places: Mapping[str, int]) -> Rangee:
    rangee = {}
    for colonne in COLONNES:
        place = places.get(colonne.nom)
        recu = cellules[place] if place is not None and place < len(cellules) else None
        rangee[colonne.nom] = _texte(recu, colonne.largeur)
    return rangee


def _texte(recu: Cellule, largeur: int) -> str:
    if recu is None:
        return ""
    if isinstance(recu, str):
        return recu.strip()
    if isinstance(recu, date):
        return jour(recu)
    if isinstance(recu, bool):
        return "1" if recu else "0"
    return str(recu).zfill(largeur)


_DOUBLON: Final = Regle(
    "DOUBLON",
    "NOM",
    Gravite.ERREUR,
    "La même personne est sur plusieurs lignes.",
    "Gardez une seule fiche dans votre ERP.",
    lambda _r: False,
)
_POSTAL: Final = Regle(
    "POSTAL",
    "COM_ETAB",
    Gravite.ERREUR,
    "Un code postal est écrit à la place d’un code de commune (résidence, naissance ou employeur).",
    "Faites écrire par votre ERP le code INSEE de la commune.",
    lambda _r: False,
)
COLONNES_DE_COMMUNE: Final = ("COM_RESID", "LIEU_NAIS", "COM_ETAB")


def constats(lu: Lu, postaux: Collection[str] = ()) -> list[Constat]:
    """The rules that the lines break, the gravest first. `postaux`: codes that are postal and of no commune."""
    rangs: dict[str, list[int]] = defaultdict(list)
    trouvees: dict[str, Regle] = {}
    for ligne in lu.lignes:
        for regle in _fautes(ligne.rangee, lu.absentes, postaux):
            trouvees[regle.code] = regle
            rangs[regle.code].append(ligne.rang)
    repetes = _repetes(lu.lignes)
    if repetes:
        trouvees[_DOUBLON.code], rangs[_DOUBLON.code] = _DOUBLON, repetes
    tous = [Constat(regle, rangs[code]) for code, regle in trouvees.items()]
    return sorted(tous, key=lambda c: (c.regle.gravite, -len(c.rangs), c.regle.code))


def _fautes(rangee: Rangee, absentes: Collection[str], postaux: Collection[str]) -> list[Regle]:
    """A column that the file does not have is said once, not on each line."""
    trouvees = [regle for regle in regles.fautes(rangee) if regle.colonne not in absentes]
    if postaux and any(rangee[colonne] in postaux for colonne in COLONNES_DE_COMMUNE):
        trouvees.append(_POSTAL)
    return trouvees


def repetees(rangees: Sequence[Rangee]) -> list[int]:
    """The places of the lines that are about the same person as another."""
    return _repetes([Ligne(place, rangee) for place, rangee in enumerate(rangees)])


def _repetes(lignes: Sequence[Ligne]) -> list[int]:
    fois = Counter(_cle(ligne.rangee) for ligne in lignes)
    return [ligne.rang for ligne in lignes if ligne.rangee["NOM"] and fois[_cle(ligne.rangee)] > 1]


def cites(lu: Lu) -> set[str]:
    """The codes written as communes, to be looked for in the list of communes."""
    return {c for ligne in lu.lignes for nom in COLONNES_DE_COMMUNE if (c := ligne.rangee[nom])}


def _cle(rangee: Rangee) -> tuple[str, str, str]:
    return nettoyer(rangee["NOM"]).upper(), nettoyer(rangee["PRENOM1"]).upper(), rangee["DATE_NAIS"]


def _ine(rangee: Rangee) -> str | None:
    ine = rangee["INE"].upper()
    return ine if ine and ine != SANS_INE else None


def comparer(lu: Lu, notres: Sequence[Notre]) -> Differences:
    """Pair their lines with our list: by INE, else by name and birth date, else by a name that only one has."""
    paires, en_trop, reste = _apparier(lu.lignes, notres)
    par_colonne: dict[str, list[Ecart]] = defaultdict(list)
    for ligne, notre in paires:
        for nom in NOMS:
            if nom in SANS_COMPARER or nom in lu.absentes:
                continue
            leur, sien = ligne.rangee[nom], notre.rangee[nom]
            if leur != sien and _comparable(leur) != _comparable(sien):
                discret = nom in DISCRETES
                qui = f"{notre.rangee['PRENOM1']} {notre.rangee['NOM']}"
                par_colonne[nom].append(
                    Ecart(
                        ligne.rang,
                        notre.effectif_id,
                        qui,
                        None if discret else leur,
                        None if discret else sien,
                    )
                )
    ecarts = sorted(par_colonne.items(), key=lambda e: (-len(e[1]), RANGS[e[0]]))
    return Differences(len(paires), en_trop, reste, ecarts)


def _apparier(
    leurs: Sequence[Ligne], notres: Sequence[Notre]
) -> tuple[list[tuple[Ligne, Notre]], list[Ligne], list[Notre]]:
    restants = {notre.effectif_id: notre for notre in notres}
    paires: list[tuple[Ligne, Notre]] = []
    a_faire = list(leurs)
    for cle in (_ine, _cle, _nom_seul):
        index: dict[object, list[Notre]] = defaultdict(list)
        for notre in restants.values():
            index[cle(notre.rangee)].append(notre)
        fois = Counter(cle(ligne.rangee) for ligne in a_faire)
        suite = []
        for ligne in a_faire:
            valeur = cle(ligne.rangee)
            candidats = index.get(valeur, [])
            seul = valeur is not None and len(candidats) == 1 and (cle is not _nom_seul or fois[valeur] == 1)
            if seul and candidats[0].effectif_id in restants:
                paires.append((ligne, restants.pop(candidats[0].effectif_id)))
            else:
                suite.append(ligne)
        a_faire = suite
    return paires, a_faire, list(restants.values())


def _nom_seul(rangee: Rangee) -> tuple[str, str]:
    return _cle(rangee)[:2]


def _comparable(valeur: str) -> str:
    """Case, accents and signs make no difference, but in a mail address."""
    if valeur == SANS_INE:
        return ""
    return valeur.lower() if "@" in valeur else nettoyer(valeur).upper()


def cle_de(nom: str, prenom: str, naissance: date | None) -> tuple[str, str, str]:
    """What a record of ours is looked for by, to say why one of their lines is not in our list."""
    return nettoyer(nom).upper(), nettoyer(prenom).upper(), jour(naissance)


def cle_de_la_ligne(ligne: Ligne) -> tuple[str, str, str]:
    return _cle(ligne.rangee)
