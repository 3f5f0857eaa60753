"""What the checks look at: the facts of one record, and what a check finds. Pure.

Values stay in memory for the time of the checks: what is kept of an anomaly is a code, ids and dates of the formation or
of a contract (decision 34).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tdba.effectifs.statuts import Statut


class Validite(NamedTuple):
    """What the référentiel knows of one code: both days included, a missing one is not checked."""

    connu: bool
    ouverture: date | None = None
    fermeture: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContratLu:
    """One contract, with what the register of companies says of its employer."""

    id: int
    debut: date | None = None
    fin: date | None = None
    rupture: date | None = None
    cause_rupture: str | None = None
    cause_legale: str | None = None
    mediateur_le: date | None = None
    employeur_informe_le: date | None = None
    employeur_siret: str | None = None
    siret_ecarte: bool = False
    """A number was received and not used (decision 13)."""
    employeur_ferme_le: date | None = None
    """0001-01-01: closed, on a day that the register does not give."""
    employeur_inconnu: bool = False

    @property
    def dernier(self) -> date | None:
        """Last day that its dates write; None without a term nor a rupture."""
        return self.rupture or self.fin


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One record. A fact of the référentiel is None when the référentiel cannot tell."""

    id: int
    organisme_id: int
    annee_scolaire: str
    date_naissance: date
    sexe: str | None = None
    ine: str | None = None
    courriel: str | None = None
    courriel_cfa: str | None = None
    telephone: str | None = None
    adresse: bool = False
    code_postal: str | None = None
    code_postal_connu: bool | None = None
    code_insee: str | None = None
    rncp: str | None = None
    cfd: str | None = None
    validite_rncp: Validite | None = None
    validite_cfd: Validite | None = None
    niveau: int | None = None
    annee_formation: int | None = None
    duree_mois: int | None = None
    date_inscription: date | None = None
    date_entree: date | None = None
    date_fin: date | None = None
    date_exclusion: date | None = None
    cause_exclusion: bool = False
    sans_parcours: frozenset[str] = frozenset()
    """Names of `statuts.AnomalieParcours`: why the record has no status at all (decision 8)."""
    statut: Statut | None = None
    """Status of the day, and since when."""
    statut_depuis: date | None = None
    comptee: bool = True
    """Its year is one that figures count today (decision 29)."""
    ecartes: frozenset[str] = frozenset()
    """Columns whose value was received and not used (decision 13)."""
    contrats: tuple[ContratLu, ...] = ()
    tues: frozenset[str] = frozenset()
    """Codes that somebody silenced on this record."""


class Trouvee(NamedTuple):
    """One anomaly of one record."""

    code: str
    contrat_id: int | None = None
    dates: Mapping[str, date] = {}
    """Dates of the formation or of contracts that its sentence says; never a birth date."""
