"""What corrections would change, computed by the rules themselves before anything is saved (domain.md §3, ux.md principle 4).

Slices to the right add their own sentences (`annoncer_aussi`): what becomes of the files they keep. They are called with
two situations, the one that is and the one that would be, and write nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple

from tdba.effectifs import consequence, parcours
from tdba.effectifs.changements import Changement
from tdba.effectifs.consequence import Consequence
from tdba.effectifs.models import Contrat
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.statuts import ContratDates, Parcours


class Situation(NamedTuple):
    """A record as the rules see it."""

    parcours: Parcours
    contrats: Sequence[ContratDates]
    entree: date | None
    fin: date | None
    exclusion: date | None


Annonce = Callable[[int, Situation, Situation, date], Sequence[str]]
"""(effectif id, before, after, day) → sentences."""

ANNONCES: Final[list[Annonce]] = []

_DU_PARCOURS: Final = ("date_entree", "date_fin", "date_exclusion")
_DU_CONTRAT: Final = ("debut", "fin", "rupture")


def annoncer_aussi(annonce: Annonce) -> None:
    """Have `annonce` say what a correction would change for its slice. Registering twice is once."""
    if annonce not in ANNONCES:
        ANNONCES.append(annonce)


def effet(ouvert: Ouvert, changements: Sequence[Changement], jour: date) -> Consequence:
    """Compare the record as it is with the record as it would be, on `jour`. Writes nothing."""
    lu = parcours.lire([ouvert.effectif.id])[0]
    avant = _situation(lu, ouvert.contrats)
    dates = {
        champ: valeur for champ, contrat, valeur in changements if contrat is None and champ in _DU_PARCOURS
    }
    voulu = lu._replace(**dates)
    apres = _situation(voulu, ouvert.contrats, changements)
    dit = consequence.comparer(avant.parcours, apres.parcours, fin=apres.fin, jour=jour)
    phrases = [p for annonce in ANNONCES for p in annonce(ouvert.effectif.id, avant, apres, jour)]
    return dit._replace(suites=tuple(phrases))


def _situation(
    lu: parcours.Lu, contrats: Sequence[Contrat], changements: Sequence[Changement] = ()
) -> Situation:
    dates = _dates(contrats, changements)
    colonnes = {f"{champ}s": [getattr(d, champ) for d in dates] for champ in _DU_CONTRAT}
    calcule = parcours.calculer(lu._replace(**colonnes))  # type: ignore[arg-type]
    return Situation(calcule, dates, lu.date_entree, lu.date_fin, lu.date_exclusion)


def _dates(contrats: Sequence[Contrat], changements: Sequence[Changement]) -> list[ContratDates]:
    """The dates of the contracts with these changes; one that is added comes last, one that is taken away is gone."""
    tenues = {id(c): {champ: getattr(c, champ) for champ in _DU_CONTRAT} for c in contrats}
    for champ, contrat, valeur in changements:
        if contrat is None:
            continue
        if champ == "contrat" and valeur is None:
            tenues.pop(id(contrat), None)
        else:
            tenu = tenues.setdefault(id(contrat), dict.fromkeys(_DU_CONTRAT))
            if champ in _DU_CONTRAT:
                tenu[champ] = valeur
    return [ContratDates(**tenu) for tenu in tenues.values()]
