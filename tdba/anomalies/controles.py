"""The checks of a record, all of them, in the order of the catalogue. Pure: the day is an argument."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from tdba.anomalies import controles_contrats, controles_formation, controles_identite
from tdba.anomalies.dossier import Dossier, Trouvee

Controle = Callable[[Dossier, date], Iterator[Trouvee]]

CONTROLES: Final[tuple[Controle, ...]] = (
    *controles_formation.CONTROLES,
    *controles_contrats.CONTROLES,
    *controles_identite.CONTROLES,
)


def controler(dossier: Dossier, jour: date) -> list[Trouvee]:
    """What is wrong with this record on that day, and was not silenced."""
    trouvees = [trouvee for controle in CONTROLES for trouvee in controle(dossier, jour)]
    return [t for t in trouvees if t.code not in dossier.tues] if dossier.tues else trouvees
