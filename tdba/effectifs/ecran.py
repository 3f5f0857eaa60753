"""A correction as its form shows it: what is corrected, what it is worth, and what the source says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tdba.effectifs import correction
from tdba.effectifs.forms import CorrectionForm
from tdba.effectifs.models import Contrat
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.valeurs import depuis_texte


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecran:
    """A correction on screen: what is being corrected, and where it stands in the sheet."""

    ouvert: Ouvert
    form: CorrectionForm
    champs: Sequence[str]
    """Names of the fields of the form, in order."""
    contrat: Contrat | None
    champ: str | None
    """The name being corrected, when it is one."""
    demande_id: int | None

    @property
    def ancre(self) -> str:
        return f"contrat-{self.contrat.id}" if self.contrat else "identite"

    def champ_de(self, nom: str) -> str:
        """The column behind a field of the form."""
        return self.champ or nom

    def actuelle(self, nom: str) -> Any:
        return getattr(self.contrat or self.ouvert.effectif, self.champ_de(nom))

    def dite(self, nom: str) -> Any:
        """What the source says of it."""
        champ = self.champ_de(nom)
        return depuis_texte(champ, correction.source_dit(self.ouvert, champ, self.contrat))
