"""Files that the contracts of a youth open and close, and the legal delays that run on them (decision 31). Pure.

Dates in, dates out; the day of reading is an argument. Delays counted in days (segments, end of the tolerance) follow
the statuses of domain.md §3; legal deadlines run from date to date and end with the month when its day does not exist.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from itertools import zip_longest
from typing import Final, NamedTuple

from tdba.effectifs.statuts import JOURS_APRES_CONTRAT, JOURS_SANS_CONTRAT, ContratDates

RUPTURE: Final = "RUPTURE"
FIN_DE_CONTRAT: Final = "FIN_DE_CONTRAT"
"""The last contract reached its term, and no next one began: never called a rupture (decision 9)."""
SANS_CONTRAT: Final = "SANS_CONTRAT"

NOUVEAU_CONTRAT: Final = "NOUVEAU_CONTRAT"
EXCLUSION: Final = "EXCLUSION"
FIN_DE_FORMATION: Final = "FIN_DE_FORMATION"
RUPTURE_ANNULEE: Final = "RUPTURE_ANNULEE"
PARTI: Final = "PARTI"
SANS_OBJET: Final = "SANS_OBJET"

MOIS_DE_MAINTIEN: Final = {RUPTURE: 6, FIN_DE_CONTRAT: 6, SANS_CONTRAT: 3}
"""How long a youth may stay in training without a contract, in months from date to date."""
JOURS_DE_TOLERANCE: Final = {
    RUPTURE: JOURS_APRES_CONTRAT,
    FIN_DE_CONTRAT: JOURS_APRES_CONTRAT,
    SANS_CONTRAT: JOURS_SANS_CONTRAT,
}
"""The day, counted from the opening of the file, on which the status becomes ABANDON by delay."""


class SegmentRupture(Enum):
    """Days since the rupture: first and last of the segment. The last one holds those in ABANDON by delay."""

    RECENTE = (0, 44)
    INSTALLEE = (45, 89)
    LONGUE = (90, 179)
    DELAI_DEPASSE = (180, None)


class SegmentSansContrat(Enum):
    """Days since the entry without any contract: first and last of the segment."""

    RECENT = (0, 44)
    INSTALLE = (45, 74)
    PRES_DU_TERME = (75, 90)
    TERME_DEPASSE = (91, None)


Segment = SegmentRupture | SegmentSansContrat
SEGMENTS: Final[dict[str, type[SegmentRupture] | type[SegmentSansContrat]]] = {
    RUPTURE: SegmentRupture,
    FIN_DE_CONTRAT: SegmentRupture,
    SANS_CONTRAT: SegmentSansContrat,
}


def segment_rupture(jours: int) -> SegmentRupture:
    """Segment of a rupture `jours` days old; 0 is the day of the rupture."""
    return next(s for s in reversed(SegmentRupture) if jours >= s.value[0])


def segment_sans_contrat(jours: int) -> SegmentSansContrat:
    """Segment of a youth without a contract `jours` days after the entry; 0 is the day of the entry."""
    return next(s for s in reversed(SegmentSansContrat) if jours >= s.value[0])


def ajouter_mois(jour: date, mois: int) -> date:
    """The same day `mois` months later, or the last of the month when it has no such day."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    if annee > date.max.year:  # an ERP may write "no end" as 31/12/9999
        return date.max
    return date(annee, rang + 1, min(jour.day, monthrange(annee, rang + 1)[1]))


def echeance_rupture(ouvert_du: date) -> date:
    """Until when training is maintained: six months from date to date after the rupture."""
    return ajouter_mois(ouvert_du, MOIS_DE_MAINTIEN[RUPTURE])


def echeance_sans_contrat(entree: date) -> date:
    """Until when one may be in training without a contract: three months from date to date after the entry."""
    return ajouter_mois(entree, MOIS_DE_MAINTIEN[SANS_CONTRAT])


class Situation(NamedTuple):
    """Where a file stands on a day: the facts of its sentence."""

    jours: int
    """Days since the rupture or the entry; negative when it is still to come."""
    segment: Segment | None
    """None when it is still to come."""
    echeance: date
    echeance_passee: bool
    depasse_le: date | None
    """Day on which the tolerated delay was exceeded (ABANDON by delay, decision 9); None while it runs."""


def situation(genre: str, ouvert_du: date, jour: date) -> Situation:
    """Facts of a file of that kind, opened on `ouvert_du`, as read on `jour`."""
    jours = (jour - ouvert_du).days
    segment: Segment | None = None
    if jours >= 0:
        segment = segment_rupture(jours) if genre != SANS_CONTRAT else segment_sans_contrat(jours)
    echeance = ajouter_mois(ouvert_du, MOIS_DE_MAINTIEN[genre])
    tolerance = JOURS_DE_TOLERANCE[genre]
    depasse_le = ouvert_du + timedelta(days=tolerance) if jours >= tolerance else None
    return Situation(jours, segment, echeance, echeance < jour, depasse_le)


