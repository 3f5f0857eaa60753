"""From what sources said and people corrected to the effective values of a record (decision 17). Pure.

A record speaks with one voice: its best source (ERP, else file, else DECA), with the corrections on top. Fields are
not mixed between sources, so that what an ERP has cleared does not come back from an older file (decision 14).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from tdba.textes import sans_accents

PRIORITE: Final = ("ERP", "FICHIER", "DECA")
"""Sources, the most trusted first."""

CHAMPS: Final[Mapping[str, str]] = {
    "nom": "nom_apprenant",
    "prenom": "prenom_apprenant",
    "sexe": "sexe_apprenant",
    "date_naissance": "date_de_naissance_apprenant",
    "ine": "ine_apprenant",
    "courriel": "email_contact",
    "telephone": "tel_apprenant",
    "courriel_responsable_1": "responsable_apprenant_mail1",
    "courriel_responsable_2": "responsable_apprenant_mail2",
    "adresse": "adresse_apprenant",
    "code_postal": "code_postal_apprenant",
    "code_insee": "code_commune_insee_apprenant",
    "rncp": "formation_rncp",
    "cfd": "formation_cfd",
    "annee_formation": "annee_formation",
    "date_inscription": "date_inscription_formation",
    "date_entree": "date_entree_formation",
    "date_fin": "date_fin_formation",
    "cause_exclusion": "cause_exclusion_formation",
}
"""Column of `effectif` → field of the API, where the value passes as it is."""

DATES: Final = frozenset({"date_naissance", "date_inscription", "date_entree", "date_fin", "date_exclusion"})
DATES_CONTRAT: Final = frozenset({"debut", "fin", "rupture"})
NOTRES: Final = frozenset({"cause_legale", "mediateur_le", "employeur_informe_le", "contestation"})
"""Columns of a contract that no source says: people alone do."""
_DATES_NOTRES: Final = frozenset({"mediateur_le", "employeur_informe_le"})
_EN_DATE: Final = DATES | DATES_CONTRAT | _DATES_NOTRES
_EN_ENTIER: Final = frozenset({"annee_formation", "duree_mois"})


class EtatCorrection(Enum):
    """What becomes of a correction when the source speaks again (decision 17)."""

    ACTIVE = "ACTIVE"
    CONFLIT = "CONFLIT"
    REJOINTE = "REJOINTE"


@dataclass(frozen=True, slots=True)
class CorrectionVue:
    """A correction in force: `valeur` replaces what the source says; `valeur_source` is what it said then."""

    id: int
    champ: str
    valeur: str | None
    valeur_source: str | None
    contrat_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arbitrage:
    """Outcome for one correction; `valeur_conflit` is the third value, when there is one."""

    correction_id: int
    etat: EtatCorrection
    valeur_conflit: str | None = None


def en_texte(valeur: Any) -> str | None:
    """Write a value as corrections keep it: ISO dates, plain text; "" is None."""
    if valeur is None or valeur == "":
        return None
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)


def depuis_texte(champ: str, texte: str | None) -> Any:
    """Read back a value kept by a correction. Raises ValueError when a date or a number is malformed."""
    if texte is None:
        return None
    if champ in _EN_DATE:
        return date.fromisoformat(texte)
    return int(texte) if champ in _EN_ENTIER else texte


def meilleure(sources: Mapping[str, Any]) -> Any:
    """Return what the most trusted source present said, or None."""
    return next((sources[nom] for nom in PRIORITE if nom in sources), None)


def de_la_source(ligne: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a validated line into columns of `effectif`, clearing included (domain.md §4.4 step 5).

    The exclusion is the date sent for it, else the date of a declared status 0. Years of theoretical duration become
    months when months are not sent.
    """
    valeurs = {colonne: ligne.get(champ) for colonne, champ in CHAMPS.items()}
    exclusion = ligne.get("date_exclusion_formation")
    if exclusion is None and ligne.get("statut_apprenant") == 0:
        exclusion = ligne.get("date_metier_mise_a_jour_statut")
    mois = ligne.get("duree_theorique_formation_mois")
    annees = ligne.get("duree_theorique_formation")
    valeurs["date_exclusion"] = exclusion
    valeurs["duree_mois"] = mois if mois is not None else (annees * 12 if annees is not None else None)
    valeurs["formation"] = ligne.get("libelle_court_formation")
    return valeurs


def historique(ancien: Sequence[Sequence[Any]], ligne: Mapping[str, Any]) -> list[list[Any]]:
    """Add the status that the line declares; entries dated after it are cut (domain.md §4.6).

    It is the one value that accumulates over sends. A status 0 is never historised, as in the existing service.
    """
    statut, le = ligne.get("statut_apprenant"), ligne.get("date_metier_mise_a_jour_statut")
    if not statut or le is None:
        return [list(paire) for paire in ancien]
    jour = le.isoformat()
    gardes = {(int(s), str(d)) for s, d in ancien if str(d) <= jour} | {(int(statut), jour)}
    return [[s, d] for s, d in sorted(gardes, key=lambda paire: (paire[1], paire[0]))]


def arbitrer(correction: CorrectionVue, valeur_source: Any) -> Arbitrage:
    """Say what becomes of a correction now that the source says `valeur_source` (decision 17)."""
    dite = en_texte(valeur_source)
    if dite == correction.valeur:
        return Arbitrage(correction.id, EtatCorrection.REJOINTE)
    if dite == correction.valeur_source:
        return Arbitrage(correction.id, EtatCorrection.ACTIVE)
    return Arbitrage(correction.id, EtatCorrection.CONFLIT, dite)


def effectives(
    source: Mapping[str, Any], corrections: Sequence[CorrectionVue]
) -> tuple[dict[str, Any], list[Arbitrage]]:
    """Lay the corrections over the source's values. Returns the effective values and each correction's outcome."""
    valeurs = dict(source)
    arbitrages = [arbitrer(correction, source.get(correction.champ)) for correction in corrections]
    for correction in corrections:
        valeurs[correction.champ] = depuis_texte(correction.champ, correction.valeur)
    return valeurs, arbitrages


def recherche(nom: str, prenom: str) -> str:
    """Sort key and search text of a person: capitals, no accents, hyphens nor apostrophes."""
    return sans_accents(f"{nom} {prenom}")
