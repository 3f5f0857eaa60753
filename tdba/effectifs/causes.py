"""How an apprenticeship contract ends before its term, in law, and the delays that this asks for. Pure.

Code du travail L6222-18 and D6222-21-1. The cause is optional at first: nothing is asked that the CFA does not know yet.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from tdba.effectifs.controles import Refus

PERIODE_ESSAI: Final = "PERIODE_ESSAI"
DEMISSION: Final = "DEMISSION"

CAUSES: Final[Mapping[str, str]] = {
    PERIODE_ESSAI: "Pendant les 45 premiers jours en entreprise",
    "ACCORD": "Accord entre l’employeur et l’apprenti",
    DEMISSION: "Démission de l’apprenti",
    "LICENCIEMENT": "Licenciement",
    "DIPLOME_OBTENU": "Diplôme obtenu avant la fin",
    "CESSATION_EMPLOYEUR": "Cessation d’activité ou décès de l’employeur",
    "SUSPENSION_ETAT": "Suspension du contrat par l’État",
    "REFUS_DEPOT": "Refus de dépôt du contrat",
    "INCONNUE": "Cause inconnue",
}
"""Code → words, in the order of the form."""

JOURS_D_ESSAI: Final = 45
"""Days in the company, those at the CFA apart: never more of them than days of contract."""
JOURS_D_ESSAI_MAX: Final = 365
"""Calendar days after which no rhythm of alternation leaves 45 days in the company to come."""
JOURS_APRES_MEDIATEUR: Final = 5
"""From the day the mediator was asked to the first day on which the employer may be informed."""
JOURS_APRES_INFORMATION: Final = 7
"""From the day the employer was informed to the first day on which the contract may end."""


def essai_certain(debut: date, rupture: date) -> bool:
    """True when the contract lasted 45 calendar days at most: then so did the days in the company.

    Beyond, the days at the CFA would have to be taken out and we do not know them: the cause is "estimée".
    """
    return (rupture - debut).days <= JOURS_D_ESSAI


def estimee(cause: str | None, debut: date | None, rupture: date | None) -> bool:
    """True when nothing here tells whether the 45 days in the company were over."""
    connus = debut is not None and rupture is not None
    return cause == PERIODE_ESSAI and not (connus and essai_certain(debut, rupture))  # type: ignore[arg-type]


def refus_de_cause(
    cause: str | None,
    *,
    debut: date | None,
    rupture: date | None,
    mediateur_le: date | None,
    employeur_informe_le: date | None,
) -> Refus | None:
    """Why this cause, or these steps of a resignation, are refused; None when they are not."""
    if cause is None:
        return None
    if cause not in CAUSES:
        return Refus("cause_legale", "Choisissez une cause dans la liste.")
    if rupture is None:
        return Refus("rupture", "Indiquez la date de la rupture, ou retirez sa cause.")
    if cause == PERIODE_ESSAI and debut is not None and (rupture - debut).days > JOURS_D_ESSAI_MAX:
        return Refus(
            "cause_legale",
            "Ce contrat a duré plus d’un an : les 45 premiers jours en entreprise, hors jours au CFA, étaient passés. "
            "Choisissez une autre cause.",
        )
    return _refus_de_demission(rupture, mediateur_le, employeur_informe_le) if cause == DEMISSION else None


def _refus_de_demission(
    rupture: date, mediateur_le: date | None, employeur_informe_le: date | None
) -> Refus | None:
    if employeur_informe_le is None:
        return None
    if mediateur_le is not None:
        possible = mediateur_le + timedelta(days=JOURS_APRES_MEDIATEUR)
        if employeur_informe_le < possible:
            return Refus(
                "employeur_informe_le",
                f"L’employeur est informé au plus tôt 5 jours après la saisie du médiateur : pas avant le {possible:%d/%m/%Y}.",
            )
    possible = employeur_informe_le + timedelta(days=JOURS_APRES_INFORMATION)
    if rupture < possible:
        return Refus(
            "rupture",
            f"Une démission prend effet au plus tôt 7 jours après l’information de l’employeur : pas avant le {possible:%d/%m/%Y}.",
        )
    return None
