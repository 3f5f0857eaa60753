"""Figures of "Le point": what is counted, summed by territory, compared, sorted and paged. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from tdba.ruptures.regles import SegmentRupture, SegmentSansContrat

PAR_PAGE: Final = 100

SANS_CONTRAT: Final = tuple(s for s in SegmentSansContrat if s is not SegmentSansContrat.TERME_DEPASSE)
"""Up to 90 days: beyond, the status is no longer INSCRIT (domain.md §3) and the youth is among the `sorties`."""
RUPTURES: Final = tuple(SegmentRupture)


@dataclass(frozen=True, slots=True)
class Statuts:
    """Counts by status on a day (domain.md §6.1)."""

    apprentis: int = 0
    """APPRENTI and FIN_DE_FORMATION."""
    inscrits: int = 0
    rupturants: int = 0
    sorties: int = 0

    @property
    def apprenants(self) -> int:
        return self.apprentis + self.inscrits + self.rupturants


@dataclass(frozen=True, slots=True)
class Attentes:
    """How long those who wait for a contract have waited, by segment (decision 31)."""

    sans_contrat: tuple[int, ...] = (0,) * len(SANS_CONTRAT)
    ruptures: tuple[int, ...] = (0,) * len(RUPTURES)
    trois_mois: int = 0
    """Without a contract, and whose three months end within a month."""

    @property
    def ruptures_ouvertes(self) -> int:
        return sum(self.ruptures)


AUCUN: Final = Statuts()
AUCUNE: Final = Attentes()


class Cfa(NamedTuple):
    """A CFA within reach. `compte` False: not reliable or closed, counted only in its own family (decision 29)."""

    id: int
    nom: str
    departement_code: str | None
    departement: str | None
    region_code: str | None
    region: str | None
    compte: bool
    transmet: bool
    """Received in the three months before the day."""
    reception: datetime | None


class Ligne(NamedTuple):
    cfa: Cfa
    statuts: Statuts
    attentes: Attentes


class Groupe(NamedTuple):
    """The CFA of one territory; without a code, those whose territory is not known."""

    code: str | None
    nom: str | None
    cfa: int
    transmettent: int
    statuts: Statuts
    attentes: Attentes


class Page(NamedTuple):
    """A page of lines. `perdue`: the line where the reader was is no longer in the list (decision 35)."""

    lignes: Sequence[Ligne]
    debut: int
    total: int
    avant: int | None
    """Cursor of the page before; 0 for the first page, None when this is the first."""
    apres: int | None
    perdue: bool


def assembler(
    cfas: Iterable[Cfa], statuts: Mapping[int, Statuts], attentes: Mapping[int, Attentes]
) -> list[Ligne]:
    """One line for each CFA, those without any figure included: a CFA that sends nothing must show."""
    return [Ligne(cfa, statuts.get(cfa.id, AUCUN), attentes.get(cfa.id, AUCUNE)) for cfa in cfas]


def grouper(lignes: Iterable[Ligne], *, par_region: bool) -> list[Groupe]:
    """Sums by région or by département, in order of code."""
    paquets: dict[tuple[str | None, str | None], list[Ligne]] = {}
    for ligne in lignes:
        cfa = ligne.cfa
        cle = (cfa.region_code, cfa.region) if par_region else (cfa.departement_code, cfa.departement)
        paquets.setdefault(cle, []).append(ligne)
    groupes = [resumer(paquet, code=code, nom=nom) for (code, nom), paquet in paquets.items()]
    return sorted(groupes, key=lambda g: (g.code is None, g.code or ""))


def resumer(lignes: Sequence[Ligne], *, code: str | None = None, nom: str | None = None) -> Groupe:
    """The sum of some lines."""
    return Groupe(
        code,
        nom,
        len(lignes),
        sum(ligne.cfa.transmet for ligne in lignes),
        additionner([ligne.statuts for ligne in lignes]),
        _additionner_attentes([ligne.attentes for ligne in lignes]),
    )


def totaliser(groupes: Sequence[Groupe]) -> Groupe:
    """The sum of all territories."""
    return Groupe(
        None,
        None,
        sum(g.cfa for g in groupes),
        sum(g.transmettent for g in groupes),
        additionner([g.statuts for g in groupes]),
        _additionner_attentes([g.attentes for g in groupes]),
    )


def par_niveau(lus: Iterable[Sequence[tuple[int, Statuts]]]) -> dict[int, Statuts]:
    """Counts by level of all organismes, in order of level; 0 is a level not known."""
    paquets: dict[int, list[Statuts]] = {}
    for niveaux in lus:
        for niveau, statuts in niveaux:
            paquets.setdefault(niveau, []).append(statuts)
    return {niveau: additionner(paquets[niveau]) for niveau in sorted(paquets)}


def additionner(tous: Sequence[Statuts]) -> Statuts:
    """Column by column: thousands of CFA are summed for each page."""
    return Statuts(
        sum(s.apprentis for s in tous),
        sum(s.inscrits for s in tous),
        sum(s.rupturants for s in tous),
        sum(s.sorties for s in tous),
    )


def _additionner_attentes(toutes: Sequence[Attentes]) -> Attentes:
    if not toutes:
        return AUCUNE
    return Attentes(
        tuple(map(sum, zip(*(a.sans_contrat for a in toutes), strict=True))),
        tuple(map(sum, zip(*(a.ruptures for a in toutes), strict=True))),
        sum(a.trois_mois for a in toutes),
    )


def _segment(attribut: str, rang: int) -> Callable[[Ligne], int]:
    def valeur(ligne: Ligne) -> int:
        segments: tuple[int, ...] = getattr(ligne.attentes, attribut)
        return segments[rang]

    return valeur


TRIS: Final[Mapping[str, Callable[[Ligne], Any]]] = {
    "nom": lambda ligne: ligne.cfa.nom.casefold(),
    "inscrits": lambda ligne: ligne.statuts.inscrits,
    **{f"sc{s.value[0]}": _segment("sans_contrat", rang) for rang, s in enumerate(SANS_CONTRAT)},
    "rupturants": lambda ligne: ligne.statuts.rupturants,
    **{f"ru{s.value[0]}": _segment("ruptures", rang) for rang, s in enumerate(RUPTURES)},
    "apprentis": lambda ligne: ligne.statuts.apprentis,
    "sorties": lambda ligne: ligne.statuts.sorties,
    "reception": lambda ligne: ligne.cfa.reception.timestamp() if ligne.cfa.reception else 0.0,
}
"""Columns that the table of CFA can be sorted by; a CFA never received comes as the oldest."""

DES_SEGMENTS: Final = frozenset(cle for cle in TRIS if cle.startswith(("sc", "ru")) and cle[2:].isdigit())
"""Those that do not exist when the figures are limited to one level: waits are not counted by level."""
DES_STATUTS: Final = frozenset({"inscrits", "rupturants"})
"""Those that stand in for them then."""


def trier(lignes: Sequence[Ligne], tri: str, sens: str) -> list[Ligne]:
    """Lines by a column, then by name, then by id: a total order."""
    par_nom = sorted(lignes, key=lambda ligne: (ligne.cfa.nom.casefold(), ligne.cfa.id))
    return sorted(par_nom, key=TRIS[tri], reverse=sens == "desc")


def paginer(lignes: Sequence[Ligne], apres: int | None) -> Page:
    """The page that follows the CFA `apres`, whatever the sort."""
    rangs = {ligne.cfa.id: rang for rang, ligne in enumerate(lignes)} if apres else {}
    debut = rangs.get(apres, -1) + 1 if apres else 0
    page = lignes[debut : debut + PAR_PAGE]
    suite = debut + PAR_PAGE < len(lignes)
    avant = None
    if debut:
        avant = lignes[debut - PAR_PAGE - 1].cfa.id if debut > PAR_PAGE else 0
    perdue = bool(apres) and apres not in rangs
    return Page(page, debut, len(lignes), avant, page[-1].cfa.id if suite else None, perdue)


def variation(maintenant: int, avant: int) -> float | None:
    """Change relative to the former value; none without a former value (decision 32)."""
    return (maintenant - avant) / avant if avant else None
