"""A correction as its form shows it: each value with its source, its date and its former values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tdba.effectifs import correction, queries
from tdba.effectifs.forms import VersionForm
from tdba.effectifs.models import Contrat
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.valeurs import depuis_texte


class Ancienne(NamedTuple):
    """A former value of a field, and who replaced it when. `demande_id`: the assistance did, under that case."""

    valeur: Any
    le: datetime
    auteur: str
    demande_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecran:
    """A correction on screen: what is being corrected, where it stands in the sheet, where the form is sent."""

    ouvert: Ouvert
    form: VersionForm
    noms: Mapping[str, str]
    """Control of the form → column, in order."""
    contrat: Contrat | None
    ancre: str
    titre: str
    adresse: str
    demande_id: int | None
    fait: str
    """What is said once it is saved; the hour follows."""
    chapeau: str | None = None
    retour: str | None = None
    """Where the work continues once it is saved, when it is not on the sheet: an address of ours."""
    anciennes: Mapping[str, Sequence[Ancienne]] = field(default_factory=dict)

    def actuelle(self, nom: str) -> Any:
        return getattr(self.contrat or self.ouvert.effectif, self.noms[nom])

    def dite(self, nom: str) -> Any:
        """What the source says of it."""
        champ = self.noms[nom]
        return depuis_texte(champ, correction.source_dit(self.ouvert, champ, self.contrat))

    @property
    def corriges(self) -> set[str]:
        """Controls whose value was corrected here, and stays so."""
        return {
            nom
            for nom, champ in self.noms.items()
            if correction.en_vigueur(self.ouvert, champ, self.contrat) is not None
        }


def anciennes_de(ouvert: Ouvert, contrat: Contrat | None, champs: Sequence[str]) -> dict[str, list[Ancienne]]:
    """Column → the values it had before each correction, the last first."""
    contrat_id = contrat.id if contrat else None
    trouvees: dict[str, list[Ancienne]] = {}
    for c, prenom, nom in queries.corrections_de(ouvert.effectif.id):
        if c.contrat_id == contrat_id and c.champ in champs:
            ancienne = Ancienne(
                depuis_texte(c.champ, c.valeur_avant), c.cree_le, f"{prenom} {nom}", c.demande_id
            )
            trouvees.setdefault(c.champ, []).append(ancienne)
    return trouvees
