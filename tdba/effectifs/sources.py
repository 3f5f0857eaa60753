"""What the source of a record says of one field, beside what people corrected (decision 17). Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from tdba.effectifs.source_json import MIS_DE_COTE
from tdba.effectifs.valeurs import CHAMPS, NOTRES, de_la_source, en_texte

SUFFIXES: Final = ("", "_2", "_3", "_4")
"""Of the contracts of a line (domain.md §4.2)."""

_COLONNES: Final = {champ: colonne for colonne, champ in CHAMPS.items()} | {
    "duree_theorique_formation_mois": "duree_mois",
    "duree_theorique_formation": "duree_mois",
}


class ContratDit(NamedTuple):
    """A contract as the source sent it; `suffixe` tells which of its fields."""

    suffixe: str
    debut: date
    fin: date | None
    rupture: date | None
    cause_rupture: str | None = None
    employeur_siret: str | None = None


class CorrectionConnue(NamedTuple):
    """What a correction in force remembers of the source."""

    etat: str
    valeur_source: str | None
    valeur_conflit: str | None


def contrats_dits(valeurs: Mapping[str, Any]) -> list[ContratDit]:
    """The contracts of a source, in the order of their rank: one exists when its start is sent (domain.md §4.4)."""
    return [
        ContratDit(
            suffixe,
            valeurs[f"contrat_date_debut{suffixe}"],
            valeurs.get(f"contrat_date_fin{suffixe}"),
            valeurs.get(f"contrat_date_rupture{suffixe}"),
            valeurs.get(f"cause_rupture_contrat{suffixe}"),
            valeurs.get(f"siret_employeur{suffixe}"),
        )
        for suffixe in SUFFIXES
        if valeurs.get(f"contrat_date_debut{suffixe}")
    ]


def contrat_dit(dits: Sequence[ContratDit], *, rang: int, debut_source: date | None) -> ContratDit | None:
    """The source's own version of a contract we hold; None when it no longer sends it, or never did."""
    if debut_source is None:
        return None
    if rang < len(dits) and dits[rang].debut == debut_source:
        return dits[rang]
    return next((dit for dit in dits if dit.debut == debut_source), None)


def dite_contrat(
    champ: str, dit: ContratDit | None, ancienne: CorrectionConnue | None, effective: Any
) -> str | None:
    """What the source says of a contract; without it, what the last correction heard; else what is shown.

    What no source says is None.
    """
    if champ in NOTRES:
        return None
    return _dite(None if dit is None else (getattr(dit, champ),), ancienne, effective)


def dite_effectif(
    champ: str, valeurs: Mapping[str, Any] | None, ancienne: CorrectionConnue | None, effective: Any
) -> str | None:
    """What the source says of a field of the record, with the same fallbacks."""
    return _dite(None if valeurs is None else (de_la_source(valeurs)[champ],), ancienne, effective)


def _dite(source: tuple[Any] | None, ancienne: CorrectionConnue | None, effective: Any) -> str | None:
    if source is not None:
        return en_texte(source[0])
    if ancienne is not None:
        return ancienne.valeur_conflit if ancienne.etat == "CONFLIT" else ancienne.valeur_source
    return en_texte(effective)


def mises_de_cote(valeurs: Mapping[str, Any] | None) -> dict[str, str]:
    """Values received and not used (decision 13), by column of `effectif`, else by the field of the source."""
    recues = (valeurs or {}).get(MIS_DE_COTE) or {}
    return {_COLONNES.get(champ, champ): str(recu) for champ, recu in recues.items()}
