"""Speed of the status engine on one core, beside the floor that Python itself sets.

Run: `python -m benchmarks.statuts`. Target: 100,000 parcours a second, reasons included, on CPython 3.11.
"""

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from time import process_time
from typing import NamedTuple

from tdba.effectifs.statuts import CodeRaison, ContratDates, Etape, Parcours, Raison, Statut, parcours

PART_CONTRATS = (15, 65, 17, 3)  # percentage of records with 0, 1, 2 and 3 contracts
PART_ROMPUS = 0.22
REPETITIONS = 3  # the best one is kept, in processor time: the machine may be doing something else


class Dossier(NamedTuple):
    """Dates of one record, as the bulk job reads them."""

    entree: date
    fin: date
    contrats: list[ContratDates]


def tirer(n: int, graine: int = 20240901) -> list[Dossier]:
    """`n` records drawn with a fixed seed: sessions of one to three years, contracts one after the other."""
    tirage = random.Random(graine)  # noqa: S311 - a benchmark wants the same draw each time, not secrecy
    return [_dossier(tirage, nombre) for nombre in tirage.choices(range(4), PART_CONTRATS, k=n)]


def _dossier(tirage: random.Random, nombre: int) -> Dossier:
    entree = date(tirage.randint(2021, 2025), 9, 1) + timedelta(tirage.randint(-30, 60))
    duree = tirage.choice((365, 730, 1095)) - tirage.randint(0, 60)
    debut, contrats = entree + timedelta(tirage.randint(-60, 60)), []
    for _ in range(nombre):
        terme = debut + timedelta(tirage.randint(90, max(91, duree // nombre + 40)))
        rompu = tirage.random() < PART_ROMPUS
        rupture = debut + timedelta(tirage.randint(1, (terme - debut).days)) if rompu else None
        contrats.append(ContratDates(debut, terme, rupture))
        debut = (rupture or terme) + timedelta(tirage.randint(1, 120))
    return Dossier(entree, entree + timedelta(duree), contrats)


def _une_etape(*, entree: date, fin: date, contrats: list[ContratDates]) -> Parcours:
    """The least a call can do: read its arguments and build one step of the same types."""
    dernier = contrats[-1].debut if contrats else fin
    return Parcours((Etape(Statut.INSCRIT, entree, dernier, None, Raison(CodeRaison.ENTREE, (entree,))),))


def _par_seconde(calcul: Callable[[Dossier], object], dossiers: Iterable[Dossier], n: int) -> float:
    durees = []
    for _ in range(REPETITIONS):
        depart = process_time()
        for dossier in dossiers:
            calcul(dossier)
        durees.append(process_time() - depart)
    return n / min(durees)


def mesurer(n: int = 200_000) -> dict[str, float]:
    """Records per second, by what is done of each one; `plancher` is the floor, `etapes` a mean number per record."""
    dossiers = tirer(n)
    mesures = {
        "plancher": _par_seconde(lambda d: _une_etape(entree=d[0], fin=d[1], contrats=d[2]), dossiers, n),
        "parcours": _par_seconde(lambda d: parcours(entree=d[0], fin=d[1], contrats=d[2]), dossiers, n),
        "parcours, bornes, statuts et empreinte": _par_seconde(_pour_la_base, dossiers, n),
    }
    mesures["etapes"] = sum(len(parcours(entree=d[0], fin=d[1], contrats=d[2]).etapes) for d in dossiers) / n
    return mesures


def _pour_la_base(dossier: Dossier) -> tuple[list[date], list[int], int]:
    resultat = parcours(entree=dossier.entree, fin=dossier.fin, contrats=dossier.contrats)
    return resultat.bornes, resultat.statuts, resultat.empreinte


if __name__ == "__main__":
    for nom, valeur in mesurer().items():
        print(f"{nom:40} {valeur:12,.1f}{'' if nom == 'etapes' else ' /s'}")
