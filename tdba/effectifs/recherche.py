"""What a typed search looks for: words, a birth date, an INE, the ERP's number. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from tdba.formats import MOIS
from tdba.textes import sans_accents

LONGUEUR_MAX: Final = 100
MOTS_MAX: Final = 8
INE_MIN: Final = 4
"""Shortest end of an INE that is searched: fewer characters would match a hundred people."""

CLE_SESSION: Final = "recherches"
"""Key of the session that keeps the searches, out of addresses (decision 35)."""
DUREE: Final = timedelta(hours=12)
GARDEES_MAX: Final = 20
"""Searches that one session keeps, the last ones."""

_JOUR: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_JOUR_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MOIS: Final = {sans_accents(mois): rang for rang, mois in enumerate(MOIS, start=1)}
_JOUR_EN_LETTRES: Final = re.compile(
    rf"\b(\d{{1,2}})(?:er)? ({'|'.join({*map(str.lower, _MOIS), *MOIS})}) (\d{{4}})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Terme:
    """One word as typed. The record matches by its name, by the end of its INE, or by the ERP's number."""

    mots: tuple[str, ...]
    brut: str
    ine: str | None


@dataclass(frozen=True, slots=True)
class Criteres:
    """A record matches when every term and every birth date does, or when its ERP number is the whole text."""

    entier: str
    termes: tuple[Terme, ...]
    naissances: tuple[date, ...]
    impossible: str | None = None
    """A date that does not exist, as typed: nothing can match, and the page says why."""
    proches: tuple[int, ...] | None = None
    """Nothing matched: the records near what was typed, which take its place."""

    @property
    def vide(self) -> bool:
        return not self.termes and not self.naissances and self.impossible is None


def comprendre(texte: str) -> Criteres:
    """Read a search. Accents, case, hyphens and the order of words do not count; words may be partial."""
    entier = " ".join(texte.replace("\x00", "").split())[:LONGUEUR_MAX].strip()
    termes: list[Terme] = []
    naissances: list[date] = []
    impossible = None
    for brut in _JOUR_EN_LETTRES.sub(_en_chiffres, entier).split()[:MOTS_MAX]:
        annee_mois_jour = _date(brut)
        if annee_mois_jour is not None:
            try:
                naissances.append(date(*annee_mois_jour))
            except ValueError:
                impossible = brut
        elif mots := tuple(sans_accents(brut).split()):
            termes.append(Terme(mots, brut, _ine(brut)))
    return Criteres(entier, tuple(termes), tuple(naissances), impossible)


def motif_like(mot: str) -> str:
    r"""The LIKE pattern "contains this word"; what LIKE reads as a joker is taken literally (escape "\")."""
    return f"%{_litteral(mot)}%"


def motif_fin(fin: str) -> str:
    """The LIKE pattern "ends with this"."""
    return f"%{_litteral(fin)}"


def ranger(gardees: Mapping[str, Any], reference: str, texte: str, maintenant: datetime) -> dict[str, Any]:
    """Add a search to those of a session; old ones go (decision 35)."""
    fraiches = {cle: g for cle, g in gardees.items() if cle != reference and _fraiche(g, maintenant)}
    dernieres = list(fraiches.items())[-(GARDEES_MAX - 1) :]
    return dict(dernieres) | {reference: {"q": texte[:LONGUEUR_MAX], "le": maintenant.isoformat()}}


def retrouver(gardees: Mapping[str, Any], reference: str, maintenant: datetime) -> str | None:
    """The text of a search of this session; None for somebody else's, or after 12 hours."""
    gardee = gardees.get(reference)
    return str(gardee["q"]) if gardee is not None and _fraiche(gardee, maintenant) else None


def _fraiche(gardee: Mapping[str, str], maintenant: datetime) -> bool:
    return maintenant - datetime.fromisoformat(gardee["le"]) < DUREE


def _litteral(texte: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", texte)


def _en_chiffres(ecrit: re.Match[str]) -> str:
    return f"{ecrit[1]}/{_MOIS[sans_accents(ecrit[2])]}/{ecrit[3]}"


def _date(brut: str) -> tuple[int, int, int] | None:
    if trouve := _JOUR.fullmatch(brut):
        return int(trouve[3]), int(trouve[2]), int(trouve[1])
    if trouve := _JOUR_ISO.fullmatch(brut):
        return int(trouve[1]), int(trouve[2]), int(trouve[3])
    return None


def _ine(brut: str) -> str | None:
    """The word as the end of an INE: letters and digits, at least one digit, or it is only a name."""
    fin = brut.upper()
    numero = fin.isalnum() and fin.isascii() and any(c.isdigit() for c in fin)
    return fin if numero and len(fin) >= INE_MIN else None
