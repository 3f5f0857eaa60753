"""Jinja filters: how a value reads in French. Pure: no clock, no request, nothing of ours.

A missing value reads as a word ("non renseigné"), never as a blank or a code: a reader must be able to
tell what is empty from what failed to load.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment

PARIS: Final = ZoneInfo("Europe/Paris")
INSECABLE: Final = "\N{NO-BREAK SPACE}"
FINE: Final = "\N{NARROW NO-BREAK SPACE}"
MOINS: Final = "\N{MINUS SIGN}"
MOIS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
# Numbers of these countries' plans are dialled "0…" by everyone in France.
INDICATIFS_FRANCAIS: Final = ("33", "262", "508", "590", "594", "596")

Nombre = int | float | Decimal


def _a_paris(instant: datetime) -> datetime:
    """An instant without a zone is a bug that would show a wrong day around midnight."""
    if instant.tzinfo is None:
        raise ValueError("an instant must carry its time zone")
    return instant.astimezone(PARIS)


def _jour(valeur: date) -> date:
    """The day as written on a French calendar: an instant is read in Paris."""
    return _a_paris(valeur).date() if isinstance(valeur, datetime) else valeur


def date_longue(valeur: date | None) -> str:
    """`3 mars 2026`, and `1er mars 2026` for the first of the month."""
    if valeur is None:
        return "non renseignée"
    jour = _jour(valeur)
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}{INSECABLE}{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"


def date_courte(valeur: date | None) -> str:
    """`03/03/2026`, for tables."""
    if valeur is None:
        return "non renseignée"
    jour = _jour(valeur)
    return f"{jour.day:02}/{jour.month:02}/{jour.year:04}"


def heure(valeur: datetime | None) -> str:
    """`14 h 02`, Paris time."""
    if valeur is None:
        return "non renseignée"
    local = _a_paris(valeur)
    return f"{local.hour:02}{INSECABLE}h{INSECABLE}{local.minute:02}"


def date_heure(valeur: datetime | None) -> str:
    """`3 mars 2026 à 14 h 02`."""
    return "non renseignée" if valeur is None else f"{date_longue(valeur)} à {heure(valeur)}"


def nombre(valeur: Nombre | None, decimales: int = 0) -> str:
    """`1 284`: thousands apart by a narrow no-break space, decimal comma, halves rounded away from zero.

    Halves are not rounded to even: a reader who checks with a calculator must find the same figure.
    """
    if valeur is None:
        return "non connu"
    arrondi = Decimal(str(valeur)).quantize(Decimal(1).scaleb(-decimales), ROUND_HALF_UP)
    texte = f"{abs(arrondi):,f}".replace(",", FINE).replace(".", ",")
    return f"{MOINS}{texte}" if arrondi < 0 else texte


def pluriel(n: Nombre, singulier: str, au_pluriel: str | None = None) -> str:
    """The word alone, agreed as in French: 0 and 1 are singular, 1,9 too."""
    if -2 < n < 2:
        return singulier
    if au_pluriel is not None:
        return au_pluriel
    return singulier if singulier.endswith(("s", "x", "z")) else f"{singulier}s"


def quantite(n: Nombre, singulier: str, au_pluriel: str | None = None) -> str:
    """`1 284 apprenants`, not to be cut at the end of a line."""
    return f"{nombre(n)}{INSECABLE}{pluriel(n, singulier, au_pluriel)}"


def jours(n: int) -> str:
    """`71 jours`."""
    return quantite(n, "jour")


def pourcentage(rapport: Nombre | None, decimales: int = 0, *, signe: bool = False) -> str:
    """`12 %` from the ratio 0.12; `signe` writes `+12 %` for variations."""
    if rapport is None:
        return "non calculé"
    texte = nombre(Decimal(str(rapport)) * 100, decimales)
    positif = signe and not texte.startswith(MOINS) and any(c in "123456789" for c in texte)
    return f"{'+' if positif else ''}{texte}{INSECABLE}%"


def siret(valeur: str | None) -> str:
    """`123 456 789 00012`; a SIREN gives `123 456 789`; anything else is shown as received."""
    if not valeur:
        return "non renseigné"
    if not re.fullmatch(r"[0-9]{9}|[0-9]{14}", valeur):
        return valeur
    return INSECABLE.join(filter(None, (valeur[:3], valeur[3:6], valeur[6:9], valeur[9:])))


def telephone(valeur: str | None) -> str:
    """`06 12 34 56 78` for a French number, overseas included; anything else is shown as received."""
    if not valeur:
        return "non renseigné"
    compact = re.sub(r"[\s.()\-]", "", valeur)
    indicatifs = "|".join(INDICATIFS_FRANCAIS)
    trouve = re.fullmatch(rf"(?:(?:\+|00)(?:{indicatifs})0?|0)([1-9][0-9]{{8}})", compact)
    if trouve is None:
        return valeur
    return INSECABLE.join(re.findall("..", f"0{trouve[1]}"))


def age(naissance: date, au: date) -> int:
    """Age in full years on the day `au`; born on 29 February, one is a year older on 1 March."""
    naissance, au = _jour(naissance), _jour(au)
    return au.year - naissance.year - ((au.month, au.day) < (naissance.month, naissance.day))


def initiales(nom: str) -> str:
    """`LM` for `Léa Martin`, `JPLG` for `Jean-Pierre Le Goff`."""
    return "".join(mot[0].upper() for mot in re.split(r"[\s\-'’]+", nom) if mot)


def annee_scolaire(valeur: date | int | str) -> str:
    """`2025-2026` from a day (a school year starts on 1 August), its first year, or the stored text.

    The stored text of a session on a calendar year repeats it (`2024-2024`): one reads `2024`.
    """
    if isinstance(valeur, str):
        debut, _, fin = valeur.partition("-")
        return debut if debut == fin else valeur
    if isinstance(valeur, date):
        jour = _jour(valeur)
        valeur = jour.year if jour.month >= 8 else jour.year - 1
    return f"{valeur}-{valeur + 1}"


def liste_et(valeurs: Iterable[object]) -> str:
    """`a, b et c`."""
    textes = [str(valeur) for valeur in valeurs]
    *debut, dernier = textes or [""]
    return f"{', '.join(debut)} et {dernier}" if debut else dernier


FILTRES: Final[tuple[Callable[..., object], ...]] = (
    age,
    annee_scolaire,
    date_courte,
    date_heure,
    date_longue,
    heure,
    initiales,
    jours,
    liste_et,
    nombre,
    pluriel,
    pourcentage,
    quantite,
    siret,
    telephone,
)


def enregistrer(env: Environment) -> None:
    """Make every filter known to templates under its own name."""
    env.filters.update({filtre.__name__: filtre for filtre in FILTRES})
