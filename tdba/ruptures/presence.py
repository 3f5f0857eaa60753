"""« Toujours au CFA ? » : when the question is asked, and what "no" means (decision 9). Pure.

Nobody is called "sorti" before the CFA has answered, or the ERP has said so.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from tdba.ruptures.regles import Situation

OUI: Final = "OUI"
NON: Final = "NON"
JOURS_DE_REPIT: Final = 30
"""After "yes", the question comes back that many days later."""

AUTRE_CFA: Final = "AUTRE_CFA"
MOTIFS: Final[Mapping[str, str]] = {
    "SORTI": "Arrêt de la formation",
    AUTRE_CFA: "Départ vers un autre CFA",
    "ECOLE": "Retour en voie scolaire",
    "EMPLOI": "Emploi hors apprentissage",
    "INCONNU": "Nous ne savons pas",
}
"""Why a youth is no longer there, in the order of the form."""
DEMARCHES: Final[Mapping[str, str]] = {
    "SORTI": "ARRET",
    AUTRE_CFA: "AUTRE_CFA",
    "ECOLE": "RETOUR_ECOLE",
    "EMPLOI": "ARRET",
    "INCONNU": "ARRET",
}
"""The step that each answer leaves in the timeline."""


def redemandee_le(presence_le: date) -> date:
    """The day on which the question comes back after a "yes"."""
    return presence_le + timedelta(days=JOURS_DE_REPIT)


def a_demander(situation: Situation, presence: str | None, presence_le: date | None, jour: date) -> bool:
    """Whether the question is asked on `jour` of an open file: its delay is exceeded, and no fresh "yes" was said.

    A "no" closes the file: on one that is open again, it was undone, and the question stands.
    """
    if situation.depasse_le is None:
        return False
    if presence == OUI and presence_le is not None and presence_le >= situation.depasse_le:
        return jour >= redemandee_le(presence_le)
    return True


def jour_propose(situation: Situation, jour: date) -> date:
    """The day of leaving that the form proposes: the one when the delay passed."""
    passe = situation.depasse_le or situation.echeance
    return min(passe, jour)
