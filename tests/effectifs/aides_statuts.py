"""Parcours in one line of text, for the tests of statuses.

Notation, that of the domain: S is the session, C a contract, both first and last day ("C 2024-10-01.." has no written
term), R the rupture of the contract before it, X the exclusion. A parcours is a line of statuses with their first day.
"""

import re
from datetime import date

from tdba.effectifs.statuts import (
    ContratDates,
    Etape,
    Parcours,
    parcours,
)

ANNEE = "S 2024-09-01..2025-08-31"
COURTE = "S 2024-01-01..2024-12-15"


def j(texte: str) -> date:
    return date.fromisoformat(texte)


def contrat(texte: str) -> ContratDates:
    debut, _, fin = texte.partition("..")
    return ContratDates(j(debut), j(fin) if fin else None)


def suivre(donnees: str) -> Parcours:
    entree = fin = exclusion = None
    contrats: list[ContratDates] = []
    for signe, valeur in re.findall(r"([SCRX]) (\S+)", donnees):
        if signe == "S":
            entree, fin = map(j, valeur.split(".."))
        elif signe == "C":
            contrats.append(contrat(valeur))
        elif signe == "R":
            contrats[-1] = contrats[-1]._replace(rupture=j(valeur))
        else:
            exclusion = j(valeur)
    return parcours(entree=entree, fin=fin, contrats=contrats, exclusion=exclusion)


def ecrire(resultat: Parcours) -> str:
    return ", ".join(f"{etape.statut.name.split('_')[0]} {etape.du}" for etape in resultat.etapes)


def expliquer(etape: Etape) -> tuple[str, str | None, str, str]:
    dates = " ".join(str(jour) for jour in etape.raison.dates)
    return etape.statut.name, etape.motif.name if etape.motif else None, etape.raison.code.name, dates
