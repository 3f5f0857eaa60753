"""The columns that a list of effectifs may show, and to whom (decision 21). Pure."""

from collections.abc import Collection, Iterable
from enum import Enum
from typing import Final, NamedTuple


class Public(Enum):
    """Who may have a column."""

    TOUS = "whoever reads the list"
    CFA = "those who correct records"
    COORDONNEES = "those whose lists hold contact data, as before: agents of the State"
    PLUSIEURS_SITES = "those who have several establishments"


class Colonne(NamedTuple):
    """One column. `tri`: the sort of its heading."""

    libelle: str
    tri: str | None = None
    num: bool = False
    public: Public = Public.TOUS
    a_l_envers: bool = False
    """Its values go down when its sort goes up: an age and a birth date."""


COLONNES: Final[dict[str, Colonne]] = {
    "nom": Colonne("Nom", "nom"),
    "age": Colonne("Âge", "naissance", num=True, a_l_envers=True),
    "naissance": Colonne("Date de naissance", "naissance"),
    "statut": Colonne("Statut", "statut"),
    "formation": Colonne("Formation", "formation"),
    "niveau": Colonne("Niveau", "niveau"),
    "annee": Colonne("Année scolaire", "annee"),
    "entree": Colonne("Entrée", "entree"),
    "fin": Colonne("Fin prévue", "fin"),
    "site": Colonne("Établissement", "site", public=Public.PLUSIEURS_SITES),
    "transmis": Colonne("Dernier envoi", "transmis", public=Public.CFA),
    "source": Colonne("Source", public=Public.CFA),
    "id_erp": Colonne("Numéro dans l’ERP", public=Public.CFA),
    "ine": Colonne("INE", public=Public.CFA),
    "telephone": Colonne("Téléphone", public=Public.COORDONNEES),
    "courriel": Colonne("Courriel", public=Public.COORDONNEES),
}
"""By code, in the order in which they are shown."""

TOUJOURS: Final = "nom"
_SANS_COORDONNEES: Final = ("nom", "age", "statut", "formation", "entree", "site")
_AVEC_COORDONNEES: Final = ("nom", "age", "statut", "formation", "site", "telephone", "courriel")


def permises(publics: Collection[Public]) -> list[str]:
    """The columns that this reader may choose, in their order."""
    return [code for code, colonne in COLONNES.items() if colonne.public in {Public.TOUS, *publics}]


def par_defaut(publics: Collection[Public]) -> list[str]:
    """What a reader who chose nothing sees."""
    voulues = _AVEC_COORDONNEES if Public.COORDONNEES in publics else _SANS_COORDONNEES
    return [code for code in permises(publics) if code in voulues]


def retenues(choisies: Iterable[str], publics: Collection[Public]) -> list[str]:
    """What is shown of a choice made earlier, perhaps under another right; the name always is."""
    voulues = set(choisies)
    return [code for code in permises(publics) if code in voulues or code == TOUJOURS]
