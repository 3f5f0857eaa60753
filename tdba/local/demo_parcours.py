"""Dates of one invented apprentice, as a school's software knows them on a given day. Pure.

Figures followed: month of the first contract (Dares, contracts begun in 2023 and 2024: September alone is 51 %);
ruptures within nine months by level and sex (Dares, contracts of 2022: 29 % in CAP, 14 % above bac+2, 21 % overall);
a new contract after a rupture: 6 % within two months, 2 % more within six (same source). The rest is ours.
What the software cannot know yet (a rupture next month) is left out, so that the demo is alive on any day.
"""

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from tdba.local.demo_certifications import Certification, groupe
from tdba.local.demo_identifiants import siret
from tdba.local.demo_tirage import Roue

NEUF_MOIS: Final = 274
ANNONCE: Final = 20
"""Days ahead that the software knows of a contract or of a rupture."""
INSCRIPTION_ANTICIPEE: Final = 45
"""Days ahead that the software knows of an entry."""

TAUX_RUPTURE: Final = {3: 0.293, 4: 0.242, 5: 0.262, 6: 0.137}
FACTEUR_RUPTURE: Final = {"F": 1.09, "M": 0.93}
TAUX_RUPTURE_TARDIVE: Final = 0.07
PART_REPRISE_2_MOIS: Final = 0.06
PART_REPRISE_6_MOIS: Final = 0.08
PART_SORTIE_DECLAREE: Final = 0.22
"""Of those who found no new contract after a rupture: the CFA says that they left."""
PART_EXCLUSION: Final = 0.012
PART_JAMAIS_DE_CONTRAT: Final = 0.055
PART_CONTRAT_D_UN_AN: Final = 0.07
PART_ANNEE_CIVILE: Final = 0.08
"""Of one-year courses: those that run from January to December."""

# Thousands of contracts begun each month (Dares, private and public, mean of 2023 and 2024).
_MOIS: Final = Roue(
    [(1, 25), (2, 17), (3, 15), (4, 12), (5, 9), (6, 12), (7, 50), (8, 112), (9, 445), (10, 94), (11, 47), (12, 34)]
)  # fmt: skip
# Of contracts begun that month: share whose youth had been waiting in the formation since September.
_ENTREES_EN_SEPTEMBRE: Final = {10: 0.75, 11: 0.75, 12: 0.65, 1: 0.45, 2: 0.2}
_CAUSES: Final = Roue(
    [
        ("démission", 34),
        ("résiliation", 30),
        ("rupture pendant la période d’essai", 22),
        ("faute lourde", 4),
        ("inaptitude constatée par la médecine du travail", 3),
        ("liquidation judiciaire de l’employeur", 5),
        ("force majeure", 2),
    ]
)
_CAUSES_EXCLUSION: Final = Roue(
    [("absences répétées", 5), ("conseil de discipline", 2), ("réorientation", 3), ("déménagement", 2)]
)


class Contrat(NamedTuple):
    debut: date
    fin: date
    rupture: date | None
    cause: str | None
    employeur: str


class Scolarite(NamedTuple):
    """One youth in one formation. `annees` are the school years (first year of each) it is sent for."""

    inscription: date
    entree: date
    fin: date
    contrats: tuple[Contrat, ...]
    exclusion: date | None
    cause_exclusion: str | None
    sortie: date | None
    """Day from which the software says "abandon" (former status 0)."""
    cohorte: int
    annees: tuple[int, ...]
    civile: bool


def rentree(jour: date) -> int:
    """First year of the school year of that day (domain.md §1: it starts on 1 August)."""
    return jour.year if jour.month >= 8 else jour.year - 1


def annee_scolaire(debut: int, *, civile: bool = False) -> str:
    return f"{debut + 1}-{debut + 1}" if civile else f"{debut}-{debut + 1}"


def tirer_scolarite(
    alea: Random, certification: Certification, sexe: str, aujourd_hui: date, annees: tuple[int, ...]
) -> Scolarite | None:
    """The dates known on `aujourd_hui` of a youth present in at least one of `annees`; None: not known that day."""
    duree = certification.annees
    cohorte = annees[0] - duree + 1 + int(alea.random() * (duree + annees[-1] - annees[0]))
    civile = duree == 1 and alea.random() < PART_ANNEE_CIVILE
    entree, debut = _debut_civil(alea, cohorte) if civile else _debut(alea, cohorte)
    if (entree - aujourd_hui).days > INSCRIPTION_ANTICIPEE:
        return None
    fin = _fin(alea, cohorte + duree, certification.niveau, civile=civile)
    taux = TAUX_RUPTURE[groupe(certification.niveau)] * FACTEUR_RUPTURE[sexe]
    limite = aujourd_hui + timedelta(days=ANNONCE)
    contrats: tuple[Contrat, ...] = ()
    if debut is not None and debut <= limite:
        contrats = _contrats(alea, debut, fin, taux, limite)
    exclusion, cause = _exclusion(alea, entree, fin, aujourd_hui)
    sortie = None if exclusion else _sortie(alea, contrats, aujourd_hui)
    presentes = _annees_presentes(contrats, sortie or exclusion, annees, cohorte, duree)
    if not presentes:
        return None
    inscription = entree - timedelta(days=int(alea.random() * 90))
    return Scolarite(inscription, entree, fin, contrats, exclusion, cause, sortie, cohorte, presentes, civile)


def tirer_employeur(alea: Random) -> str:
    """SIRET of an invented employer; numbers under 20,000 are kept for organismes."""
    return siret(20_000 + int(alea.random() * 79_999), 1 + int(alea.random() ** 4 * 12))


