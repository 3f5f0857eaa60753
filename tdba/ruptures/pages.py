"""One page of a list of young people, the same for every list that is followed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Rangee(Protocol):
    """A row, named by the record it is about."""

    @property
    def effectif_id(self) -> int: ...


R = TypeVar("R", bound=Rangee)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    lignes: Sequence[R]
    premiere: int
    """Rank of the first row in the whole list, from 1; 0 when the list is empty."""
    total: int
    perdue: bool = False
    """The row that the page started from is no longer there: this is the first page, and it must be said."""

    @property
    def derniere(self) -> int:
        return self.premiere + len(self.lignes) - 1 if self.lignes else 0

    @property
    def precedents(self) -> int | None:
        """The row before which the former page ends."""
        return self.lignes[0].effectif_id if self.premiere > 1 else None

    @property
    def suivants(self) -> int | None:
        """The row after which the next page starts."""
        return self.lignes[-1].effectif_id if self.lignes and self.derniere < self.total else None
