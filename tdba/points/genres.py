"""What may be left to settle, in words: consequence, sentence, gesture, who acts (decision 5). Pure.

The words of every genre are here, so that they are read together; the slice that owns the cause says at boot where it is
settled and how it is found (`inscrire`). A genre that nobody owns does not boot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from tdba.formats import INSECABLE, date_longue, nombre, pluriel, quantite, siret

Details = Mapping[str, Any]

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

CHAMPS: Final[Mapping[str, str]] = {
    "nom": "le nom",
    "prenom": "le prénom",
    "sexe": "le sexe",
    "date_naissance": "la date de naissance",
    "ine": "l’INE",
    "courriel": "l’adresse électronique",
    "telephone": "le téléphone",
    "adresse": "l’adresse",
    "code_postal": "le code postal",
    "rncp": "le code RNCP",
    "cfd": "le code formation diplôme",
    "date_inscription": "la date d’inscription",
    "date_entree": "la date d’entrée en formation",
    "date_fin": "la date de fin de formation",
    "date_exclusion": "la date de sortie",
    "debut": "le début du contrat",
    "fin": "la fin du contrat",
    "rupture": "la date de rupture du contrat",
    "cause_rupture": "la cause de rupture du contrat",
}


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


def _date(details: Details, nom: str) -> str:
    return date_longue(date.fromisoformat(details[nom]))


def _non_comptees(n: int) -> str:
    return f"{quantite(n, 'fiche')} {pluriel(n, 'n’est pas comptée', 'ne sont pas comptées')}"


def _lignes_refusees(details: Details) -> str:
    champ = f" ({details['champ']})" if details["champ"] else ""
    return f"{_non_comptees(details['n'])}{INSECABLE}: {details['message']}{champ}."


def _couple_inconnu(details: Details) -> str:
    couple = f"UAI {details['uai']}, SIRET {siret(details['siret'])}"
    return f"{_non_comptees(details['n'])}{INSECABLE}: nous ne connaissons pas l’établissement {couple}."


def _conflit(details: Details) -> str:
    champ = CHAMPS.get(details["champ"], f"le champ «{INSECABLE}{details['champ']}{INSECABLE}»")
    return f"Vous avez corrigé {champ}{INSECABLE}; l’ERP dit maintenant autre chose. Votre correction est gardée."


def _retenue(details: Details) -> str:
    return (
        f"L’ERP a encore transmis, le {_date(details, 'le')}, une fiche que vous avez mise à la corbeille. "
        "Elle n’est pas comptée."
    )


def _plus_transmis(details: Details) -> str:
    return (
        f"L’ERP ne transmet plus cette fiche depuis le {_date(details, 'depuis')}. Elle est encore comptée."
    )


def _silence(details: Details) -> str:
    jours = int(details["jours"])
    rythme = "chaque jour" if jours == 1 else f"tous les {quantite(jours, 'jour')}"
    return f"Rien n’a été reçu depuis le {_date(details, 'depuis')}, alors que d’habitude une transmission arrive {rythme}."


def _import_a_confirmer(details: Details) -> str:
    n = details["n"]
    return f"Un fichier attend votre confirmation{INSECABLE}: {quantite(n, 'ligne')} {pluriel(n, 'est lue', 'sont lues')}, rien n’est encore écrit."


def _a_reporter(details: Details) -> str:
    n = details["n"]
    return (
        f"{quantite(n, 'correction faite', 'corrections faites')} ici {pluriel(n, 'n’est', 'ne sont')} pas encore dans votre ERP, "
        "que lisent votre OPCO et l’enquête SIFA."
    )


GENRES: Final[Mapping[str, Genre]] = {
    genre.code: genre
    for genre in (
        Genre(
            "LIGNES_REFUSEES",
            "Fiches refusées",
            NON_COMPTE,
            _lignes_refusees,
            "Voir les fiches refusées",
            ERP,
            fiches=True,
        ),
        Genre(
            "COUPLE_INCONNU",
            "Établissements inconnus",
            NON_COMPTE,
            _couple_inconnu,
            "Dire quel établissement",
            VOUS,
            fiches=True,
        ),
        Genre("CONFLIT", "Corrections contredites", NON_COMPTE, _conflit, "Choisir la valeur", VOUS),
        Genre(
            "RETENUE",
            "Fiches retenues",
            NON_COMPTE,
            _retenue,
            "Voir la transmission",
            ERP,
            fiches=True,
        ),
        Genre("PLUS_TRANSMIS", "Fiches plus transmises", NON_COMPTE, _plus_transmis, "Ouvrir la fiche", VOUS),
        Genre("SILENCE", "Plus rien de reçu", NON_COMPTE, _silence, "Voir les transmissions", ERP),
        Genre(
            "A_REPORTER",
            "Corrections à reporter dans l’ERP",
            SIFA,
            _a_reporter,
            "Voir ce qui est à reporter",
            ERP,
        ),
        Genre(
            "IMPORT_A_CONFIRMER",
            "Fichiers à confirmer",
            NON_COMPTE,
            _import_a_confirmer,
            "Voir le fichier",
            VOUS,
        ),
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
    """From the codes of a point to the words that its sentence takes."""


_PROPRIETAIRES: Final[dict[str, Proprietaire]] = {}


class GenreSansLien(Exception):
    """A genre that nobody can settle: the application refuses to start."""


def inscrire(
    code: str,
    lien: Callable[[Lie], str],
    *,
    ouverts: str | None = None,
    traduire: Callable[[Details], Details] = dict,
) -> None:
    """Say, at boot, where the points of a genre are settled and what finds them. Raises KeyError for an unknown genre."""
    _PROPRIETAIRES[GENRES[code].code] = Proprietaire(lien, ouverts, traduire)


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


def ouverts(code: str) -> str | None:
    """The SELECT that finds what is open, for a genre that has one."""
    return _PROPRIETAIRES[code].ouverts


def recherches() -> list[str]:
    """The genres whose points are found by a SELECT."""
    return [code for code in GENRES if code in _PROPRIETAIRES and ouverts(code) is not None]


def resume(total: int, fiches: int) -> str:
    """The answer of the page, and of the home page: how many points, and what they hide from the figures."""
    if total == 0:
        return "Rien n’est à régler."
    debut = f"{quantite(total, 'point')} à régler{INSECABLE}: "
    return debut + (f"{_non_comptees(fiches)}." if fiches else "aucune fiche n’est écartée des chiffres.")


def resume_court(total: int, fiches: int) -> str:
    """The same on the home page, where the link says the rest: « À régler (12) : 2 fiches ne sont pas comptées »."""
    fin = f"{INSECABLE}: {_non_comptees(fiches)}" if fiches else ""
    return f"À régler ({nombre(total)}){fin}"
