"""Status of an effectif over time: from dates to steps, with the rule that made each step.

Rules: domain.md §3.3 to §3.5, decisions 7 to 9. The existing service paints days one by one; here the same change
dates come from comparing bounds. Inside the module a day is its ordinal (`date.toordinal`), an interval is
`[first day, day after the last[`, and dates come back only in the steps. No clock, no database.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum
from hashlib import blake2b
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from tdba.effectifs.historique import contrats_of, session_of

JOURS_SANS_CONTRAT = 90  # last day in INSCRIT, counted from the first day of the parcours
JOURS_APRES_CONTRAT = 180  # last day in RUPTURANT, counted from the first day without contract
JOURS_TERME_PROCHE = 60  # a term this close to the end of the session, or closer, ends the formation


class Statut(IntEnum):
    """What an effectif is on a day (domain.md §3.1). Stored as smallint: values never change."""

    INSCRIT = 1
    APPRENTI = 2
    RUPTURANT = 3
    ABANDON = 4
    FIN_DE_FORMATION = 5


class Motif(IntEnum):
    """What qualifies RUPTURANT (1, 2) or ABANDON (3 to 5); never changes a count (decision 9). Stored."""

    RUPTURE = 1
    FIN_DE_CONTRAT = 2
    EXCLUSION = 3
    DELAI_SANS_CONTRAT = 4
    DELAI_APRES_RUPTURE = 5  # also 180 days after a term: the code of the raison tells which


class CodeRaison(IntEnum):
    """Rule that made a step. Stored. The comment gives the dates that go with it, in order."""

    ENTREE = 1  # first day of the parcours: the entry, or the start of an earlier contract that never ran
    CONTRAT_EN_COURS = 2  # start of the contract; its written term, absent if it has none
    CONTRAT_ROMPU = 3  # day of the rupture, first day without contract
    TERME_ATTEINT = 4  # term, last day of the contract
    DELAI_SANS_CONTRAT = 5  # first day of the parcours; 91st day, the one when 90 days are exceeded
    DELAI_APRES_RUPTURE = 6  # day of the rupture; 181st day, the one when 180 days are exceeded
    DELAI_APRES_TERME = 7  # day after the term; 181st day, the one when 180 days are exceeded
    EXCLUSION = 8  # day of the exclusion, which may precede the step
    FIN_DE_SESSION = 9  # last day of the session
    TERME_PROCHE_DE_LA_FIN = 10  # term of the last contract; last day of the session, at most 60 days later


class AnomalieParcours(IntEnum):
    """Why an effectif has no status at all (decision 8). Stored."""

    SANS_DATES_NI_HISTORIQUE = 1  # the entry or the end is missing and no former status was sent
    ANNEES_INCONNUES = 2  # same, and neither periode nor annee_scolaire gives two years
    FIN_AVANT_ENTREE = 3
    CONTRAT_SANS_DEBUT = 4


class ContratDates(NamedTuple):
    """Dates of a contract: without `fin` it runs to the end of the session; `rupture` is already without it."""

    debut: date | None
    fin: date | None = None
    rupture: date | None = None


class Raison(NamedTuple):
    """Rule that made a step and the dates it used, in the order told by `CodeRaison`. Words are in templates."""

    code: CodeRaison
    dates: tuple[date, ...]


class Etape(NamedTuple):
    """A status over `[du, au[`; `au` is None for the last one, which never ends."""

    statut: Statut
    du: date
    au: date | None
    motif: Motif | None
    raison: Raison


class Parcours(NamedTuple):
    """Steps of an effectif in order, one per change of status. Either steps or anomalies, never both or none."""

    etapes: tuple[Etape, ...]
    anomalies: tuple[AnomalieParcours, ...] = ()

    def etape_au(self, jour: date) -> Etape | None:
        """Step of that day; None before the first one, or without any."""
        rang = bisect_right(self.etapes, jour, key=attrgetter("du"))
        return self.etapes[rang - 1] if rang else None

    def au(self, jour: date) -> Statut | None:
        """Status on that day; None is "entrée à venir", or an anomaly (decision 8)."""
        etape = self.etape_au(jour)
        return etape.statut if etape else None

    @property
    def bornes(self) -> list[date]:
        """First days of the steps: the `bornes` of decision 10."""
        return [etape.du for etape in self.etapes]

    @property
    def statuts(self) -> list[int]:
        """Statuses, one per borne: in PostgreSQL `statuts[width_bucket(jour, bornes)]` is `au(jour)`."""
        return [int(etape.statut) for etape in self.etapes]

    @property
    def empreinte(self) -> int:
        """Fingerprint that fits a bigint (63 bits): same steps, motifs, raisons and anomalies, same number.

        Stable across processes, machines and Python versions, so that bulk work knows an unchanged parcours
        without reading its periods.
        """
        nombres = [len(self.anomalies), *self.anomalies]
        for statut, du, _, motif, (code, dates) in self.etapes:
            nombres += (statut, du.toordinal(), motif or 0, code, len(dates), *map(date.toordinal, dates))
        octets = struct.pack(f"<{len(nombres)}i", *nombres)
        return int.from_bytes(blake2b(octets, digest_size=8).digest(), "little") >> 1


# Reading an enum member costs as much as making a date in Python 3.11: once here, not once per record.
INSCRIT, APPRENTI, RUPTURANT, ABANDON, FIN_DE_FORMATION = Statut
_date = date.fromordinal

_Dates: TypeAlias = tuple[date, date | None, date | None]  # start, term, rupture of a contract
_Contrat: TypeAlias = tuple[int, int, bool, date | None]  # first day, day after the last, broken, term
_Debut: TypeAlias = tuple[Statut, date, Motif | None, Raison]  # a step whose end is not known yet


def parcours(
    *,
    entree: date | None,
    fin: date | None,
    contrats: Sequence[ContratDates],
    exclusion: date | None = None,
    historique: Iterable[tuple[int, date]] = (),
    periode: Sequence[int] | None = None,
    annee_scolaire: str | None = None,
) -> Parcours:
    """Steps of an effectif, future ones included, from the dates known today.

    `entree` and `fin` are the first and last day of the session. When either is missing, the parcours comes from
    `historique` (pairs of a former status 0, 2 or 3 and its day) and from the two years of `periode`, else of
    `annee_scolaire`; contracts and exclusion then change no step (domain.md §3.5). Impossible input never raises:
    it gives no step, and says why in `anomalies` (decision 8). A session that ends before its entry is impossible
    whatever its contracts; a contract that ends before its start only has no day (§3.3 step 3).
    """
    dates: list[_Dates] = [(c.debut, c.fin, c.rupture) for c in contrats if c.debut is not None]
    anomalies = [AnomalieParcours.CONTRAT_SANS_DEBUT] if len(dates) < len(contrats) else []
    if entree is None or fin is None:
        faits = list(historique)
        session = session_of(entree, fin, periode, annee_scolaire)
        if not faits or session is None:
            manque = AnomalieParcours.ANNEES_INCONNUES if faits else AnomalieParcours.SANS_DATES_NI_HISTORIQUE
            return Parcours((), (*anomalies, manque))
        entree, fin = session
        exclusion = None
        dates = [(debut, None, rupture) for debut, rupture in contrats_of(faits)]
    premier, dernier = entree.toordinal(), fin.toordinal()
    if dernier < premier:
        anomalies.append(AnomalieParcours.FIN_AVANT_ENTREE)
    if anomalies:
        return Parcours((), tuple(anomalies))
    return _assemble(_steps(premier, dernier, _sort(dates, dernier), exclusion))


def _sort(dates: list[_Dates], dernier: int) -> list[_Contrat]:
    """Contracts by first day; of two that start on the same day the later in the list stays (domain.md §3.2)."""
    par_debut: dict[int, _Contrat] = {}
    for debut, terme, rupture in dates:
        premier = debut.toordinal()
        if rupture is not None:  # the rupture alone ends a broken contract, even after its term
            par_debut[premier] = premier, rupture.toordinal(), True, terme
        else:
            par_debut[premier] = premier, (terme.toordinal() if terme else dernier) + 1, False, terme
    return sorted(par_debut.values())


def _steps(entree: int, dernier: int, contrats: list[_Contrat], exclusion: date | None) -> list[_Debut]:
    """Steps over `[start, dernier]`, in order: contracts, gaps, then what ends them (domain.md §3.3)."""
    premier = min(entree, contrats[0][0]) if contrats else entree
    limite = dernier + 1  # first day that contracts and delays no longer rule
    if exclusion:
        limite = min(limite, max(premier, exclusion.toordinal()))
    apres_terme = None if exclusion else _natural_end(contrats)

    etapes, libre, rompu = _run_contrats(contrats, premier, limite)
    if libre < limite:
        proche = apres_terme is not None and limite - apres_terme <= JOURS_TERME_PROCHE
        etapes += _gap(libre, limite, rompu, apres_terme if proche else None)
    if limite > dernier:
        _close(etapes, _date(dernier), naturally=apres_terme is not None)
    elif exclusion and (not etapes or etapes[-1][0] is not ABANDON):
        etapes.append((ABANDON, _date(limite), Motif.EXCLUSION, Raison(CodeRaison.EXCLUSION, (exclusion,))))
    return etapes


def _natural_end(contrats: list[_Contrat]) -> int | None:
    """Day after the last contract's term; None without a contract, or if the last was broken (§3.3 step 6).

    On a tie the broken one wins. A contract that never ran counts too, as in the existing service.
    """
    if not contrats:
        return None
    apres, rompu = max([contrat[1:3] for contrat in contrats])
    return None if rompu else apres


def _run_contrats(
    contrats: list[_Contrat], premier: int, limite: int
) -> tuple[list[_Debut], int, bool | None]:
    """Steps up to the last day in contract, the first day after it, and whether what ended there was broken."""
    etapes: list[_Debut] = []
    libre = premier
    rompu: bool | None = None  # None until a contract has run
    for debut, apres, est_rompu, terme in contrats:
        jusqu_a = min(apres, limite)
        if jusqu_a <= debut:  # broken before its start, or starts too late: no day
            continue
        if debut > libre:
            etapes += _gap(libre, debut, rompu)
        if debut > libre or rompu is None:
            du = _date(debut)
            raison = Raison(CodeRaison.CONTRAT_EN_COURS, (du, terme) if terme else (du,))
            etapes.append((APPRENTI, du, None, raison))
        if jusqu_a > libre:
            libre, rompu = jusqu_a, est_rompu
        elif jusqu_a == libre:  # two contracts end together: the broken one wins (decision 9)
            rompu = rompu or est_rompu
    return etapes, libre, rompu


# What days without contract are at first, then after which delay they are ABANDON. The key says what precedes:
# None for no contract yet, True for a broken one, False for a term.
_ATTENTES: dict[bool | None, tuple[Statut, Motif | None, CodeRaison]] = {
    None: (INSCRIT, None, CodeRaison.ENTREE),
    True: (RUPTURANT, Motif.RUPTURE, CodeRaison.CONTRAT_ROMPU),
    False: (RUPTURANT, Motif.FIN_DE_CONTRAT, CodeRaison.TERME_ATTEINT),
}
_DELAIS: dict[bool | None, tuple[int, Motif, CodeRaison]] = {
    None: (JOURS_SANS_CONTRAT, Motif.DELAI_SANS_CONTRAT, CodeRaison.DELAI_SANS_CONTRAT),
    True: (JOURS_APRES_CONTRAT, Motif.DELAI_APRES_RUPTURE, CodeRaison.DELAI_APRES_RUPTURE),
    False: (JOURS_APRES_CONTRAT, Motif.DELAI_APRES_RUPTURE, CodeRaison.DELAI_APRES_TERME),
}


def _gap(du: int, jusqu_a: int, rompu: bool | None, apres_terme: int | None = None) -> list[_Debut]:  # noqa: FBT001
    """Steps of `[du, jusqu_a[`, days without contract: waiting, then ABANDON after the delay (§3.3 step 5).

    `rompu` says what precedes, as in the tables above. From `apres_terme` on, if given, waiting becomes
    FIN_DE_FORMATION: the last contract reached its term close to the end of the session (step 7).
    """
    jours, motif_abandon, code_abandon = _DELAIS[rompu]
    debut, abandon = _date(du), du + jours
    etapes: list[_Debut] = []
    if apres_terme is None or du < apres_terme:
        statut, motif, code = _ATTENTES[rompu]
        raison = Raison(code, (_date(du - 1) if rompu is False else debut,))
        etapes.append((statut, debut, motif, raison))
    if apres_terme is not None and apres_terme < min(abandon, jusqu_a):
        raison = Raison(CodeRaison.TERME_PROCHE_DE_LA_FIN, (_date(apres_terme - 1), _date(jusqu_a - 1)))
        etapes.append((FIN_DE_FORMATION, _date(max(du, apres_terme)), None, raison))
    if abandon < jusqu_a:
        depasse = _date(abandon)
        etapes.append((ABANDON, depasse, motif_abandon, Raison(code_abandon, (debut, depasse))))
    return etapes


def _close(etapes: list[_Debut], dernier: date, *, naturally: bool) -> None:
    """Make the last day of the session FIN_DE_FORMATION, unless a rupture or an abandon stays (§3.3 step 8)."""
    statut = etapes[-1][0]
    if statut is FIN_DE_FORMATION or not (naturally or statut is APPRENTI or statut is INSCRIT):
        return
    if etapes[-1][1] == dernier:
        etapes.pop()
    if not etapes or etapes[-1][0] is not FIN_DE_FORMATION:
        etapes.append((FIN_DE_FORMATION, dernier, None, Raison(CodeRaison.FIN_DE_SESSION, (dernier,))))


def _assemble(debuts: list[_Debut]) -> Parcours:
    """Each step ends the day the next one starts."""
    suivantes = [*[debut[1] for debut in debuts[1:]], None]
    etapes = [
        Etape(statut, du, au, motif, raison)
        for (statut, du, motif, raison), au in zip(debuts, suivantes, strict=True)
    ]
    return Parcours(tuple(etapes))
