"""What support types in its one search box, and what it may be (decision 24, ux.md screen C). Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from tdba.effectifs import recherche as effectifs
from tdba.effectifs.fautes import tolere

LETTRES_MIN: Final = 3
"""Shortest word that the index of names can look for."""

FAUTE_MIN: Final = 6
"""Across the country, a mistake is looked for in words of that many letters: what it leaves whole of a shorter one is
common to too many names. A birth date leaves few enough for any word."""

_DEMANDE: Final = re.compile(r"(?:demande\s+)?(?:n\s?[°o.]\s?)?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """One text, read in every way it makes sense: a case, a transmission, records. CFA are looked for in all cases."""

    texte: str
    demande_id: int | None = None
    transmission: UUID | None = None
    mots: tuple[str, ...] = ()
    """Words that the name must all contain, in any order."""
    numero: str | None = None
    """An INE or the number of a record in an ERP."""
    naissances: tuple[date, ...] = ()
    impossible: str | None = None
    """A date that does not exist, as typed."""

    @property
    def trop_courte(self) -> bool:
        """Words only, and none long enough to look for."""
        return bool(self.mots) and not self.naissances and max(map(len, self.mots)) < LETTRES_MIN

    @property
    def designe_des_fiches(self) -> bool:
        """There is enough to look for records across the country, without reading them all."""
        assez = bool(self.numero or self.naissances or self.mots)
        return assez and not self.trop_courte and self.impossible is None

    @property
    def approchable(self) -> bool:
        """When nothing matches, names one typing mistake away may be looked for, at a bounded cost."""
        if not (self.mots and self.designe_des_fiches) or self.numero is not None:
            return False
        return any(tolere(mot) and len(mot) >= self.faute_min for mot in self.mots)

    @property
    def faute_min(self) -> int:
        """Letters of the shortest word in which a mistake is looked for."""
        return LETTRES_MIN if self.naissances else FAUTE_MIN


def comprendre(texte: str) -> Question:
    """Read a search. Accents, case and the order of words do not count."""
    propre = " ".join(texte.replace("\x00", "").split())[: effectifs.LONGUEUR_MAX]
    if (transmission := _uuid(propre)) is not None:
        return Question(propre, transmission=transmission)
    if trouvee := _DEMANDE.fullmatch(propre):
        return Question(propre, demande_id=int(trouvee[1]), numero=trouvee[1])
    criteres = effectifs.comprendre(propre)
    chiffres = [terme.brut for terme in criteres.termes if any(c.isdigit() for c in terme.brut)]
    mots = tuple(mot for terme in criteres.termes if terme.brut not in chiffres for mot in terme.mots)
    # Several numbers: a SIRET written in groups, or the ERP's number with spaces; never one youth's two numbers.
    numero = chiffres[0] if len(chiffres) == 1 else (criteres.entier if chiffres else None)
    return Question(
        propre,
        mots=mots,
        numero=numero,
        naissances=criteres.naissances,
        impossible=criteres.impossible,
    )


def _uuid(texte: str) -> UUID | None:
    try:
        return UUID(texte) if len(texte) in (32, 36) else None
    except ValueError:
        return None
