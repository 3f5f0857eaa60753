"""In which commune and département somebody lives, from the codes that were sent (domain.md §4.4 step 6). Pure.

The INSEE code comes first, a former commune standing for the one that absorbed it. A postal code gives its commune when
it has only one; otherwise none is chosen, and the département alone is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from tdba.organismes.rapprochement import departement_du_code_postal

ARRONDIES: Final = frozenset({"13055", "69123", "75056"})
"""Marseille, Lyon, Paris: their postal codes are those of their arrondissements, which are more precise."""


class Commune(NamedTuple):
    code_insee: str
    departement: str
    codes_postaux: tuple[str, ...] = ()
    anciens_codes: tuple[str, ...] = ()


class Residence(NamedTuple):
    code_insee: str | None
    departement: str | None


class Communes:
    """Communes in memory, every one of the codes asked about; `departements`: those that exist."""

    def __init__(self, communes: Iterable[Commune], departements: Iterable[str]) -> None:
        self._departements: dict[str, str] = {}
        self._actuelles: dict[str, str] = {}
        par_postal: Mapping[str, set[str]] = defaultdict(set)
        for commune in communes:
            self._departements[commune.code_insee] = commune.departement
            for ancien in commune.anciens_codes:
                self._actuelles[ancien] = commune.code_insee
            for postal in commune.codes_postaux:
                par_postal[postal].add(commune.code_insee)
        self._connus = frozenset(departements)
        self._par_postal = {postal: self._du_code_postal(codes) for postal, codes in par_postal.items()}

    def situer(self, code_insee: str | None, code_postal: str | None) -> Residence:
        """Where somebody lives. An INSEE code that is not known is kept as it was sent."""
        actuelle = code_insee and self._actuelle(code_insee)
        if actuelle:
            return Residence(actuelle, self._departements[actuelle])
        lieu = self._par_postal.get(code_postal or "")
        if lieu is None:
            # A CEDEX code, or one of no commune: it still says in which département letters are sorted.
            lieu = Residence(None, self._departement(departement_du_code_postal(code_postal or "")))
        return lieu if lieu.code_insee or not code_insee else lieu._replace(code_insee=code_insee)

    def _actuelle(self, code_insee: str) -> str | None:
        return code_insee if code_insee in self._departements else self._actuelles.get(code_insee)

    def _du_code_postal(self, codes: set[str]) -> Residence:
        precises = codes - ARRONDIES or codes
        departements = {self._departements[code] for code in precises}
        if len(precises) == 1:
            return Residence(next(iter(precises)), next(iter(departements)))
        if len(departements) == 1:
            return Residence(None, next(iter(departements)))
        return Residence(None, None)

    def _departement(self, code: str) -> str | None:
        return code if code in self._connus else None
