"""Rules of a delegation that need no database (decision 12): always dated, three years at most. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

ANNEES_MAX: Final = 3
AVANCE_MAX: Final = timedelta(days=365)
"""How long before its first day a delegation may be given."""


class Etat(StrEnum):
    """Where a delegation stands on a day."""

    A_VENIR = "a_venir"
    EN_COURS = "en_cours"
    FINIE = "finie"


class Duree(NamedTuple):
    """From a first day to the first day without it."""

    debut: date
    fin: date


class DatesRefusees(Exception):
    """Why these days cannot be chosen, by the field that says it."""

    def __init__(self, champ: str, phrase: str) -> None:
        super().__init__(champ)
        self.champ, self.phrase = champ, phrase


def dernier_possible(debut: date) -> date:
    """The last day that a delegation may last to: the eve of its third anniversary."""
    annee = debut.year + ANNEES_MAX
    # Born on 29 February, its anniversary is 1 March.
    anniversaire = date(annee, 3, 1) if (debut.month, debut.day) == (2, 29) else debut.replace(year=annee)
    return anniversaire - timedelta(days=1)


def duree(debut: date | None, dernier_jour: date | None, jour: date) -> Duree:
    """The days of a delegation: from today without a first day, for three years without a last one.

    Raises DatesRefusees.
    """
    debut = debut or jour
    if debut < jour:
        raise DatesRefusees(
            "debut", "Le premier jour est déjà passé : une délégation commence au plus tôt aujourd’hui."
        )
    if debut > jour + AVANCE_MAX:
        raise DatesRefusees(
            "debut", "Ce premier jour est trop lointain : choisissez-en un dans les douze mois."
        )
    dernier = dernier_jour or dernier_possible(debut)
    if dernier < debut:
        raise DatesRefusees("dernier_jour", "Le dernier jour précède le premier.")
    if dernier > dernier_possible(debut):
        raise DatesRefusees(
            "dernier_jour", f"Une délégation dure {ANNEES_MAX} ans au plus : vous pourrez la redonner."
        )
    return Duree(debut, dernier + timedelta(days=1))


def etat(debut: date, fin: date | None, jour: date) -> Etat:
    """Where a delegation stands; `fin` is the first day without it, None for a former one without an end."""
    if fin is not None and (fin <= jour or fin <= debut):
        return Etat.FINIE
    return Etat.A_VENIR if debut > jour else Etat.EN_COURS
