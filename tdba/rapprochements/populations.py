"""Who is counted: the words of the question, and the statuses they cover (domain.md §6.1, decision 29). Pure."""

from collections.abc import Mapping
from typing import Final

from tdba.depots.noms_usuels import normaliser
from tdba.effectifs.statuts import Statut

APPRENTIS: Final = "APPRENTIS"
APPRENANTS: Final = "APPRENANTS"

STATUTS: Final[Mapping[str, frozenset[int]]] = {
    APPRENTIS: frozenset({Statut.APPRENTI, Statut.FIN_DE_FORMATION}),
    APPRENANTS: frozenset({Statut.APPRENTI, Statut.FIN_DE_FORMATION, Statut.INSCRIT, Statut.RUPTURANT}),
}

MOTS: Final[Mapping[str, tuple[str, str]]] = {
    APPRENTIS: ("apprenti", "apprentis"),
    APPRENANTS: ("apprenant", "apprenants"),
}

QUESTIONS: Final[Mapping[str, str]] = {
    APPRENTIS: "Combien d’apprentis ? En contrat ce jour-là, formation terminée comprise, comme dans vos chiffres",
    APPRENANTS: "Combien d’apprenants présents ? Apprentis, inscrits sans contrat et jeunes en rupture",
}

_DITS: Final[Mapping[str, Statut]] = {
    "0": Statut.ABANDON,
    "2": Statut.INSCRIT,
    "3": Statut.APPRENTI,
    "apprenti": Statut.APPRENTI,
    "apprentie": Statut.APPRENTI,
    "en contrat": Statut.APPRENTI,
    "actif": Statut.APPRENTI,
    "alternant": Statut.APPRENTI,
    "alternante": Statut.APPRENTI,
    "inscrit": Statut.INSCRIT,
    "inscrite": Statut.INSCRIT,
    "sans contrat": Statut.INSCRIT,
    "inscrit sans contrat": Statut.INSCRIT,
    "rupturant": Statut.RUPTURANT,
    "rupturante": Statut.RUPTURANT,
    "rupture": Statut.RUPTURANT,
    "en rupture": Statut.RUPTURANT,
    "abandon": Statut.ABANDON,
    "sorti": Statut.ABANDON,
    "sortie": Statut.ABANDON,
    "parti": Statut.ABANDON,
    "exclu": Statut.ABANDON,
    "fin de formation": Statut.FIN_DE_FORMATION,
    "diplome": Statut.FIN_DE_FORMATION,
}


def statut_dit(texte: object) -> Statut | None:
    """The status that a cell of a list names; None for a word that we do not know, which decides nothing."""
    return None if texte is None else _DITS.get(normaliser(str(texte)))


def compte(statut: int | None, population: str) -> bool:
    """One is counted by the status of the day; without a status, nowhere (domain.md §6.1)."""
    return statut in STATUTS[population]
