"""The former way of saying a parcours: statuses sent one by one, without the dates of the formation.

Used by `statuts` only when the entry or the end of the formation is missing (domain.md §3.5). Pure: no clock, no
database.
"""

from collections.abc import Iterable, Sequence
from datetime import date

FIN_DE_CONTRAT, DEBUT_DE_CONTRAT = 2, 3  # codes sent by the ERP; 0 (abandon) says nothing that the rules use


def contrats_of(historique: Iterable[tuple[int, date]]) -> list[tuple[date, date]]:
    """Contracts told by statuses: pairs (start, day of the rupture), in order.

    A 3 opens a contract when none is open; the next 2 breaks it on its day. A 3 that no 2 follows is dropped, as the
    existing service does: that youth counts as never having had a contract (domain.md §3.5).
    """
    contrats = []
    debut = None
    for code, jour in sorted(historique, key=lambda fait: fait[1]):
        if code == DEBUT_DE_CONTRAT and debut is None:
            debut = jour
        elif code == FIN_DE_CONTRAT and debut is not None:
            contrats.append((debut, jour))
            debut = None
    return contrats


def session_of(
    entree: date | None, fin: date | None, periode: Sequence[int] | None, annee_scolaire: str | None
) -> tuple[date, date] | None:
    """First and last day of a formation, from its two years where a date is missing; None if they cannot be read.

    The years are `periode`, else those of `annee_scolaire` ("2021-2022"). Two different years run from 1 August to
    31 July; the same year twice is that calendar year (domain.md §3.5).
    """
    try:
        premiere, seconde = periode or [int(annee) for annee in (annee_scolaire or "").split("-")]
        if premiere == seconde:
            bornes = date(premiere, 1, 1), date(seconde, 12, 31)
        else:
            bornes = date(premiere, 8, 1), date(seconde, 7, 31)
    except (ValueError, OverflowError):  # not two years, or years outside the calendar
        return None
    return entree or bornes[0], fin or bornes[1]
