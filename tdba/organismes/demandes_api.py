"""Asking the public API about the codes that no import knows: a job, a batch at a time, never twice in thirty days.

No transaction is open while an answer is awaited. What is learnt is written like an import; its triggers then have
records completed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tdba import horloge, journal
from tdba.organismes import service_certifications, sql
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tdba.organismes.apprentissage import Catalogue
from tdba.organismes.reponse_api import Reponse

LOT: Final = 20
CODES_MAX: Final = 500
"""Codes asked in one run; the others wait for the next day."""
ECHECS_MAX: Final = 3
"""Failures after which the run gives up: the API is down, its codes are asked again tomorrow."""


@dataclass(slots=True)
class Compte:
    """What one run did, counted in codes. `cle` is false when no key is configured: nothing was asked."""

    cle: bool
    attendues: int
    demandees: int = 0
    trouvees: int = 0
    echecs: int = 0


def completer(renouveler: Callable[[], None], catalogue: Catalogue | None) -> Compte:
    """Ask about each unknown code and write the answers. `renouveler` commits each batch; without catalogue, only count."""
    codes = service_certifications.a_demander(horloge.maintenant())
    compte = Compte(catalogue is not None, len(codes))
    if catalogue is not None:
        for debut in range(0, min(len(codes), CODES_MAX), LOT):
            renouveler()
            if not _lot(catalogue, codes[debut : min(debut + LOT, CODES_MAX)], compte):
                break
    journal.consigner(
        "certifications.demandees",
        cle=compte.cle,
        attendues=compte.attendues,
        demandees=compte.demandees,
        trouvees=compte.trouvees,
        echecs=compte.echecs,
    )
    return compte


def _lot(catalogue: Catalogue, codes: list[str], compte: Compte) -> bool:
    """Ask about these codes, then write. False when there is no point in going on."""
    reponses: list[Reponse] = []
    demandes: list[str] = []
    continuer = True
    for code in codes:
        try:
            trouvees = catalogue.certifications(code)
        except ApiIndisponible as erreur:
            compte.echecs += 1
            continuer = compte.echecs < ECHECS_MAX and not isinstance(erreur, ApiFermee)
            if not continuer:
                break
        else:
            demandes.append(code)
            reponses += trouvees
            compte.trouvees += bool(trouvees)
    compte.demandees += len(demandes)
    _ecrire(reponses, demandes)
    return continuer


def _ecrire(reponses: list[Reponse], demandes: list[str]) -> None:
    """One writer of the référentiel at a time: an import running now is waited for."""
    sql.attendre_le_tour()
    service_certifications.enregistrer(reponses)
    service_certifications.noter_demandes(demandes, horloge.maintenant())