def _debut(alea: Random, cohorte: int) -> tuple[date, date | None]:
    """Entry into the formation, and first day of the first contract (None: never found)."""
    if alea.random() < PART_JAMAIS_DE_CONTRAT:
        return _debut_de_septembre(alea, cohorte), None
    mois = _MOIS.tirer(alea)
    annee = cohorte if mois >= 7 else cohorte + 1
    jour = int(alea.random() ** 1.8 * 30) if mois == 9 else int(alea.random() * 28)
    debut = date(annee, mois, 1) + timedelta(days=jour)
    if mois in (7, 8):
        return _debut_de_septembre(alea, cohorte), debut
    if alea.random() < _ENTREES_EN_SEPTEMBRE.get(mois, 0.0):
        return _debut_de_septembre(alea, cohorte), debut
    entree = debut - timedelta(days=int(alea.random() * 12) - 3)
    return max(entree, date(cohorte, 8, 20)), debut


def _debut_de_septembre(alea: Random, cohorte: int) -> date:
    return date(cohorte, 8, 28) + timedelta(days=int(alea.random() ** 1.5 * 25))


def _debut_civil(alea: Random, cohorte: int) -> tuple[date, date | None]:
    entree = date(cohorte + 1, 1, 4) + timedelta(days=int(alea.random() * 20))
    return entree, entree + timedelta(days=int(alea.random() * 40))


def _fin(alea: Random, annee: int, niveau: int, *, civile: bool) -> date:
    if civile:
        return date(annee, 12, 11) + timedelta(days=int(alea.random() * 12))
    if niveau <= 4:
        return date(annee, 6, 20) + timedelta(days=int(alea.random() * 24))
    return date(annee, 6, 30) + timedelta(days=int(alea.random() * 62))


def _contrats(alea: Random, debut: date, fin: date, taux: float, limite: date) -> tuple[Contrat, ...]:
    """Contracts one after the other, up to four (domain.md §2.1), as known on `limite`."""
    contrats: list[Contrat] = []
    suivant: date | None = debut
    while suivant is not None and suivant <= limite and len(contrats) < 4:
        terme = max(fin + timedelta(days=int(alea.random() * 50) - 10), suivant + timedelta(days=60))
        court = (terme - suivant).days > 500 and alea.random() < PART_CONTRAT_D_UN_AN
        if court:
            terme = suivant + timedelta(days=364)
        rupture = _rupture(alea, suivant, terme, taux)
        if rupture is not None and rupture > limite:
            rupture = None
        cause = _CAUSES.tirer(alea) if rupture and alea.random() < 0.85 else None
        contrats.append(Contrat(suivant, terme, rupture, cause, tirer_employeur(alea)))
        suivant = _reprise(alea, rupture, terme if court else None)
        if suivant is not None and (fin - suivant).days < 40:
            suivant = None
    return tuple(contrats)


def _rupture(alea: Random, debut: date, terme: date, taux: float) -> date | None:
    """A quarter of the early ruptures fall in the first 45 days, when either side may end the contract freely."""
    hasard = alea.random()
    if hasard < taux:
        apres = (
            1 + int(alea.random() * 44)
            if alea.random() < 0.25
            else 45 + int(alea.random() * (NEUF_MOIS - 45))
        )
    elif hasard < taux + TAUX_RUPTURE_TARDIVE:
        apres = NEUF_MOIS + 1 + int(alea.random() * 300)
    else:
        return None
    return debut + timedelta(days=apres) if apres < (terme - debut).days - 10 else None


def _reprise(alea: Random, rupture: date | None, terme: date | None) -> date | None:
    """First day of the next contract, after a rupture or after the term of a one-year contract."""
    if rupture is not None:
        hasard = alea.random()
        if hasard < PART_REPRISE_2_MOIS:
            return rupture + timedelta(days=3 + int(alea.random() * 56))
        if hasard < PART_REPRISE_6_MOIS:
            return rupture + timedelta(days=61 + int(alea.random() * 118))
        return None
    if terme is not None and alea.random() < 0.8:
        return terme + timedelta(days=1 + int(alea.random() * 50))
    return None


def _exclusion(alea: Random, entree: date, fin: date, aujourd_hui: date) -> tuple[date | None, str | None]:
    if alea.random() >= PART_EXCLUSION:
        return None, None
    jour = entree + timedelta(days=30 + int(alea.random() * 400))
    if jour > aujourd_hui or jour >= fin:
        return None, None
    return jour, _CAUSES_EXCLUSION.tirer(alea)


def _sortie(alea: Random, contrats: tuple[Contrat, ...], aujourd_hui: date) -> date | None:
    if not contrats or (rupture := contrats[-1].rupture) is None or alea.random() >= PART_SORTIE_DECLAREE:
        return None
    sortie = rupture + timedelta(days=int(alea.random() * 120))
    return sortie if sortie <= aujourd_hui else None


def _annees_presentes(
    contrats: tuple[Contrat, ...], parti: date | None, annees: tuple[int, ...], cohorte: int, duree: int
) -> tuple[int, ...]:
    """School years the youth is sent for: those of the formation, until gone.

    Who left, or was still without a contract at the start of a later year, is not enrolled again.
    """
    dernier = cohorte + duree - 1
    if parti is not None:
        dernier = min(dernier, rentree(parti))
    elif not contrats:
        dernier = cohorte
    elif (rupture := contrats[-1].rupture) is not None:
        # A rupture of the last weeks before a new year leaves time to look for an employer.
        dernier = min(dernier, rentree(rupture + timedelta(days=75)))
    return tuple(annee for annee in annees if cohorte <= annee <= dernier)
