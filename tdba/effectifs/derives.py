"""What the référentiel says of a record once some of its codes or dates are corrected: title, level, commune, département.

Derived columns are not corrections: they follow the values in force, and come back by themselves when one is undone.
"""

from collections.abc import Mapping
from typing import Any, Final

from tdba.effectifs.queries import Ouvert
from tdba.effectifs.reconnaissance import COMPLETEES, DE_FORMATION
from tdba.effectifs.source_json import charger
from tdba.effectifs.valeurs import de_la_source
from tdba.organismes import connaissances

_DE_FORMATION: Final = frozenset({"rncp", "cfd", "date_entree", "date_fin"})
_DU_LIEU: Final = frozenset({"code_postal", "code_insee"})
_LUES: Final = (*COMPLETEES, "date_entree", "date_fin", "code_postal")


def completees(ouvert: Ouvert, champs: set[str], voulues: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Columns that follow from the values in force once `champs` changed; what a person corrected is left as it is.

    `voulues`: values not written yet. Nothing is read when no code or date of the formation is concerned.
    """
    suivies = {nom for nom in DE_FORMATION if not champs.isdisjoint(_DE_FORMATION)} | {
        nom for nom in ("code_insee", "departement") if not champs.isdisjoint(_DU_LIEU)
    }
    if not suivies:
        return {}
    voulues = voulues or {}
    tenues = {nom: getattr(ouvert.effectif, nom) for nom in _LUES} | {
        nom: valeur for nom, valeur in voulues.items() if nom in _LUES
    }
    corriges = {c.champ for c in ouvert.corrections if c.contrat_id is None} | voulues.keys()
    dites = tenues
    if ouvert.valeurs_source is not None:
        source = de_la_source(charger(ouvert.valeurs_source))
        dites = source | {nom: valeur for nom, valeur in tenues.items() if nom in corriges}
    connues = connaissances.pour(
        rncps=_codes(dites["rncp"]),
        cfds=_codes(dites["cfd"]),
        insees=_codes(dites["code_insee"]),
        postaux=_codes(dites["code_postal"]),
    ).completer(dites)
    # Without a source to read again, what is held stays unless something better is known.
    gardees = ouvert.valeurs_source is None
    return {
        nom: valeur
        for nom, valeur in connues.items()
        if nom in suivies - corriges and not (gardees and valeur is None)
    }


def _codes(code: str | None) -> list[str]:
    return [] if code is None else [code]
