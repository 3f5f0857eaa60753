"""The state of the list of effectifs, read from its address and written back to it. Pure.

What an address may hold is here, and no name: a search is kept in the session under a random reference (decision 35).
Cursors are the id of the last row. A value that means nothing for the reader is set aside and said, never obeyed.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
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
TRIS: Final = ("nom", "statut", "entree", "formation")
SENS: Final = ("asc", "desc")
TOUTES: Final = "toutes"
COMPTEES: Final = "comptees"
"""The years that figures count on the day: what a figure’s link asks for, so that its list has as many rows."""

_ANNEE: Final = re.compile(r"[12]\d{3}-[12]\d{3}")
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
    r: str = ""
    """Reference of a search kept in the session."""
    tri: str = "nom"
    sens: str = "asc"
    apres: int | None = None
    avant: int | None = None
    ignores: tuple[str, ...] = ()
    """Names of the parameters that were set aside."""

    @property
    def filtre(self) -> bool:
        """True when something narrows the list."""
        return bool(self.statuts or self.formation or self.annee or self.site or self.niveau or self.r)


_PARAMETRES: Final = {
    "statut": "statuts",
    **{c.name: c.name for c in fields(Filtres) if c.name not in ("statuts", "ignores")},
}
_DEFAUT: Final = Filtres()


def lire(
    arguments: Mapping[str, Sequence[str]],
    *,
    statuts: Collection[str] = tuple(CHOIX),
    sites: Collection[int] = (),
) -> Filtres:
    """Read the arguments of an address. `statuts` and `sites` are what this reader may ask for."""
    lus: dict[str, Any] = {}
    ignores: list[str] = []
    for parametre, champ in _PARAMETRES.items():
        recus = [valeur.strip() for valeur in arguments.get(parametre, ()) if valeur.strip()]
        if not recus:
            continue
        valeur = _valeur(champ, recus, statuts, sites)
        if valeur is None:
            ignores.append(parametre)
        else:
            lus[champ] = valeur
    if "apres" in lus:
        lus.pop("avant", None)
    return Filtres(**lus, ignores=tuple(ignores))


def _valeur(champ: str, recus: list[str], statuts: Collection[str], sites: Collection[int]) -> Any:
    """The typed value, None when it means nothing."""
    premier = recus[0]
    if champ == "statuts":
        demandes = tuple(dict.fromkeys(recus))
        return demandes if set(demandes) <= set(statuts) else None
    if champ == "site":
        return _entier(premier, sites)
    if champ == "niveau":
        return _entier(premier, NIVEAUX)
    if champ in ("apres", "avant"):
        cle = _entier(premier)
        return cle if cle is not None and cle <= _ID_MAX else None
    if champ == "formation":
        return premier[:_FORMATION_MAX]
    admis = {
        "annee": premier in (TOUTES, COMPTEES) or bool(_ANNEE.fullmatch(premier)),
        "r": bool(_REFERENCE.fullmatch(premier)),
        "tri": premier in TRIS,
        "sens": premier in SENS,
    }
    return premier if admis[champ] else None


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
    return f"?{urlencode(paires)}" if paires else ""


def trier(filtres: Filtres, tri: str) -> str:
    """The query string that sorts by `tri`: ascending first, the other way when it is already so."""
    inverse = filtres.tri == tri and filtres.sens == "asc"
    return vers_url(filtres, tri=tri, sens="desc" if inverse else "asc")
