"""What becomes of the pairs known so far when they are looked for again (issue 5, "Duplicates"). Pure."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from tdba.doublons.ressemblance import APPUIS

OUVERT: Final = "OUVERT"
ECARTE: Final = "ECARTE"
FUSIONNE: Final = "FUSIONNE"
DISPARU: Final = "DISPARU"


class Voulu(NamedTuple):
    """A pair that looks like one person now, the smaller id first."""

    effectif_id: int
    organisme_id: int
    autre_id: int
    autre_organisme_id: int
    annee_scolaire: str
    score: int
    raisons: tuple[str, ...]


class Connu(NamedTuple):
    """A pair as it is stored."""

    id: int
    effectif_id: int
    organisme_id: int
    autre_id: int
    autre_organisme_id: int
    etat: str
    score: int
    raisons: Sequence[str]


class Ecarts(NamedTuple):
    """What must be written."""

    nouveaux: list[Voulu]
    changes: list[tuple[Connu, Voulu]]
    """Open from now on, or open with another score."""
    disparus: list[Connu]


def aligner(connus: Iterable[Connu], voulus: Iterable[Voulu]) -> Ecarts:
    """New pairs open and those gone are closed; a merge stays one, and what people set aside stays aside.

    A pair set aside comes back only when what makes the two alike is no longer what the person looked at: names, birth
    dates and INE, not a phone or a formation.
    """
    anciens = {(c.effectif_id, c.autre_id): c for c in connus}
    nouveaux: list[Voulu] = []
    changes: list[tuple[Connu, Voulu]] = []
    for voulu in sorted(voulus):
        connu = anciens.pop((voulu.effectif_id, voulu.autre_id), None)
        if connu is None:
            nouveaux.append(voulu)
        elif _revient(connu, voulu):
            changes.append((connu, voulu))
    disparus = [c for c in anciens.values() if c.etat == OUVERT]
    return Ecarts(nouveaux, changes, sorted(disparus))


def _revient(connu: Connu, voulu: Voulu) -> bool:
    if connu.etat == FUSIONNE:
        return False
    if connu.etat == ECARTE:
        return set(connu.raisons) - APPUIS != set(voulu.raisons) - APPUIS
    return connu.etat == DISPARU or (connu.score, tuple(connu.raisons)) != (voulu.score, voulu.raisons)
