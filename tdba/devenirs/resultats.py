"""The results of a CFA: counts, shares, what is compared, and the sentence that answers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tdba.devenirs import mots
from tdba.devenirs.etats import JALONS
from tdba.formats import INSECABLE, annee_scolaire, nombre, pluriel, pourcentage

LIGNES_MAX: Final = 20
"""Rows of one breakdown: those that count most."""


class Part(NamedTuple):
    """`n` out of `sur`."""

    n: int = 0
    sur: int = 0

    @property
    def taux(self) -> float | None:
        return self.n / self.sur if self.sur else None


AUCUNE: Final = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesures:
    """What is measured on some files, as known on a day."""

    total: int = 0
    rapides: Part = AUCUNE
    """A step within fifteen days, among the files that old."""
    suivis: Part = AUCUNE
    """At least one step."""
    delai: float | None = None
    """Median of days from the opening to the first step, of those who had one."""
    contrats: dict[int, Part] = field(default_factory=lambda: dict.fromkeys(JALONS, AUCUNE))
    """With a contract at each milestone, among the files that reached it."""


class Ligne(NamedTuple):
    """One row of a breakdown. `cle` None: not known."""

    cle: str | None
    libelle: str
    mesures: Mesures
    avant: Mesures


RIEN: Final = Mesures()


def principales(lignes: Sequence[Ligne]) -> list[Ligne]:
    """The rows that count most, then by their words."""
    return sorted(lignes, key=lambda ligne: (-ligne.mesures.total, ligne.libelle))[:LIGNES_MAX]


def variation(maintenant: float | None, avant: float | None) -> float | None:
    """Change relative to the former value; none without a former value (decision 32)."""
    return (maintenant - avant) / avant if maintenant is not None and avant else None


def phrase(genre: str, annee: int, m: Mesures, jalon: int = 90) -> str:
    """« Sur 42 ruptures de 2025-2026, 31 jeunes ont eu une démarche dans les 15 jours ; 18 ont un contrat à 90 jours. »"""
    scolaire = annee_scolaire(annee)
    if not m.total:
        sujet = mots.nom(genre, 1)
        aucun = "Aucun" if sujet.startswith("contrat") else "Aucune"
        return f"{aucun} {sujet} en {scolaire}."
    debut = f"Sur {nombre(m.total)} {mots.nom(genre, m.total)} de {scolaire}"
    jeunes = f"{nombre(m.rapides.n)} {pluriel(m.rapides.n, 'jeune')}"
    demarche = f"{jeunes} {'ont' if m.rapides.n > 1 else 'a'} eu une démarche dans les 15{INSECABLE}jours"
    return f"{debut}, {demarche}{INSECABLE}; {_contrats(m, jalon)}."


def _contrats(m: Mesures, jalon: int) -> str:
    part = m.contrats[jalon]
    if not part.sur:
        return f"aucun n’a encore passé {mots.jalon(jalon)}"
    verbe = "ont" if part.n > 1 else "a"
    retrouve = f"{verbe} retrouvé un contrat à {mots.jalon(jalon)}"
    if part.sur == m.total:
        return f"{nombre(part.n)} {retrouve}"
    ceux = "le seul" if part.sur == 1 else f"les {nombre(part.sur)}"
    return f"sur {ceux} dont ce délai est passé, {nombre(part.n)} {retrouve}"


def comparaison(maintenant: Part, avant: Part, le: str) -> str:
    """What a share was on the same day a year before; no percentage of change without a former value (decision 32)."""
    if not avant.sur:
        return f"Pas de comparaison{INSECABLE}: rien au {le}."
    ecart = variation(maintenant.taux, avant.taux)
    suite = f" ({pourcentage(ecart, signe=True)})" if ecart is not None else ""
    return f"{pourcentage(avant.taux)} au {le}, soit {nombre(avant.n)} sur {nombre(avant.sur)}{suite}."


def delai_en_mots(delai: float | None) -> str:
    if delai is None:
        return "non calculé"
    return f"{nombre(delai, 0 if delai == int(delai) else 1)}{INSECABLE}{pluriel(delai, 'jour')}"
