"""Months and years on a calendar, for the checks. Pure."""

from calendar import monthrange
from datetime import date


def plus_mois(jour: date, mois: int) -> date:
    """The same day, that many months later; the last day of the month when there is no such day."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    return date(annee, rang + 1, min(jour.day, monthrange(annee, rang + 1)[1]))
