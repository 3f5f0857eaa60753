"""What the slices to the right plug into the list and the sheet, without being imported by them (decision 39).

Registered at boot by each slice's `installer`, called inside the request with the id of an effectif that the person
reaches. Registering the same function twice is once. Inserts and guards of the sheet are in `encarts`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement


class Annotation(NamedTuple):
    """Something wrong with one field, said beside it (one SELECT at most for a whole sheet)."""

    code: str
    champ: str | None
    """Column of `effectif` or of `contrat`; None: the record as a whole."""
    contrat_id: int | None
    consequence: int
    """1 not counted, 2 a legal delay, 3 SIFA, 4 comfort (decision 5)."""
    phrase: str
    geste: str
    url: str | None = None
    """Where it is settled, when that is not the correction of the field itself."""
    taire_url: str | None = None


class Fait(NamedTuple):
    """One line of a record's story."""

    le: datetime
    genre: str
    """RECU, CORRIGE, FUSION, CORBEILLE, TRANSFERT, LU, EXPORTE, ANOMALIE, SUIVI, SIFA…: what the story filters on."""
    phrase: str
    auteur: str | None = None
    """Who did it, with their organisation when it is another one; None: the service itself."""
    url: str | None = None


class Geste(NamedTuple):
    """Something that can be done with the record, offered on its sheet."""

    libelle: str
    url: str


class FiltreAjoute(NamedTuple):
    """One more filter of the list. `nom` is its parameter in the address."""

    nom: str
    libelle: str
    choix: Callable[[], Sequence[tuple[str, str]]]
    """(value, words) on offer to the current person; empty: the filter is not shown."""
    condition: Callable[[str], ColumnElement[bool]]
    """The rows of `effectif` that this value keeps. The statement is already limited to the reach."""


Annote = Callable[[int], Sequence[Annotation]]
Raconte = Callable[[int], Sequence[Fait]]
Propose = Callable[[Any], Sequence[Geste]]

ANNOTATIONS: Final[list[Annote]] = []
RECITS: Final[list[Raconte]] = []
GESTES: Final[list[Propose]] = []
FILTRES: Final[dict[str, FiltreAjoute]] = {}


def annoter(fonction: Annote) -> None:
    """Show what `fonction` finds wrong, beside the fields of every sheet."""
    if fonction not in ANNOTATIONS:
        ANNOTATIONS.append(fonction)


def raconter(fonction: Raconte) -> None:
    """Add what `fonction` knows to the story of every record."""
    if fonction not in RECITS:
        RECITS.append(fonction)


def proposer(fonction: Propose) -> None:
    """Offer gestures on every sheet. `fonction` is given the `Effectif` read."""
    if fonction not in GESTES:
        GESTES.append(fonction)


def filtrer(filtre: FiltreAjoute) -> None:
    """Add a filter to the list."""
    FILTRES[filtre.nom] = filtre


def annotations_de(effectif_id: int) -> list[Annotation]:
    """All that is wrong with one record, the costliest first."""
    toutes = [a for fonction in ANNOTATIONS for a in fonction(effectif_id)]
    return sorted(toutes, key=lambda a: (a.consequence, a.code))


def recit_de(effectif_id: int) -> list[Fait]:
    """The story of one record, the latest first."""
    return sorted((f for fonction in RECITS for f in fonction(effectif_id)), key=lambda f: f.le, reverse=True)


def gestes_de(effectif: Any) -> list[Geste]:
    """What can be done with one record, in the order of registration."""
    return [g for fonction in GESTES for g in fonction(effectif)]
