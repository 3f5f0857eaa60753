"""What stands in the way of a youth and what they wish: closed lists, and what may be written of them. Pure.

Sources: issue 6, part 2 (the list); decision 16 (health only with the youth's agreement, ticked and dated). Codes are
stored: they never change.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from tdba.formats import liste_et
from tdba.ruptures.regles import ajouter_mois

SANTE: Final = "SANTE"

OBSTACLES: Final[Mapping[str, str]] = {
    "LOGEMENT": "Logement",
    "MOBILITE": "Mobilité, transports",
    "ADMINISTRATIF": "Démarches administratives",
    "FINANCE": "Difficultés financières",
    "FAMILLE": "Situation familiale",
    SANTE: "Santé, avec l’accord du jeune",
}
SOUHAITS: Final[Mapping[str, str]] = {
    "MEME_METIER": "Continuer dans le même métier",
    "AUTRE_METIER": "Changer de métier",
    "ARRET": "Arrêter sa formation",
}
SERVICES: Final[Mapping[str, str]] = {
    "MISSION_LOCALE": "La mission locale",
    "FRANCE_TRAVAIL": "France Travail",
    "AUTRE": "Un autre service",
}
"""To whom another service already passed the case on."""
ANS: Final = 5
"""A day longer ago than that is a slip of the keyboard."""


class Circonstances(NamedTuple):
    """What is noted of one file; `accord_sante_le` is there exactly when health is."""

    obstacles: tuple[str, ...] = ()
    accord_sante_le: date | None = None
    souhait: str | None = None
    transmis_ailleurs_a: str | None = None
    transmis_ailleurs_le: date | None = None


class Refus(NamedTuple):
    champ: str
    phrase: str


def ranger(saisies: Circonstances) -> Circonstances:
    """In the order of the list, each once; without health its agreement goes: nothing of it is kept (decision 16)."""
    obstacles = tuple(code for code in OBSTACLES if code in saisies.obstacles)
    accord = saisies.accord_sante_le if SANTE in obstacles else None
    return saisies._replace(obstacles=obstacles, accord_sante_le=accord)


def sans_la_sante(c: Circonstances) -> Circonstances:
    """What a network reads: the facts, never health nor that the youth agreed to tell it (decisions 16 and 26)."""
    return c._replace(obstacles=tuple(code for code in c.obstacles if code != SANTE), accord_sante_le=None)


def avec_la_sante_de(saisies: Circonstances, tenues: Circonstances) -> Circonstances:
    """What somebody who is not told of health writes: whatever of it they were not shown stays as it is."""
    nettes = sans_la_sante(saisies)
    if SANTE not in tenues.obstacles:
        return nettes
    return ranger(
        nettes._replace(obstacles=(*nettes.obstacles, SANTE), accord_sante_le=tenues.accord_sante_le)
    )


def refus_de(saisies: Circonstances, jour: date) -> Refus | None:
    """Why these circumstances may not be written, and what to do; None when they may.

    >>> refus_de(Circonstances(("SANTE",)), date(2026, 11, 18)).champ
    'accord_sante_le'
    """
    if SANTE in saisies.obstacles:
        if saisies.accord_sante_le is None:
            return Refus(
                "accord_sante_le",
                "La santé ne se note qu’avec l’accord du jeune : cochez son accord et indiquez son jour, ou retirez-la.",
            )
        refus = _jour_impossible("accord_sante_le", saisies.accord_sante_le, jour)
        if refus is not None:
            return refus
    if saisies.transmis_ailleurs_a is None and saisies.transmis_ailleurs_le is not None:
        return Refus("transmis_ailleurs_a", "Dites à quel service la situation a été transmise.")
    if saisies.transmis_ailleurs_a is not None:
        if saisies.transmis_ailleurs_le is None:
            return Refus("transmis_ailleurs_le", "Indiquez le jour de la transmission.")
        return _jour_impossible("transmis_ailleurs_le", saisies.transmis_ailleurs_le, jour)
    return None


def _jour_impossible(champ: str, dit: date, jour: date) -> Refus | None:
    """A day still to come, or so old that its year was mistyped."""
    if dit > jour:
        return Refus(champ, "Ce jour n’est pas encore venu : indiquez celui où c’était fait.")
    if dit < ajouter_mois(jour, -12 * ANS):
        return Refus(champ, f"Ce jour remonte à plus de {ANS} ans : vérifiez l’année.")
    return None


def changes(avant: Circonstances, apres: Circonstances) -> list[str]:
    """Names of what differs."""
    return [nom for nom in Circonstances._fields if getattr(avant, nom) != getattr(apres, nom)]


def au_journal(champs: Sequence[str]) -> list[str]:
    """All that the journal may hold: names (decision 34), and not that of an agreement, which tells of health for ever.

    >>> au_journal(["accord_sante_le", "souhait"])
    ['obstacles', 'souhait']
    """
    dits = {"obstacles" if nom == "accord_sante_le" else nom for nom in champs}
    return [nom for nom in Circonstances._fields if nom in dits]


def en_mots(c: Circonstances) -> list[str]:
    """What is noted, in sentences; dates are told by the template."""
    phrases = []
    if c.obstacles:
        mots = [OBSTACLES[code].lower() if code != SANTE else "santé" for code in c.obstacles]
        phrases.append(f"Ce qui fait obstacle : {liste_et(mots)}.")
    if c.souhait is not None:
        souhait = SOUHAITS[c.souhait]
        phrases.append(f"Son souhait : {souhait[0].lower()}{souhait[1:]}.")
    return phrases
