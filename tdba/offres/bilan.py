"""Search steps of a youth, counted: what was sent, what was tried, what came back (product.md §4, "Je candidate"). Pure."""

from collections.abc import Iterable
from typing import Final, NamedTuple

POSITIVE: Final = "POSITIVE"
NEGATIVE: Final = "NEGATIVE"
SANS_REPONSE: Final = "SANS_REPONSE"
RENDEZ_VOUS: Final = "RENDEZ_VOUS"


class Bilan(NamedTuple):
    """Counts of search steps. An answer that says nothing of itself is in `reponses` alone."""

    offres: int = 0
    candidatures: int = 0
    reponses: int = 0
    favorables: int = 0
    defavorables: int = 0
    liens_donnes: int = 0
    """Appointment links given to the youth."""
    rendez_vous: int = 0
    rendez_vous_refuses: int = 0
    rendez_vous_sans_reponse: int = 0

    @property
    def liens_sans_suite(self) -> int:
        """Links whose answer is not known yet."""
        suites = self.rendez_vous + self.rendez_vous_refuses + self.rendez_vous_sans_reponse
        return max(0, self.liens_donnes - suites)

    @property
    def vide(self) -> bool:
        return not any(self)


_CASES: Final = {
    ("REPONSE", POSITIVE): "favorables",
    ("REPONSE", RENDEZ_VOUS): "favorables",
    ("REPONSE", NEGATIVE): "defavorables",
    ("RDV_FORMATION", None): "liens_donnes",
    ("RDV_FORMATION", RENDEZ_VOUS): "rendez_vous",
    ("RDV_FORMATION", POSITIVE): "rendez_vous",
    ("RDV_FORMATION", NEGATIVE): "rendez_vous_refuses",
    ("RDV_FORMATION", SANS_REPONSE): "rendez_vous_sans_reponse",
}
_TOTAUX: Final = {"OFFRES_ENVOYEES": "offres", "CANDIDATURE": "candidatures", "REPONSE": "reponses"}


def bilan_de(lignes: Iterable[tuple[str, str | None, int]]) -> Bilan:
    """From (kind of step, result, count); other kinds count for nothing here."""
    comptes = dict.fromkeys(Bilan._fields, 0)
    for nature, resultat, nombre in lignes:
        for case in (_TOTAUX.get(nature), _CASES.get((nature, resultat))):
            if case is not None:
                comptes[case] += int(nombre)
    return Bilan(**comptes)
