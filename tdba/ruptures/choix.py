"""What is looked at in a worklist: the filters of its address, and the rows that each one keeps (ux.md, principle 5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Subquery, and_, func, true

from tdba.ruptures import selection
from tdba.ruptures.regles import SEGMENTS, Segment

TERME: Final = "terme"
"""Value of `groupe` in the address of the second group of the ruptures: contracts ended without a next one."""
MOI: Final = "moi"
PERSONNE: Final = "personne"
AUTRE: Final = "autre"
"""Followed by somebody who is not of the team any more."""
OUI: Final = "oui"


class ChoixInconnu(Exception):
    """A value of the address that exists nowhere, or is not theirs."""


@dataclass(frozen=True, slots=True)
class Choix:
    """The filters of one worklist; every default: all of it."""

    site: int | None = None
    segment: Segment | None = None
    qui: str = ""
    """MOI, PERSONNE, AUTRE, the id of a colleague, or nothing."""
    formation: str = ""
    mineurs: bool = False
    retard: bool = False
    """The promised step is late."""

    def adresse(self) -> dict[str, Any]:
        """As the address says it: nothing of what is not chosen."""
        dit: dict[str, Any] = {
            "site": self.site,
            "segment": cle_segment(self.segment) if self.segment else None,
            "qui": self.qui,
            "formation": self.formation,
            "mineurs": OUI if self.mineurs else None,
            "retard": OUI if self.retard else None,
        }
        return {nom: valeur for nom, valeur in dit.items() if valeur}


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Who reads the list: "mine" is theirs, and their team is who may follow."""

    personne_id: int | None
    equipe: frozenset[int] = frozenset()


def cle_segment(segment: Segment) -> str:
    """How an address names a segment: `45-89`, `180-plus`."""
    premier, dernier = segment.value
    return f"{premier}-{'plus' if dernier is None else dernier}"


def comprendre(
    genre: str, lire: Callable[[str], str], sites: Mapping[str, int], equipe: frozenset[int]
) -> Choix:
    """The filters that an address asks for; `lire` gives the value of a name, or nothing. Raises ChoixInconnu."""
    site, segment, qui = lire("site"), lire("segment"), lire("qui")
    segments: dict[str, Segment] = {cle_segment(s): s for s in SEGMENTS[genre]}
    connus = {"", MOI, PERSONNE, AUTRE, *map(str, equipe)}
    if (site and site not in sites) or (segment and segment not in segments) or qui not in connus:
        raise ChoixInconnu
    return Choix(
        site=sites.get(site),
        segment=segments.get(segment),
        qui=qui,
        formation=lire("formation"),
        mineurs=lire("mineurs") == OUI,
        retard=lire("retard") == OUI,
    )


def retenues(
    lignes: Subquery, choix: Choix, lecteur: Lecteur, jour: date, *, segment: bool = True
) -> ColumnElement[bool]:
    """The rows that these filters keep; the site is already chosen in `lignes`. Segments are counted without theirs."""
    conditions: list[ColumnElement[bool]] = [true()]
    if segment and choix.segment is not None:
        conditions.append(selection.dans_le_segment(lignes, choix.segment))
    if choix.qui:
        conditions.append(suivies_par(lignes, choix.qui, lecteur))
    if choix.formation:
        conditions.append(lignes.c.formation == choix.formation)
    if choix.mineurs:
        conditions.append(lignes.c.majeur == 0)
    if choix.retard:
        conditions.append(selection.en_retard(lignes, jour))
    return and_(*conditions)


def suivies_par(lignes: Subquery, qui: str, lecteur: Lecteur) -> ColumnElement[bool]:
    """The rows followed by `qui`."""
    referent = lignes.c.referent_id
    if qui == PERSONNE:
        return referent.is_(None)
    if qui == AUTRE:
        return and_(referent.is_not(None), referent != func.all(sorted(lecteur.equipe)))
    return referent == (lecteur.personne_id if qui == MOI else int(qui))
