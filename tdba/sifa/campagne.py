"""The yearly campaign: when it opens and closes, and where it stands on a day. Pure.

Its dates come from the configuration as a month and a day, "01-05": from August on they are in the year of the
reference day, otherwise in the next one. The survey itself sets them; they are not in the code.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tdba.sifa import calendrier

PROCHE: Final = timedelta(days=60)
"""How long before its opening and after its closing a campaign is still in the menu."""
PREMIERE: Final = 2020
"""No record of ours is older."""

_MOIS_JOUR: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


class DatesImpossibles(ValueError):
    """The configured days are not days of a campaign."""


@dataclass(frozen=True, slots=True)
class Campagne:
    """One campaign. `annee` is the year of its 31 December."""

    annee: int
    reference: date
    ouverture: date
    cloture: date

    def ouverte(self, jour: date) -> bool:
        return self.ouverture <= jour <= self.cloture

    def proche(self, jour: date) -> bool:
        """Open, or nearly: when the menu shows it."""
        return self.ouverture - PROCHE <= jour <= self.cloture + PROCHE

    def etat(self, jour: date) -> str:
        """AVANT, OUVERTE or APRES."""
        if jour < self.ouverture:
            return "AVANT"
        return "OUVERTE" if jour <= self.cloture else "APRES"


def campagne(annee: int, ouverture: str, cloture: str) -> Campagne:
    """The campaign of that year. Raises DatesImpossibles."""
    debut, fin = _jour(annee, ouverture), _jour(annee, cloture)
    if fin < debut:
        raise DatesImpossibles(f"{ouverture} {cloture}")
    return Campagne(annee, calendrier.jour_de(annee), debut, fin)


def courante(jour: date, ouverture: str, cloture: str) -> Campagne:
    """The campaign of the school year of that day."""
    return campagne(calendrier.reference(jour).year, ouverture, cloture)


def _jour(annee: int, mois_jour: str) -> date:
    lu = _MOIS_JOUR.fullmatch(mois_jour)
    if lu is None:
        raise DatesImpossibles(mois_jour)
    mois = int(lu[1])
    try:
        return date(annee if mois >= 8 else annee + 1, mois, int(lu[2]))
    except ValueError as erreur:  # 29 February of a common year
        raise DatesImpossibles(mois_jour) from erreur
