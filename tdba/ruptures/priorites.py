"""Why a file is where it is in a worklist, and when its CFA is asked "toujours au CFA ?": facts in, words out. Pure.

The order is that of `selection.ordre`: deadlines still to come, the nearest first; then who had no step yet; then days; then
minors. The sentence says the same facts in the same order, so that nobody wonders why a row comes first (issue 6, part 1).
"""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Final, Protocol

from tdba.formats import age, date_longue, jours
from tdba.ruptures import presence
from tdba.ruptures.regles import Situation

MAJORITE: Final = 18


class Rangee(Protocol):
    """What a row of a worklist must tell."""

    @property
    def situation(self) -> Situation: ...
    @property
    def derniere_demarche_le(self) -> object | None: ...
    @property
    def date_naissance(self) -> date: ...
    @property
    def sexe(self) -> str | None: ...
    @property
    def presence(self) -> str | None: ...
    @property
    def presence_jour(self) -> date | None: ...


class Fait(Enum):
    """A fact that places a row; the value ranks it in the sentence."""

    ECHEANCE = 1
    ECHEANCE_DU_JOUR = 2
    ECHEANCE_PASSEE = 3
    AUCUNE_DEMARCHE = 4
    ANCIENNETE = 5
    MINEUR = 6


def faits(*, echeance: date, jour: date, demarche: bool, majeur: bool) -> tuple[Fait, ...]:
    """What places a file in the list on `jour`. Its days count only between files of the same deadline."""
    trouves = [_de_l_echeance(echeance, jour)]
    trouves.append(Fait.ANCIENNETE if demarche else Fait.AUCUNE_DEMARCHE)
    if not majeur:
        trouves.append(Fait.MINEUR)
    return tuple(trouves)


def _de_l_echeance(echeance: date, jour: date) -> Fait:
    if echeance == jour:
        return Fait.ECHEANCE_DU_JOUR
    return Fait.ECHEANCE if echeance > jour else Fait.ECHEANCE_PASSEE


def en_mots(trouves: Sequence[Fait], *, echeance: date, age_du_dossier: int, feminin: bool) -> str:
    """« délai le 3 septembre 2026, aucune démarche, mineure ».

    A delay gone by is dated by the sentence of the file alone: two days, by two counts, would contradict each other.
    """
    mots = {
        Fait.ECHEANCE: f"délai le {date_longue(echeance)}",
        Fait.ECHEANCE_DU_JOUR: "délai aujourd’hui",
        Fait.ECHEANCE_PASSEE: "après ceux dont le délai court encore",
        Fait.AUCUNE_DEMARCHE: "aucune démarche",
        Fait.ANCIENNETE: f"déjà suivi{'e' if feminin else ''}, dossier de {jours(age_du_dossier)}",
        Fait.MINEUR: "mineure" if feminin else "mineur",
    }
    return ", ".join(mots[fait] for fait in trouves)


def place(rangee: Rangee, jour: date) -> str:
    """Why this row is where it is in its list."""
    s = rangee.situation
    trouves = faits(
        echeance=s.echeance,
        jour=jour,
        demarche=rangee.derniere_demarche_le is not None,
        majeur=age(rangee.date_naissance, jour) >= MAJORITE,
    )
    return en_mots(trouves, echeance=s.echeance, age_du_dossier=s.jours, feminin=rangee.sexe == "F")


def demander_la_presence(rangee: Rangee, jour: date) -> bool:
    """Whether this row asks "toujours au CFA ?" (decision 9)."""
    return presence.a_demander(rangee.situation, rangee.presence, rangee.presence_jour, jour)
