"""What each check says, in words: what it costs, the field, the sentence, the gesture, who acts (issue 5 part 4). Pure.

A sentence takes only dates of the formation or of a contract, by their names between braces: they are written when it is
shown. The consequence is what it costs to leave things as they are (decision 5).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tdba.anomalies.catalogue_contrats import CONTRATS
from tdba.anomalies.catalogue_formation import FORMATION
from tdba.anomalies.catalogue_identite import IDENTITE
from tdba.anomalies.mots import Anomalie
from tdba.formats import date_longue
from tdba.points.genres import NON_COMPTE

CATALOGUE: Final[Mapping[str, Anomalie]] = {a.code: a for a in (*FORMATION, *CONTRATS, *IDENTITE)}
"""Code → words, in the order of the filter. Codes are stored: they never change."""


def details(code: str, contrat_id: int | None, dates: Mapping[str, date]) -> dict[str, Any]:
    """What a point keeps of an anomaly: codes, ids and dates (decision 34)."""
    garde: dict[str, Any] = {"code": code, "champ": CATALOGUE[code].champ}
    if contrat_id is not None:
        garde["contrat"] = contrat_id
    if CATALOGUE[code].ecarte:
        garde["ecartees"] = 1
    return garde | {nom: jour.isoformat() for nom, jour in dates.items()}


def phrase(details: Mapping[str, Any]) -> str:
    """What is wrong, in a sentence."""
    dates = {nom: date_longue(date.fromisoformat(d)) for nom, d in details.items() if nom not in _SANS_DATE}
    return CATALOGUE[details["code"]].phrase.format_map(dates)


_SANS_DATE: Final = frozenset({"code", "champ", "contrat", "ecartees"})


def traduire(details: Mapping[str, Any]) -> dict[str, Any]:
    """The words that the list of points takes."""
    anomalie = CATALOGUE[details["code"]]
    return {"phrase": phrase(details), "geste": anomalie.geste, "acteur": anomalie.acteur}


def se_tait(code: str) -> bool:
    """True when it may be silenced: never what makes figures wrong."""
    return CATALOGUE[code].consequence != NON_COMPTE


LIBELLES: Final[Mapping[str, str]] = {code: a.libelle for code, a in CATALOGUE.items()}
