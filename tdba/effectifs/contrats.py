"""Recognising a contract from one send to the next (decision 17). Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class ContratRecu(NamedTuple):
    """A contract as the source sends it."""

    debut: date | None
    fin: date | None = None
    rupture: date | None = None
    cause: str | None = None
    employeur: str | None = None


class ContratConnu(NamedTuple):
    """A contract we hold. `debut_source` is the start that the source last sent; None: added by hand."""

    id: int
    rang: int
    debut_source: date | None
    debut: date | None
    fin: date | None
    employeur: str | None


class Appariement(NamedTuple):
    """`connu` None: new; `recu` None: no longer sent. `rang` is the place in what was sent."""

    rang: int
    connu: ContratConnu | None
    recu: ContratRecu | None


def apparier(connus: Sequence[ContratConnu], recus: Sequence[ContratRecu]) -> list[Appariement]:
    """Pair what is sent with what is held: by the start the source sent, else employer and overlap, else rank.

    A contract added by hand is adopted by the start typed, else like the others. Each contract is paired at most once.
    """
    libres = list(connus)
    paires: dict[int, ContratConnu] = {}
    for regle in (_meme_debut, _debut_saisi, _meme_employeur, _meme_rang):
        for rang, recu in enumerate(recus):
            if rang in paires:
                continue
            trouve = next((c for c in libres if regle(c, recu, rang)), None)
            if trouve is not None:
                paires[rang] = trouve
                libres.remove(trouve)
    resultat = [Appariement(rang, paires.get(rang), recu) for rang, recu in enumerate(recus)]
    return resultat + [Appariement(len(recus) + i, connu, None) for i, connu in enumerate(libres)]


def _meme_debut(connu: ContratConnu, recu: ContratRecu, _rang: int) -> bool:
    return connu.debut_source is not None and connu.debut_source == recu.debut


def _debut_saisi(connu: ContratConnu, recu: ContratRecu, _rang: int) -> bool:
    return connu.debut_source is None and connu.debut is not None and connu.debut == recu.debut


def _meme_employeur(connu: ContratConnu, recu: ContratRecu, _rang: int) -> bool:
    if connu.employeur is None or connu.employeur != recu.employeur:
        return False
    debut, fin = connu.debut or date.min, connu.fin or date.max
    return (recu.debut or date.min) <= fin and debut <= (recu.fin or date.max)


def _meme_rang(connu: ContratConnu, recu: ContratRecu, rang: int) -> bool:
    """Same place in the list, unless both name an employer and it is another one: then it is another contract."""
    autre_employeur = (
        connu.employeur is not None and recu.employeur is not None and connu.employeur != recu.employeur
    )
    return connu.rang == rang and not autre_employeur