def ne_au_plus_tard(jour: date, age: int) -> date:
    """The last birth date of those who are `age` or more on `jour`; born on 29 February, one ages on 1 March."""
    annee = jour.year - age
    return date(annee, jour.month, min(jour.day, monthrange(annee, jour.month)[1]))


JOURS_D_ALERTE: Final = 14
"""A deadline within so many days is close."""
JOURS_AVANT_PREMIER_APPEL: Final = {RUPTURE: 0, FIN_DE_CONTRAT: 0, SANS_CONTRAT: 45}
"""Age of a file from which nobody having called is a reason to call this week."""


class RaisonDAppel(Enum):
    """Why a youth is to be called this week; the first that holds is the one said.

    Once its legal deadline has passed a file asks for an answer ("toujours au CFA ?"), no longer for a call.
    """

    DEMARCHE_PREVUE = "DEMARCHE_PREVUE"
    """A step was planned up to Sunday, or on a day already gone."""
    ECHEANCE_PROCHE = "ECHEANCE_PROCHE"
    """The deadline is close, and nothing is planned before it."""
    PREMIER_CONTACT = "PREMIER_CONTACT"
    """Nobody has called yet, nothing is planned, and the file is old enough."""


class Semaine(NamedTuple):
    """What "this week" means on a day."""

    jour: date
    dernier_jour: date
    """Sunday: a step planned up to it is to be done this week."""
    horizon: date
    """A deadline before this day is close."""


def semaine_de(jour: date) -> Semaine:
    """The week of the home page: from today to Sunday, with what comes close."""
    return Semaine(jour, jour + timedelta(days=6 - jour.weekday()), jour + timedelta(days=JOURS_D_ALERTE))


class Fenetre(NamedTuple):
    """Days of a file: open on D when `ouvert_du <= D` and (`clos_du` is None or D < `clos_du`)."""

    ouvert_du: date
    clos_du: date | None
    cause_cloture: str | None


class DossierVoulu(NamedTuple):
    """The file that a broken contract asks for. `contrat_debut` tells one rupture of a youth from the next."""

    contrat_debut: date
    ouvert_du: date
    clos_du: date | None
    cause_cloture: str | None


class _Contrat(NamedTuple):
    debut: date
    rupture: date | None
    a_couru: bool


def dossiers_voulus(
    *, fin: date | None, contrats: Sequence[ContratDates], exclusion: date | None = None
) -> list[DossierVoulu]:
    """Files of ruptures, in order, future ones included (decision 31).

    A youth is in the rupture list when the last started contract was broken, until a later one starts, an exclusion,
    or the day after `fin`, the last day of the formation. The day of the rupture itself is in the list.
    """
    courus = [contrat for contrat in _contrats(contrats) if contrat.a_couru]
    suivants = [contrat.debut for contrat in courus[1:]]
    voulus = []
    for contrat, suivant in zip_longest(courus, suivants):
        if contrat.rupture is None:
            continue
        clos_du, cause = _cloture(suivant, exclusion, fin)
        if clos_du is None or contrat.rupture < clos_du:
            voulus.append(DossierVoulu(contrat.debut, contrat.rupture, clos_du, cause))
    return voulus


def fenetre_sans_contrat(
    *, entree: date, fin: date | None, contrats: Sequence[ContratDates], exclusion: date | None = None
) -> Fenetre | None:
    """Days of a youth who never had a contract, from the first day of the parcours; None when there is none."""
    connus = _contrats(contrats)
    debut = min([entree, *(contrat.debut for contrat in connus)])
    premier = next((contrat.debut for contrat in connus if contrat.a_couru), None)
    clos_du, cause = _cloture(premier, exclusion, fin)
    if clos_du is not None and clos_du <= debut:
        return None
    return Fenetre(debut, clos_du, cause)


def _contrats(contrats: Sequence[ContratDates]) -> list[_Contrat]:
    """Contracts by start; of two that start on the same day the later in the list stays (domain.md §3.2).

    A contract broken on its start or before, or ending before it, never runs (§3.3 step 3).
    """
    par_debut: dict[date, _Contrat] = {}
    for debut, fin, rupture in contrats:
        if debut is not None:
            a_couru = rupture > debut if rupture is not None else fin is None or fin >= debut
            par_debut[debut] = _Contrat(debut, rupture, a_couru)
    return sorted(par_debut.values())


def _cloture(
    nouveau_contrat: date | None, exclusion: date | None, fin: date | None
) -> tuple[date | None, str | None]:
    """The first thing that closes a file, and its day. At equal days the end, then the exclusion, win."""
    fins = [
        (fin + timedelta(days=1) if fin and fin < date.max else None, FIN_DE_FORMATION),
        (exclusion, EXCLUSION),
        (nouveau_contrat, NOUVEAU_CONTRAT),
    ]
    connues = [(jour, cause) for jour, cause in fins if jour is not None]
    return min(connues, key=lambda couple: couple[0], default=(None, None))
