"""How `effectif_source` keeps what a source said: JSON, dates as ISO text. Pure."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

MIS_DE_COTE: Final = "_mis_de_cote"
"""Key of the values kept as received and not used (decision 13)."""


def ecrire(valeurs: Mapping[str, Any], mis_de_cote: Mapping[str, Any]) -> str:
    """Write validated values, and beside them those set aside."""
    tout = {**valeurs, MIS_DE_COTE: dict(mis_de_cote)} if mis_de_cote else valeurs
    return json.dumps(tout, default=date.isoformat, ensure_ascii=False)


def charger(lues: Mapping[str, Any]) -> dict[str, Any]:
    """Read values back, typed: every field whose name says it is a date."""
    return {
        champ: date.fromisoformat(valeur) if "date_" in champ and isinstance(valeur, str) else valeur
        for champ, valeur in lues.items()
        if champ != MIS_DE_COTE
    }
