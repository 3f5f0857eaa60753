"""Années scolaires of the screens (domain.md §1). Pure."""

from datetime import date


def annee_scolaire(jour: date) -> str:
    """The school year of a day: it changes on 1 August."""
    debut = jour.year if jour.month >= 8 else jour.year - 1
    return f"{debut}-{debut + 1}"


def comptees(jour: date) -> tuple[str, str]:
    """The years that figures count on that day: `list(D)` of domain.md §6.1 (decision 29)."""
    return f"{jour.year}-{jour.year}", annee_scolaire(jour)


def actives(jour: date) -> tuple[str, ...]:
    """What lists show when no year is chosen: the school year, the one before, and this calendar year's sessions.

    Whoever is counted on `jour` (decision 29: `list(D)`) is therefore in the list by default.
    """
    courante = annee_scolaire(jour)
    debut = int(courante[:4])
    return (f"{debut - 1}-{debut}", f"{jour.year}-{jour.year}", courante)


def proposees(jour: date) -> list[str]:
    """What a reach too large to be gone through offers, the latest first: what lists and figures show, and the year before."""
    premiere = int(min(actives(jour))[:4])
    return sorted({*actives(jour), *comptees(jour), f"{premiere - 1}-{premiere}"}, reverse=True)
