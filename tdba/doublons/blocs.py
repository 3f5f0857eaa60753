"""Which records are worth comparing: those that share a key (issue 5, "Duplicates"). Pure.

Comparing each record with each other one would take days. Two records that `ressemblance` would show share, in an année
counted the same day: a birth date and a word of the name, or an INE, or every word of the name. What escapes: a name and
a birth date that are both misspelt, without an INE.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, permutations
from typing import Any, Final, NamedTuple

from tdba.doublons import ressemblance

BLOC_MAX: Final = 40
"""A key shared by more records says nothing of any two of them: it is set aside, and how many were is told."""
MOTS_MAX: Final = 4
"""Longer names are looked for in the order they are written in, no other."""

Couple = tuple[int, int]
"""Ids of two records, the smaller first."""


class Cles(NamedTuple):
    """What the keys of a record are made of."""

    id: int
    organisme_id: int
    annee_scolaire: str
    recherche: str
    date_naissance: date
    ine: str | None


def cles(fiche: Cles) -> Iterator[tuple[Any, ...]]:
    """The keys of a record: another one that has one of them is compared with it."""
    mots = fiche.recherche.split()
    nom = " ".join(sorted(mots)) if len(mots) <= MOTS_MAX else fiche.recherche
    for annee in ressemblance.annees_comptees(fiche.annee_scolaire):
        for mot in set(mots):
            yield annee, fiche.date_naissance, mot
        yield annee, nom
        if fiche.ine:
            yield annee, "INE", fiche.ine


def ecritures(recherche: str) -> list[str]:
    """The ways of writing a name that share the key of this one.

    >>> ecritures("DUPONT JEAN")
    ['DUPONT JEAN', 'JEAN DUPONT']
    """
    mots = recherche.split()
    if len(mots) > MOTS_MAX:
        return [recherche]
    return sorted({" ".join(ordre) for ordre in permutations(mots)})


class Candidats(NamedTuple):
    """Pairs to score, and how many keys were too common to be looked at."""

    couples: set[Couple]
    coupes: int


def candidats(
    groupes: Iterable[Sequence[Cles]], *, autour: frozenset[int] | None = None, bloc_max: int = BLOC_MAX
) -> Candidats:
    """The pairs of each group that share a key; with `autour`, those alone that hold one of these records."""
    couples: set[Couple] = set()
    coupes = 0
    for groupe in groupes:
        for ids in _blocs(groupe).values():
            if len(ids) > bloc_max:
                coupes += 1
            elif autour is None:
                couples.update(combinations(sorted(set(ids)), 2))
            else:
                paires = combinations(sorted(set(ids)), 2)
                couples.update(paire for paire in paires if not autour.isdisjoint(paire))
    return Candidats(couples, coupes)


def _blocs(fiches: Sequence[Cles]) -> Mapping[Any, list[int]]:
    blocs: defaultdict[Any, list[int]] = defaultdict(list)
    for fiche in fiches:
        for cle in cles(fiche):
            blocs[cle].append(fiche.id)
    return {cle: ids for cle, ids in blocs.items() if len(ids) > 1}
