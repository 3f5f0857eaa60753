"""A step of a parcours as screens read it: names instead of numbers, last day included. Pure.

The words of each reason are in `templates/effectifs/_raison.html`, chosen by the *code* of the rule and never by the
motif: DELAI_APRES_TERME has the motif of a delay after a rupture, and must not speak of one (decision 9).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tdba.effectifs.statuts import CodeRaison, Etape, Motif, Statut


class EtapeLue(NamedTuple):
    """One step. `jusqu_au` is its last day; None for the one that never ends."""

    statut: str
    motif: str | None
    code: str
    reperes: tuple[date, ...]
    """The dates that the rule used, in the order of `CodeRaison`."""
    du: date
    jusqu_au: date | None

    def contient(self, jour: date) -> bool:
        return self.du <= jour and (self.jusqu_au is None or jour <= self.jusqu_au)


def lire(
    statut: int, motif: int | None, raison: int, reperes: Sequence[date], du: date, au: date | None
) -> EtapeLue:
    """Read a stored period, whose `au` is the first day of the next one."""
    return EtapeLue(
        Statut(statut).name,
        None if motif is None else Motif(motif).name,
        CodeRaison(raison).name,
        tuple(reperes),
        du,
        None if au is None else au - timedelta(days=1),
    )


def depuis_calcul(etape: Etape) -> EtapeLue:
    """Read a step that the rules just computed."""
    return lire(etape.statut, etape.motif, etape.raison.code, etape.raison.dates, etape.du, etape.au)


def etape_du_jour(etapes: Sequence[EtapeLue], jour: date) -> EtapeLue | None:
    """The step of that day; None before the first one."""
    return next((etape for etape in etapes if etape.contient(jour)), None)


def etape_suivante(etapes: Sequence[EtapeLue], jour: date) -> EtapeLue | None:
    """The next change after that day, if nothing else happens."""
    return next((etape for etape in etapes if etape.du > jour), None)
