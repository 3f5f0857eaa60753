"""What may be left to settle, in words: consequence, sentence, gesture, who acts (decision 5). Pure.

The words of every genre are here and in `mots`, so that they are read together; the slice that owns the cause says at boot where it is
settled and how it is found (`inscrire`). A genre that nobody owns does not boot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from tdba.points import mots
from tdba.points.mots import Details

NON_COMPTE: Final = 1
DELAI: Final = 2
SIFA: Final = 3
CONFORT: Final = 4

CONSEQUENCES: Final[Mapping[int, str]] = {
    NON_COMPTE: "Les chiffres sont faux",
    DELAI: "Un délai légal court",
    SIFA: "L’enquête SIFA",
    CONFORT: "Confort",
}
"""The order of the list: what it costs to leave a point as it is (decision 5)."""

VOUS: Final = "Vous"
ERP: Final = "Vous, dans votre ERP"


class Lie(NamedTuple):
    """What the address of the page that settles a point is made from."""

    organisme_id: int
    effectif_id: int | None
    cle: str
    details: Details


@dataclass(frozen=True, slots=True)
class Genre:
    """One kind of point. `fiches`: how many records are not counted because of one; None: it hides none."""

    code: str
    libelle: str
    consequence: int
    phrase: Callable[[Details], str]
    geste: str
    acteur: str
    fiches: bool = False


GENRES: Final[Mapping[str, Genre]] = {
    genre.code: genre
    for genre in (
        Genre(
            "LIGNES_REFUSEES",
            "Fiches refusées",
            NON_COMPTE,
            mots.lignes_refusees,
            "Voir les fiches refusées",
            ERP,
            fiches=True,
        ),
        Genre(
            "COUPLE_INCONNU",
            "Établissements inconnus",
            NON_COMPTE,
            mots.couple_inconnu,
            "Dire quel établissement",
            VOUS,
            fiches=True,
        ),
        Genre("CONFLIT", "Corrections contredites", NON_COMPTE, mots.conflit, "Choisir la valeur", VOUS),
        Genre(
            "RETENUE",
            "Fiches retenues",
            NON_COMPTE,
            mots.retenue,
            "Voir la fiche retenue",
            ERP,
            fiches=True,
        ),
        Genre(
            "PLUS_TRANSMIS", "Fiches plus transmises", NON_COMPTE, mots.plus_transmis, "Ouvrir la fiche", VOUS
        ),
        Genre(
            "CONTRAT_PLUS_TRANSMIS",
            "Contrats plus transmis",
            NON_COMPTE,
            mots.contrat_plus_transmis,
            "Garder ou retirer ce contrat",
            VOUS,
        ),
        Genre(
            "TRANSFEREE", "Transferts à reporter dans l’ERP", SIFA, mots.transferee, "Voir le transfert", ERP
        ),
        Genre("DOUBLON", "Fiches qui se ressemblent", NON_COMPTE, mots.doublon, "Comparer les fiches", VOUS),
        Genre("SILENCE", "Plus rien de reçu", NON_COMPTE, mots.silence, "Voir les transmissions", ERP),
        Genre(
            "A_REPORTER",
            "Corrections à reporter dans l’ERP",
            SIFA,
            mots.a_reporter,
            "Voir ce qui est à reporter",
            ERP,
        ),
        Genre(
            "IMPORT_A_CONFIRMER",
            "Fichiers à confirmer",
            NON_COMPTE,
            mots.import_a_confirmer,
            "Voir le fichier",
            VOUS,
        ),
        Genre("SIFA", "Enquête SIFA", SIFA, mots.sifa, "Compléter les fiches", VOUS),
        Genre("ANOMALIE", "Fiches à vérifier", CONFORT, mots.anomalie, "Corriger", VOUS),
    )
}
"""Code → genre, in the order of the filter."""

FICHES: Final = tuple(code for code, genre in GENRES.items() if genre.fiches)
"""Genres whose points hide records from the figures; their details may hold how many (`n`, else one)."""


class Proprietaire(NamedTuple):
    """What the slice that owns the cause says of a genre."""

    lien: Callable[[Lie], str]
    """Address of the page that settles a point."""
    ouverts: str | None
    """SELECT of all that is open (see `sql`); None: the owner opens and closes each point itself."""
    traduire: Callable[[Details], Details]
    """From the codes of a point to the words that its sentence takes; its own `geste` and `acteur`, if it has some."""
    sortes: Mapping[str, str]
    """Code → words of what the genre is made of, when its points hold such a `code`."""


_PROPRIETAIRES: Final[dict[str, Proprietaire]] = {}


class GenreSansLien(Exception):
    """A genre that nobody can settle: the application refuses to start."""


def inscrire(
    code: str,
    lien: Callable[[Lie], str],
    *,
    ouverts: str | None = None,
    traduire: Callable[[Details], Details] = dict,
    sortes: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Say, at boot, where the points of a genre are settled and what finds them. Raises KeyError for an unknown genre."""
    _PROPRIETAIRES[GENRES[code].code] = Proprietaire(lien, ouverts, traduire, sortes)


def verifier() -> None:
    """Refuse to boot when a genre has no page that settles it."""
    orphelins = sorted(GENRES.keys() - _PROPRIETAIRES.keys())
    if orphelins:
        raise GenreSansLien(", ".join(orphelins))


def lien(code: str, lie: Lie) -> str:
    """Address of the page that settles this point."""
    return _PROPRIETAIRES[code].lien(lie)


def phrase(code: str, details: Details) -> str:
    """What is wrong, in a sentence, in the words of the slice that owns the cause."""
    return GENRES[code].phrase(_PROPRIETAIRES[code].traduire(details))


def geste(code: str, details: Details) -> str:
    """What settles this point, in a few words."""
    return str(_PROPRIETAIRES[code].traduire(details).get("geste", GENRES[code].geste))


def acteur(code: str, details: Details) -> str:
    """Who acts on this point."""
    return str(_PROPRIETAIRES[code].traduire(details).get("acteur", GENRES[code].acteur))


def sortes(code: str) -> Mapping[str, str]:
    """What a genre is made of: code → words, none for most."""
    return _PROPRIETAIRES[code].sortes


def ouverts(code: str) -> str | None:
    """The SELECT that finds what is open, for a genre that has one."""
    return _PROPRIETAIRES[code].ouverts


def recherches() -> list[str]:
    """The genres whose points are found by a SELECT."""
    return [code for code in GENRES if code in _PROPRIETAIRES and ouverts(code) is not None]
