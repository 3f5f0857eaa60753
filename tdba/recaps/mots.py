"""The words of a digest: counts and addresses, no name (issue 6, part 6; decision 35). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import quote

from tdba.formats import INSECABLE, date_longue, nombre, pluriel, quantite

A_APPELER: Final = "A_APPELER"
ECHEANCES: Final = "ECHEANCES"
ETAPES: Final = "ETAPES"
SANS_REFERENT: Final = "SANS_REFERENT"
NOUVEAUX: Final = "NOUVEAUX"
PRESENCE: Final = "PRESENCE"
REPONSES: Final = "REPONSES"
VIGILANCE: Final = "VIGILANCE"
NON_COMPTES: Final = "NON_COMPTES"
EN_DELAI: Final = "EN_DELAI"

ORDRE: Final = (
    A_APPELER,
    ECHEANCES,
    ETAPES,
    REPONSES,
    PRESENCE,
    NOUVEAUX,
    SANS_REFERENT,
    VIGILANCE,
    NON_COMPTES,
    EN_DELAI,
)
"""Lines of the mail, in their order."""
ADRESSES: Final[Mapping[str, str]] = {
    A_APPELER: "appels",
    ECHEANCES: "delais",
    ETAPES: "etapes",
    REPONSES: "reponses",
    PRESENCE: "presence",
    NOUVEAUX: "nouveaux",
    SANS_REFERENT: "referents",
}
"""Line about files → how the address of its list names it."""
TITRES: Final[Mapping[str, str]] = {
    A_APPELER: "À appeler cette semaine",
    ECHEANCES: "Délais proches",
    ETAPES: "Mes étapes du jour ou en retard",
    REPONSES: "Réponses de missions locales",
    PRESENCE: f"Toujours au CFA{INSECABLE}?",
    NOUVEAUX: "Nouveaux dossiers",
    SANS_REFERENT: "Dossiers sans référent",
}
DATEES: Final = frozenset({NOUVEAUX, REPONSES})
"""Lines that say « depuis le… »."""


class Ligne(NamedTuple):
    """A count, and the path of the list that shows its people: the address is the state of that list."""

    code: str
    n: int
    chemin: str


@dataclass(frozen=True, slots=True)
class Section:
    """What one organisation that the person acts for has to say. `habilitation_id`: how they act for it."""

    organisation: str
    habilitation_id: int
    lignes: Sequence[Ligne]


class Bornes(NamedTuple):
    """The days that the sentences name."""

    depuis: date
    horizon: date


def phrase(code: str, n: int, bornes: Bornes) -> str:
    """« 12 jeunes à appeler cette semaine »."""
    jeunes, depuis = quantite(n, "jeune"), f"depuis le {date_longue(bornes.depuis)}"
    phrases: Mapping[str, str] = {
        A_APPELER: f"{jeunes} à appeler cette semaine",
        ECHEANCES: f"{jeunes} dont le délai légal se termine avant le {date_longue(bornes.horizon)}",
        ETAPES: f"{quantite(n, 'étape')} {pluriel(n, 'prévue', 'prévues')} aujourd’hui ou en retard, dans vos dossiers",
        REPONSES: f"{jeunes} pour qui une mission locale a répondu {depuis}",
        PRESENCE: f"{jeunes} dont le délai est dépassé, sans réponse à «{INSECABLE}Toujours au CFA{INSECABLE}?{INSECABLE}»",
        NOUVEAUX: f"{quantite(n, 'nouveau dossier', 'nouveaux dossiers')} {depuis}",
        SANS_REFERENT: f"{quantite(n, 'dossier')} sans référent",
        VIGILANCE: f"{jeunes} à surveiller avant une rupture",
        NON_COMPTES: f"{quantite(n, 'point')} à régler, sans quoi vos chiffres sont faux",
        EN_DELAI: f"{quantite(n, 'point')} à régler avant un délai légal",
    }
    return phrases[code]


def chemin_pour(habilitation_id: int, chemin: str) -> str:
    """The path by which a link offers to act for its organisation first.

    >>> chemin_pour(7, "/a-regler?consequence=DELAI")
    '/recapitulatif/organisation/7?suite=/a-regler%3Fconsequence%3DDELAI'
    """
    return f"/recapitulatif/organisation/{habilitation_id}?suite={quote(chemin)}"


def sujet(sections: Sequence[Section]) -> str:
    """What the mail is about, in counts: whom to call when somebody is, else how many things wait."""
    lignes = [ligne for section in sections for ligne in section.lignes]
    a_appeler = sum(ligne.n for ligne in lignes if ligne.code == A_APPELER)
    if a_appeler:
        return f"{quantite(a_appeler, 'jeune')} à appeler cette semaine"
    return f"{nombre(len(lignes))} {pluriel(len(lignes), 'sujet vous attend', 'sujets vous attendent')}"
