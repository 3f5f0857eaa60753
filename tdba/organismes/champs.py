"""One reader per kind of cell. Pure: text in, value out, or ValeurRefusee with a French reason.

Only the form of UAI and SIRET is checked here, not their keys: the référentiel is the authority on which couples
exist, wrong keys included (decision 13).
"""

import re
from datetime import date
from typing import Final

UAI: Final = re.compile(r"[0-9]{7}[A-Z]")
SIRET: Final = re.compile(r"[0-9]{14}")
RNCP: Final = re.compile(r"(?:RNCP)?0*([1-9][0-9]{0,5})")
CFD: Final = re.compile(r"[0-9A-Z]{7,8}")
ROME: Final = re.compile(r"[A-N][0-9]{4}")
NIVEAU: Final = re.compile(r"(?:NIVEAU\s*)?0?([3-8])")
DATE_FRANCAISE: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
# The same as the constraint of `organisme.nature` (a test says so): this module must not know the database.
NATURES: Final = frozenset(
    {"responsable", "formateur", "responsable_formateur", "lieu_formation", "inconnue"}
)
SANS_VALEUR: Final = frozenset({"", "NR", "NC", "NULL"})
OUI: Final = frozenset({"1", "oui", "true", "vrai"})
NON: Final = frozenset({"", "0", "non", "false", "faux"})


class ValeurRefusee(Exception):
    """The cell makes its line unusable; the message says why, in French."""


def citer(valeur: str) -> str:
    """Quote a value of the file in a message: short, and without any character a terminal would obey."""
    lisible = "".join(lettre if lettre.isprintable() else "�" for lettre in valeur)
    return f"« {lisible[:40]}… »" if len(lisible) > 40 else f"« {lisible} »"


def texte(brut: str) -> str | None:
    return brut or None


def texte_obligatoire(brut: str) -> str:
    if not brut:
        raise ValeurRefusee("valeur absente")
    return brut


def siret(brut: str) -> str:
    """14 digits; the spaces and dots people write between them are dropped."""
    compact = re.sub(r"[\s.]", "", brut)
    if SIRET.fullmatch(compact):
        return compact
    if not compact:
        raise ValeurRefusee("SIRET absent")
    if re.fullmatch(r"[0-9]{11,13}|[0-9],?[0-9]*E\+?[0-9]+", compact, re.IGNORECASE):
        raise ValeurRefusee(f"SIRET abîmé par un tableur : {citer(brut)}")
    raise ValeurRefusee(f"SIRET qui n’a pas 14 chiffres : {citer(brut)}")


def uai(brut: str) -> str | None:
    """7 digits and a letter, in capitals; empty is allowed here, each data set says what it does of it."""
    compact = re.sub(r"[\s.]", "", brut).upper()
    if compact in SANS_VALEUR:
        return None
    if not UAI.fullmatch(compact):
        raise ValeurRefusee(f"UAI qui n’a pas 7 chiffres et une lettre : {citer(brut)}")
    return compact


def rncp(brut: str) -> str | None:
    """`RNCP` and its number without leading zeros; the prefix may be missing (domain.md §4.5)."""
    compact = brut.replace(" ", "").upper()
    if compact in SANS_VALEUR:
        return None
    trouve = RNCP.fullmatch(compact)
    if trouve is None:
        raise ValeurRefusee(f"code RNCP mal formé : {citer(brut)}")
    return f"RNCP{trouve[1]}"


def cfd(brut: str) -> str | None:
    """8 characters, padded on the left when a spreadsheet ate the leading zero (domain.md §4.5)."""
    compact = brut.replace(" ", "").upper()
    if compact in SANS_VALEUR:
        return None
    if not CFD.fullmatch(compact):
        raise ValeurRefusee(f"code formation diplôme mal formé : {citer(brut)}")
    return compact.zfill(8)


def niveau(brut: str) -> int | None:
    """European level 3 to 8, written `5`, `05` or `Niveau 5`."""
    if brut.upper() in SANS_VALEUR:
        return None
    trouve = NIVEAU.fullmatch(brut.upper())
    if trouve is None:
        raise ValeurRefusee(f"niveau européen hors de 3 à 8 : {citer(brut)}")
    return int(trouve[1])


def niveau_obligatoire(brut: str) -> int:
    valeur = niveau(brut)
    if valeur is None:
        raise ValeurRefusee("niveau européen absent")
    return valeur


def jour(brut: str) -> date | None:
    """An ISO or French date."""
    if not brut:
        return None
    trouve = DATE_FRANCAISE.fullmatch(brut)
    try:
        if trouve:
            return date(int(trouve[3]), int(trouve[2]), int(trouve[1]))
        return date.fromisoformat(brut[:10])
    except ValueError:
        raise ValeurRefusee(f"date impossible : {citer(brut)}") from None


def booleen(brut: str) -> bool:
    valeur = brut.lower()
    if valeur not in OUI and valeur not in NON:
        raise ValeurRefusee(f"oui ou non attendu : {citer(brut)}")
    return valeur in OUI


def booleen_ou_rien(brut: str) -> bool | None:
    return booleen(brut) if brut else None


def entier(brut: str) -> int | None:
    if brut and not re.fullmatch(r"[0-9]{1,9}", brut):
        raise ValeurRefusee(f"nombre attendu : {citer(brut)}")
    return int(brut) if brut else None


def nature(brut: str) -> str:
    valeur = brut.lower().replace(" ", "_") or "inconnue"
    if valeur not in NATURES:
        raise ValeurRefusee(f"nature d’organisme inconnue : {citer(brut)}")
    return valeur


def ferme(brut: str) -> bool | None:
    """Administrative state: anything but "actif" is closed; an empty cell says nothing."""
    return brut.lower() != "actif" if brut else None


def departement(brut: str) -> str | None:
    """Code on 2 characters at least: a spreadsheet turns 01 into 1 (domain.md §1)."""
    return brut.upper().zfill(2) if brut else None


def liste(brut: str) -> tuple[str, ...]:
    """Values separated by `|`."""
    return tuple(valeur.strip() for valeur in brut.split("|") if valeur.strip())


def rome(brut: str) -> str:
    """A code of the ROME: a letter from A to N and 4 digits."""
    compact = brut.replace(" ", "").upper()
    if not ROME.fullmatch(compact):
        raise ValeurRefusee(f"code ROME mal formé : {citer(brut)}" if compact else "code ROME absent")
    return compact


def romes(brut: str) -> tuple[str, ...]:
    """Codes of the ROME separated by `|`, each once."""
    return tuple(dict.fromkeys(rome(code) for code in liste(brut)))
