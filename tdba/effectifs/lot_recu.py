"""What a batch of received lines is made of: the lines, what is held for them, what becomes of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.valeurs import Arbitrage, CorrectionVue
from tdba.organismes.connaissances import Connaissances

CREEE: Final = "CREEE"
MODIFIEE: Final = "MODIFIEE"
INCHANGEE: Final = "INCHANGEE"
RETENUE: Final = "RETENUE"
"""A line about a record in the bin, or moved to another site: held, rather than create it again (decision 19)."""


class LigneRecue(NamedTuple):
    """A validated line, on its way to becoming an effectif."""

    ligne_id: int
    annee_scolaire: str
    id_erp: str
    valeurs: Mapping[str, Any]
    mis_de_cote: Mapping[str, Any]
    contrats: Sequence[ContratRecu]
    empreinte: bytes
    responsable_id: int | None
    a_part: Mapping[str, Any] | None = None  # what neither the record nor its source keeps

    @property
    def cle(self) -> tuple[str, str]:
        return self.annee_scolaire, self.id_erp


class Resultat(NamedTuple):
    ligne_id: int
    etat: str
    effectif_id: int | None


@dataclass(frozen=True, slots=True)
class Envoi:
    """What all the lines of a batch share."""

    organisme_id: int
    source: str
    transmetteur_id: int
    transmission_id: int
    le: datetime

    @property
    def defaisable(self) -> bool:
        """What a person gave can be undone; an ERP undoes by sending again."""
        return self.source == "FICHIER"


class Connu(NamedTuple):
    """An effectif that we hold for the key of a line."""

    id: int
    annee_scolaire: str
    id_erp: str
    en_corbeille: bool
    historique: list[list[Any]]
    empreinte: bytes | None
    source: str | None
    autres: dict[str, Any] | None


@dataclass(slots=True)
class Lot:
    """One batch in which each key appears once."""

    envoi: Envoi
    connus: dict[tuple[str, str], Connu]
    connaissances: Connaissances
    corrections: dict[int, list[CorrectionVue]] = field(default_factory=lambda: defaultdict(list))
    arbitrages: list[Arbitrage] = field(default_factory=list)
