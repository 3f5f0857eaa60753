"""One answer of the public API of certifications (API Apprentissage, `/certification/v1`) as rows of ours. Pure.

The shape is that of recorded public answers (`identifiant`, `intitule`, `periode_validite`, `continuite`). `lire` is the
only place that knows it: should it change, an answer is refused whole and counted, never half read.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from tdba.organismes.lecture_csv import FichierRefuse

PARIS: Final = ZoneInfo("Europe/Paris")
RNCP: Final = re.compile(r"RNCP[1-9][0-9]{0,5}")
CFD: Final = re.compile(r"[0-9A-Z]{8}")
NIVEAUX: Final = range(3, 9)


class ReponseIllisible(ValueError):
    """The answer does not have the shape that is known."""


class Reponse(NamedTuple):
    """A row of `certification`, and rows of `code_certification` for its codes and those of their continuity."""

    couple: dict[str, Any]
    codes: tuple[dict[str, Any], ...]


def lire(objet: Any) -> Reponse:
    """Turn one certification of the API into rows. Raises ReponseIllisible."""
    try:
        identifiant, intitule = objet["identifiant"], objet["intitule"]
        periode, continuite = objet["periode_validite"], objet["continuite"]
        rncp, cfd = _code(identifiant["rncp"], RNCP), _code(identifiant["cfd"], CFD)
        titre = (intitule["cfd"] or {}).get("long") or intitule["rncp"]
        if not titre or (rncp is None and cfd is None):
            raise ReponseIllisible("no title, or no code")
        fiche, nomenclature = periode["rncp"] or {}, periode["cfd"] or {}
        couple = {
            "rncp": rncp,
            "cfd": cfd,
            "intitule": str(titre),
            "niveau": _niveau(intitule["niveau"]),
            "diplome": (intitule["niveau"].get("cfd") or {}).get("sigle"),
            "ouverture": _jour(periode["debut"]),
            "echeance": _jour(periode["fin"]),
            "active": bool(fiche["actif"]) if fiche else nomenclature.get("fermeture") is None,
        }
        codes = (
            *_codes(rncp, RNCP, continuite.get("rncp") or (), ("activation", "fin_enregistrement"), fiche),
            *_codes(cfd, CFD, continuite.get("cfd") or (), ("ouverture", "fermeture"), nomenclature),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as erreur:
        raise ReponseIllisible(type(erreur).__name__) from erreur
    return Reponse(couple, codes)


def lire_fichier(contenu: bytes) -> tuple[list[Reponse], list[int]]:
    """Recorded answers, a JSON list of certifications; and the ranks, from 1, of those that cannot be read."""
    try:
        objets = json.loads(contenu)
    except (ValueError, RecursionError) as erreur:
        raise FichierRefuse("ce n’est pas du JSON") from erreur
    if not isinstance(objets, list) or not objets:
        raise FichierRefuse("ce n’est pas une liste de certifications")
    lues, refus = [], []
    for rang, objet in enumerate(objets, start=1):
        try:
            lues.append(lire(objet))
        except ReponseIllisible:
            refus.append(rang)
    return lues, refus


def _codes(
    code: str | None,
    forme: re.Pattern[str],
    suite: Any,
    noms: tuple[str, str],
    propre: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The code and those of its continuity: each with its validity, all with the same list."""
    if code is None:
        return []
    dates = {code: propre} | {_code(autre["code"], forme): autre for autre in suite}
    tous = sorted(c for c in dates if c is not None)
    return [
        {
            "code": c,
            "ouverture": _jour(dates[c].get(noms[0])),
            "fermeture": _jour(dates[c].get(noms[1])),
            "continuite": tous,
        }
        for c in tous
    ]


def _code(valeur: Any, forme: re.Pattern[str]) -> str | None:
    if valeur is None:
        return None
    if not isinstance(valeur, str) or not forme.fullmatch(valeur):
        raise ReponseIllisible("malformed code")
    return valeur


def _niveau(niveaux: Mapping[str, Any]) -> int | None:
    """The European level of the RNCP record, else that of the CFD (domain.md §4.5)."""
    dits = [(niveaux.get(nom) or {}).get("europeen") for nom in ("rncp", "cfd")]
    return next((int(dit) for dit in dits if dit is not None and int(dit) in NIVEAUX), None)


def _jour(instant: Any) -> date | None:
    """The Paris day of an instant written with its offset: days there end at 23:59:59."""
    return None if instant is None else datetime.fromisoformat(instant).astimezone(PARIS).date()
