"""Why a record is taken away or moved, and what may be written with it. Pure.

The reasons of a withdrawal are those of domain.md §2.1 (`motif_suppression`).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tdba.textes import refus_de_texte_libre

COMMENTAIRE_MAX: Final = 150

RETRAITS: Final[Mapping[str, str]] = {
    "MAUVAISE_MANIP": "Elle a été créée par une mauvaise manipulation",
    "RETOUR_SCOLAIRE": "Le jeune est revenu en formation scolaire",
    "CHANGEMENT_CFA": "Le jeune est parti dans un autre CFA",
    "REFUS_CANDIDATURE": "Sa candidature a été refusée",
    "DOUBLON": "C’est un doublon d’une autre fiche",
    "AUTRE": "Autre raison, que je précise",
}
A_PRECISER: Final = frozenset({"MAUVAISE_MANIP", "AUTRE"})
"""Reasons that ask for a few words (domain.md §2.1)."""

TRANSFERTS: Final[Mapping[str, str]] = {
    "CHANGEMENT_DE_SITE": "Le jeune a changé d’établissement",
    "ERREUR_DE_SITE": "La fiche a été rattachée au mauvais établissement",
    "AUTRE": "Autre raison, que je précise",
}
MOTIF_FUSION: Final = "FUSION"
"""Said by the merge itself, that no form offers: a record taken away as a duplicate by a person is restored like any."""
TOUS_LES_RETRAITS: Final[Mapping[str, str]] = {
    **RETRAITS,
    MOTIF_FUSION: "Elle a été fusionnée avec une autre fiche",
}


class Refus(NamedTuple):
    champ: str
    phrase: str


def refus_de(motif: str, commentaire: str | None, motifs: Mapping[str, str]) -> Refus | None:
    """What is wrong with this reason, if anything.

    >>> refus_de("DOUBLON", None, RETRAITS) is None
    True
    >>> refus_de("AUTRE", "", RETRAITS).champ
    'commentaire'
    """
    texte = commentaire or ""
    if motif not in motifs:
        return Refus("motif", "Choisissez une raison dans la liste.")
    if motif in A_PRECISER and not texte:
        return Refus("commentaire", "Précisez la raison en quelques mots.")
    refus = refus_de_texte_libre(texte, COMMENTAIRE_MAX)
    return None if refus is None else Refus("commentaire", refus)
