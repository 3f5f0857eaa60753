"""The state of the list of effectifs, read from its address and written back to it. Pure.

What an address may hold is here, and no name: a search is kept in the session under a random reference (decision 35).
Cursors are the id of the last row. A value that means nothing for the reader is set aside and said, never obeyed.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from tdba.effectifs.statuts import Motif, Statut


class ChoixStatut(NamedTuple):
    """A status that can be asked for. `motifs` empty: whatever the motif."""

    libelle: str
    statut: Statut | None
    motifs: tuple[Motif, ...] = ()


A_VENIR: Final = "A_VENIR"
SANS_STATUT: Final = "SANS_STATUT"

CHOIX: Final[Mapping[str, ChoixStatut]] = {
    "APPRENTI": ChoixStatut("apprenti", Statut.APPRENTI),
    "INSCRIT": ChoixStatut("inscrit sans contrat", Statut.INSCRIT),
    "RUPTURE": ChoixStatut("en rupture", Statut.RUPTURANT, (Motif.RUPTURE,)),
    "FIN_DE_CONTRAT": ChoixStatut("contrat arrivé à terme", Statut.RUPTURANT, (Motif.FIN_DE_CONTRAT,)),
    "DELAI_DEPASSE": ChoixStatut(
        "délai dépassé", Statut.ABANDON, (Motif.DELAI_SANS_CONTRAT, Motif.DELAI_APRES_RUPTURE)
    ),
    "DELAI_SANS_CONTRAT": ChoixStatut(
        "délai dépassé, jamais de contrat", Statut.ABANDON, (Motif.DELAI_SANS_CONTRAT,)
    ),
    "DELAI_APRES_CONTRAT": ChoixStatut(
        "délai dépassé, après un contrat", Statut.ABANDON, (Motif.DELAI_APRES_RUPTURE,)
    ),
    "SORTI": ChoixStatut("sorti", Statut.ABANDON, (Motif.EXCLUSION,)),
    "FIN_DE_FORMATION": ChoixStatut("fin de formation", Statut.FIN_DE_FORMATION),
    A_VENIR: ChoixStatut("entrée à venir", None),
    SANS_STATUT: ChoixStatut("sans statut", None),
    "RUPTURANT": ChoixStatut("en rupture ou contrat arrivé à terme", Statut.RUPTURANT),
    "ABANDON": ChoixStatut("sorti ou délai dépassé", Statut.ABANDON),
}
"""Every status of an address. The last two join what decision 9 tells apart, for the figures that count them as one."""

DU_CFA: Final = tuple(cle for cle in CHOIX if cle not in ("RUPTURANT", "ABANDON"))
"""Those offered to who reaches every status."""

NIVEAUX: Final[Mapping[int, str]] = {
    3: "3 (CAP)",
    4: "4 (bac)",
    5: "5 (BTS, DEUST)",
    6: "6 (licence, BUT)",
    7: "7 (master, ingénieur)",
    8: "8 (doctorat)",
}


class ChoixSimple(NamedTuple):
    """A filter of one value among a few. `du_cfa`: it reads what only those who correct may read."""

    libelle: str
    choix: Mapping[str, str]
    du_cfa: bool = True


SIMPLES: Final[Mapping[str, ChoixSimple]] = {
    "age": ChoixSimple(
        "Âge",
        {
            "moins-16": "moins de 16 ans",
            "16-17": "16 ou 17 ans",
            "18-20": "18 à 20 ans",
            "21-25": "21 à 25 ans",
            "26-29": "26 à 29 ans",
            "30-plus": "30 ans et plus",
        },
        du_cfa=False,
    ),
    "source": ChoixSimple("Source", {"ERP": "envoi de l’ERP", "FICHIER": "fichier déposé", "DECA": "Deca"}),
    "corrigee": ChoixSimple("Corrections", {"oui": "fiches corrigées", "non": "fiches non corrigées"}),
    "conflit": ChoixSimple("Désaccords", {"oui": "l’ERP dit autre chose"}),
    "fraicheur": ChoixSimple(
        "Réception",
        {
            "7j": "reçues depuis moins de 7 jours",
            "30j": "reçues depuis moins de 30 jours",
            "ancienne": "reçues il y a plus de 30 jours",
            "absente": "plus transmises",
        },
    ),
}
"""Filters of one value, by their parameter in the address. The age is the age on the day of the list (decision 30)."""

_AGES: Final[Mapping[str, tuple[int, int | None]]] = {
    "moins-16": (0, 16),
    "16-17": (16, 18),
    "18-20": (18, 21),
    "21-25": (21, 26),
    "26-29": (26, 30),
    "30-plus": (30, None),
}
"""First age of each band, and first age beyond it."""

TRIS: Final = (
    "nom",
    "naissance",
    "statut",
    "formation",
    "niveau",
    "annee",
    "entree",
    "fin",
    "site",
    "transmis",
)
SENS: Final = ("asc", "desc")
TOUTES: Final = "toutes"
COMPTEES: Final = "comptees"
"""The years that figures count on the day: what a figure’s link asks for, so that its list has as many rows."""

_ANNEE: Final = re.compile(r"[12]\d{3}-[12]\d{3}")
_SIRET: Final = re.compile(r"\d{14}")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{8,32}")
_FORMATION_MAX: Final = 200
_ID_MAX: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtres:
    """One state of the list. Empty values mean "no filter", except `annee`, which means the active years."""

    statuts: tuple[str, ...] = ()
    formation: str = ""
    """The RNCP code, or the title of a formation that has none."""
    annee: str = ""
    site: int | None = None
    niveau: int | None = None
    employeur: str = ""
    """SIRET of the establishment that signed one of the contracts."""
    age: str = ""
    source: str = ""
    corrigee: str = ""
    conflit: str = ""
    fraicheur: str = ""
    ajoutes: tuple[tuple[str, str], ...] = ()
    """(name, value) of the filters that other slices add."""
    r: str = ""
    """Reference of a search kept in the session."""
    vue: int | None = None
    """The saved view that this state started from: it brings its columns."""
    tri: str = "nom"
    sens: str = "asc"
    apres: int | None = None
    avant: int | None = None
    ignores: tuple[str, ...] = ()
    """Names of the parameters that were set aside."""

    @property
    def filtre(self) -> bool:
        """True when something narrows the list."""
        return changer(self, tri="nom", sens="asc", vue=None) != _DEFAUT


_PARAMETRES: Final = {
    "statut": "statuts",
    **{c.name: c.name for c in fields(Filtres) if c.name not in ("statuts", "ajoutes", "ignores")},
}
_DEFAUT: Final = Filtres()


class Permis(NamedTuple):
    """What this reader may ask for."""

    statuts: Collection[str] = tuple(CHOIX)
    sites: Collection[int] = ()
    du_cfa: bool = True
    """Filters that read contracts, corrections and receptions: an agent of the State has none of them."""
    ajoutes: Mapping[str, Mapping[str, str]] = {}
    """Values, with their words, of each filter that other slices add."""


def lire(arguments: Mapping[str, Sequence[str]], permis: Permis) -> Filtres:
    """Read the arguments of an address."""
    lus: dict[str, Any] = {}
    ignores: list[str] = []
    for parametre, champ in _PARAMETRES.items():
        recus = _recus(arguments, parametre)
        if not recus:
            continue
        valeur = _valeur(champ, recus, permis)
        if valeur is None:
            ignores.append(parametre)
        else:
            lus[champ] = valeur
    ajoutes = []
    for nom, valeurs in permis.ajoutes.items():
        for valeur in _recus(arguments, nom)[:1]:
            if valeur in valeurs:
                ajoutes.append((nom, valeur))
            else:
                ignores.append(nom)
    if "apres" in lus:
        lus.pop("avant", None)
    return Filtres(**lus, ajoutes=tuple(ajoutes), ignores=tuple(ignores))


def _recus(arguments: Mapping[str, Sequence[str]], parametre: str) -> list[str]:
    propres = (valeur.replace("\x00", "").strip() for valeur in arguments.get(parametre, ()))
    return [valeur for valeur in propres if valeur]


def _valeur(champ: str, recus: list[str], permis: Permis) -> Any:
    """The typed value, None when it means nothing."""
    premier = recus[0]
    if champ == "statuts":
        # One choice of the form may join several statuses, written with commas.
        demandes = tuple(dict.fromkeys(statut for recu in recus for statut in recu.split(",")))
        return demandes if set(demandes) <= set(permis.statuts) else None
    if champ in ("site", "niveau", "vue", "apres", "avant"):
        return _nombre(champ, premier, permis)
    if champ == "formation":
        return premier[:_FORMATION_MAX]
    if champ == "employeur":
        premier = "".join(premier.split())
    return premier if _admis(champ, premier, permis) else None


def _nombre(champ: str, texte: str, permis: Permis) -> int | None:
    if champ in ("vue", "apres", "avant"):
        cle = _entier(texte)
        return cle if cle is not None and cle <= _ID_MAX else None
    return _entier(texte, permis.sites if champ == "site" else NIVEAUX)


def _admis(champ: str, texte: str, permis: Permis) -> bool:
    if champ in SIMPLES:
        return texte in SIMPLES[champ].choix and (permis.du_cfa or not SIMPLES[champ].du_cfa)
    return {
        "annee": texte in (TOUTES, COMPTEES) or bool(_ANNEE.fullmatch(texte)),
        "employeur": permis.du_cfa and bool(_SIRET.fullmatch(texte)),
        "r": bool(_REFERENCE.fullmatch(texte)),
        "tri": texte in TRIS,
        "sens": texte in SENS,
    }[champ]


def _entier(texte: str, permis: Collection[int] | None = None) -> int | None:
    valeur = int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= 19 else None
    return valeur if valeur is not None and (permis is None or valeur in permis) else None


def changer(filtres: Filtres, **changements: Any) -> Filtres:
    """Another state of the list; it starts at its first page unless a cursor is given."""
    return replace(filtres, **({"apres": None, "avant": None, "ignores": ()} | changements))


def vers_url(filtres: Filtres, **changements: Any) -> str:
    """The query string of a state ("" for the default one), defaults left out, always in the same order."""
    etat = changer(filtres, **changements)
    paires: list[tuple[str, Any]] = []
    for parametre, champ in _PARAMETRES.items():
        valeur = getattr(etat, champ)
        if valeur != getattr(_DEFAUT, champ):
            paires += [(parametre, v) for v in (valeur if isinstance(valeur, tuple) else (valeur,))]
    paires += etat.ajoutes
    return f"?{urlencode(paires)}" if paires else ""


def trier(filtres: Filtres, tri: str) -> str:
    """The query string that sorts by `tri`: ascending first, the other way when it is already so."""
    inverse = filtres.tri == tri and filtres.sens == "asc"
    return vers_url(filtres, tri=tri, sens="desc" if inverse else "asc")


def sans_ajoute(filtres: Filtres, nom: str) -> tuple[tuple[str, str], ...]:
    """The filters of other slices, that one left out."""
    return tuple(ajoute for ajoute in filtres.ajoutes if ajoute[0] != nom)


def naissances(tranche: str, jour: date) -> tuple[date | None, date]:
    """(after, until) what birth dates the people of an age band have on `jour`; no first bound: as old as can be."""
    age, au_dela = _AGES[tranche]
    return (None if au_dela is None else _anniversaire(jour, au_dela)), _anniversaire(jour, age)


def _anniversaire(jour: date, ans: int) -> date:
    """The last birth date of whoever is at least that old on `jour`: born on 29 February, one is older on 1 March."""
    try:
        return jour.replace(year=jour.year - ans)
    except ValueError:
        return date(jour.year - ans, 2, 28)
