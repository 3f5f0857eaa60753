"""The rules of the watch list: from the dates of a record to the rules that name its person on a day. Pure.

Each says in one sentence why a person is there (`mots`); there is no score. Never looked at: disability, health,
nationality, origin (decision 16). Months run from date to date and end with the month when its day does not exist.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from tdba.effectifs.statuts import JOURS_TERME_PROCHE, Statut
from tdba.ruptures.regles import MOIS_DE_MAINTIEN, SANS_CONTRAT, ajouter_mois

JOURS_DE_L_ESSAI: Final = 45
"""Days of work in the company during which either party may break the contract (Code du travail L6222-18)."""
MOIS_TROISIEME: Final = (2, 3)
"""Whole months gone at the start of the third month, and after its last day."""
MOIS_NEUF_A_DOUZE: Final = (8, 12)
JOURS_AVANT_TERME: Final = 60
JOURS_SANS_CONTRAT: Final = 45
RUPTURES_AVANT: Final = 2
MOIS_EMPLOYEUR: Final = 24
RUPTURES_EMPLOYEUR: Final = 3
PART_EMPLOYEUR: Final = 3
"""One contract in so many, at least, was broken."""


class Regle(StrEnum):
    """A rule, in the order of the screen. Stored: codes never change."""

    PREMIERS_JOURS = "PREMIERS_JOURS"
    TROISIEME_MOIS = "TROISIEME_MOIS"
    NEUF_A_DOUZE = "NEUF_A_DOUZE"
    FIN_PROCHE = "FIN_PROCHE"
    SANS_CONTRAT_45 = "SANS_CONTRAT_45"
    DEUX_RUPTURES = "DEUX_RUPTURES"
    EMPLOYEUR = "EMPLOYEUR"


class Faits(NamedTuple):
    """What the rules look at, on the day of reading. A contract that never ran is none (domain.md §3.3)."""

    statut: int
    entree: date
    """First day of the parcours."""
    fin_formation: date
    """Last day of the formation, or the day of an exclusion when it comes first."""
    debut: date | None = None
    """Start of the contract that runs; of several, the last begun. None: not in APPRENTI, or none is known to run."""
    terme: date | None = None
    """Its written term; None: it runs to the end of the session."""
    rompu: bool = False
    """Its rupture is already declared, for a day to come."""
    suivi: bool = False
    """Another contract, begun or to come, lasts longer than its term."""
    ruptures: int = 0
    """Contracts of the record broken so far."""
    employeur_siret: str | None = None
    employeur_nom: str | None = None
    employeur_ruptures: int = 0
    """Contracts with that employer broken in the establishment within `MOIS_EMPLOYEUR` months."""
    employeur_contrats: int = 0
    """Contracts with that employer in the establishment that ran within the same months."""
    employeur_derniere: date | None = None
    """The last of those ruptures."""


class Constat(NamedTuple):
    """A rule holds: since when, and the day that matters (None: no day is nearer than another)."""

    regle: Regle
    depuis: date
    echeance: date | None


def constats(faits: Faits, jour: date, ignorees: Collection[str] = ()) -> list[Constat]:
    """The rules that hold on `jour`, in their order, without those that are turned off."""
    trouves = [
        Constat(regle, *dates)
        for regle, chercher in _REGLES.items()
        if regle not in ignorees and (dates := chercher(faits, jour)) is not None
    ]
    return [constat for constat in trouves if constat.depuis <= jour]


def fenetre_employeur(jour: date) -> date:
    """The first day of the months over which an employer's ruptures count."""
    return ajouter_mois(jour, -MOIS_EMPLOYEUR)


def employeur_fragile(ruptures: int, contrats: int) -> bool:
    """Many ruptures at this employer: three at least, and a third of its contracts."""
    return ruptures >= RUPTURES_EMPLOYEUR and ruptures * PART_EMPLOYEUR >= contrats


_Dates = tuple[date, date | None]


def _premiers_jours(f: Faits, jour: date) -> _Dates | None:
    if f.debut is None:
        return None
    dernier = f.debut + timedelta(days=JOURS_DE_L_ESSAI - 1)
    return (f.debut, dernier) if jour <= dernier else None


def _troisieme_mois(f: Faits, jour: date) -> _Dates | None:
    return _mois(f, jour, MOIS_TROISIEME)


def _neuf_a_douze(f: Faits, jour: date) -> _Dates | None:
    return _mois(f, jour, MOIS_NEUF_A_DOUZE)


def _mois(f: Faits, jour: date, entre: tuple[int, int]) -> _Dates | None:
    if f.debut is None:
        return None
    premier, apres = (ajouter_mois(f.debut, mois) for mois in entre)
    return (premier, apres - timedelta(days=1)) if premier <= jour < apres else None


def _fin_proche(f: Faits, jour: date) -> _Dates | None:
    """A term this far from the end of the formation would leave the youth without a contract (domain.md §3.3, step 7)."""
    if f.debut is None or f.terme is None or f.rompu or f.suivi:
        return None
    proche = (f.terme - jour).days <= JOURS_AVANT_TERME
    continue_ = (f.fin_formation - f.terme).days > JOURS_TERME_PROCHE
    return (
        (max(f.debut, f.terme - timedelta(days=JOURS_AVANT_TERME)), f.terme) if proche and continue_ else None
    )


def _sans_contrat(f: Faits, _jour: date) -> _Dates | None:
    if f.statut != Statut.INSCRIT:
        return None
    depuis = f.entree + timedelta(days=JOURS_SANS_CONTRAT)
    return depuis, ajouter_mois(f.entree, MOIS_DE_MAINTIEN[SANS_CONTRAT])


def _deux_ruptures(f: Faits, _jour: date) -> _Dates | None:
    return (f.debut, None) if f.debut is not None and f.ruptures >= RUPTURES_AVANT else None


def _employeur(f: Faits, _jour: date) -> _Dates | None:
    if f.debut is None or f.employeur_derniere is None:
        return None
    if not employeur_fragile(f.employeur_ruptures, f.employeur_contrats):
        return None
    return max(f.debut, f.employeur_derniere), None


_REGLES: Final[Mapping[Regle, Callable[[Faits, date], _Dates | None]]] = {
    Regle.PREMIERS_JOURS: _premiers_jours,
    Regle.TROISIEME_MOIS: _troisieme_mois,
    Regle.NEUF_A_DOUZE: _neuf_a_douze,
    Regle.FIN_PROCHE: _fin_proche,
    Regle.SANS_CONTRAT_45: _sans_contrat,
    Regle.DEUX_RUPTURES: _deux_ruptures,
    Regle.EMPLOYEUR: _employeur,
}

JOURS_SANS_ECHEANCE: Final = 30
"""After how many days one looks again at what a rule without a day of its own says."""


def revoir_le(constats: Collection[Constat], jour: date) -> date:
    """When to look again, unless said otherwise: the day after the last day that matters, or in thirty days."""
    fins = [c.echeance for c in constats if c.echeance is not None]
    if not fins or len(fins) < len(constats):
        return jour + timedelta(days=JOURS_SANS_ECHEANCE)
    return max(*fins, jour) + timedelta(days=1)
