"""Why support opens a record: the closed list of reasons that the journal keeps (decisions 24 and 34). Pure."""

from collections.abc import Mapping
from typing import Final

MOTIFS: Final[Mapping[str, str]] = {
    "QUESTION": "Répondre à une question sur cette fiche",
    "STATUT": "Expliquer un statut ou un écart de chiffres",
    "CORRECTION": "Corriger une donnée",
    "DOUBLON": "Vérifier un doublon ou un rattachement",
    "PERSONNE": "Répondre à une demande de la personne elle-même",
}
