"""Why a known person may not work here for now (decisions 25 and 33). Pure."""

from datetime import date
from enum import StrEnum
from typing import Final


class Blocage(StrEnum):
    """The reason, as the journal keeps it. The page that explains it has the words."""

    EN_ATTENTE = "en_attente"
    """First visit: nobody has granted anything yet."""
    ADRESSE_CONNUE = "adresse_connue"
    """First visit with the e-mail of somebody already known: never taken over, validated again by people."""
    SUSPENDUE = "suspendue"
    ENDORMIE = "endormie"
    FERMEE = "fermee"
    SANS_HABILITATION = "sans_habilitation"
    HABILITATION_ECHUE = "habilitation_echue"
    HABILITATION_A_VENIR = "habilitation_a_venir"


_PAR_ETAT: Final = {
    "EN_ATTENTE": Blocage.EN_ATTENTE,
    "SUSPENDUE": Blocage.SUSPENDUE,
    "ENDORMIE": Blocage.ENDORMIE,
    "FERMEE": Blocage.FERMEE,
}


ARRIVANTS: Final = frozenset({Blocage.EN_ATTENTE, Blocage.ADRESSE_CONNUE, Blocage.SANS_HABILITATION})
"""Nothing was ever taken from them: they are led to ask for an access, all with the same words."""
SE_DEMANDENT: Final = ARRIVANTS | {Blocage.ENDORMIE, Blocage.HABILITATION_ECHUE}
"""Who may ask for an access by themselves; a suspended or closed account is settled by support alone."""


def en_cours(debut: date, fin: date | None, jour: date) -> bool:
    """An habilitation holds on `[debut, fin[`."""
    return debut <= jour and (fin is None or jour < fin)


def blocage_de(etat: str, debut: date | None, fin: date | None, jour: date) -> Blocage | None:
    """Return why a person in that state, with that habilitation (`debut` None: without any), is stopped; or None."""
    if etat != "ACTIVE":
        return _PAR_ETAT.get(etat, Blocage.SUSPENDUE)
    if debut is None:
        return Blocage.SANS_HABILITATION
    if jour < debut:
        return Blocage.HABILITATION_A_VENIR
    return None if en_cours(debut, fin, jour) else Blocage.HABILITATION_ECHUE


def reveillable(etat: str) -> bool:
    """Only sleep ends by itself, at a login with a valid habilitation (decision 33)."""
    return etat == "ENDORMIE"
