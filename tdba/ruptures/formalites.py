"""The checklist of a file as the law has it: which lines apply, and within which delay. Pure.

Sources: issue 6, part 2 (the lines, the 20 days of a public employer, payment by the day since July 2025); Code du
travail R6222-21 (written notice), L6222-18-2 and L6222-12-1 (training kept on, with the status of trainee); Code de
l'éducation L114-1 (training compulsory up to 18). Codes are stored: they never change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from tdba.formats import age, date_longue
from tdba.ruptures.regles import MOIS_DE_MAINTIEN, RUPTURE, SANS_CONTRAT, ajouter_mois

NOTIFICATION: Final = "NOTIFICATION"
FINANCEUR: Final = "FINANCEUR"
STATUT_STAGIAIRE: Final = "STATUT_STAGIAIRE"
ENTRETIEN: Final = "ENTRETIEN"
REPRESENTANT_LEGAL: Final = "REPRESENTANT_LEGAL"
SORTIE_16_18: Final = "SORTIE_16_18"

CODES: Final = (NOTIFICATION, FINANCEUR, STATUT_STAGIAIRE, ENTRETIEN, REPRESENTANT_LEGAL, SORTIE_16_18)
"""In the order of the page."""
JOURS_CELIA: Final = 20
"""Days after the rupture within which a public employer's DDETS is told, through CELIA."""
ANS_OBLIGATION: Final = (16, 17)
"""Ages of those whose leaving is reported."""


class Secteur(Enum):
    PRIVE = "PRIVE"
    PUBLIC = "PUBLIC"
    INCONNU = "INCONNU"
    """The register of companies did not answer yet: both ways are said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faits:
    """What decides which lines apply. `sortie_le`: the day of leaving, once said."""

    genre: str
    depuis: date
    date_naissance: date
    secteur: Secteur
    sortie_le: date | None
    entretien_le: date | None
    """Day of the last interview noted in the timeline, offered for its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """A line of the checklist. `limite`: its last day, when the delay is a number of days."""

    code: str
    libelle: str
    delai: str
    faite_le: date | None
    limite: date | None = None
    proposee_le: date | None = None
    """The day that the timeline already tells."""
    passee: bool = False
    """Not done, and its last day is gone."""


def secteur_de(nature_juridique: str | None) -> Secteur:
    """Public or private, from the legal category of INSEE: 4xxx and 7xxx are public.

    >>> secteur_de("7210"), secteur_de("5710"), secteur_de(None)
    (<Secteur.PUBLIC: 'PUBLIC'>, <Secteur.PRIVE: 'PRIVE'>, <Secteur.INCONNU: 'INCONNU'>)
    """
    if not nature_juridique:
        return Secteur.INCONNU
    return Secteur.PUBLIC if nature_juridique[0] in "47" else Secteur.PRIVE


def codes_de(faits: Faits) -> list[str]:
    """The lines that apply: a rupture asks for all, the other files for what makes sense without one."""
    codes = {ENTRETIEN}
    if faits.genre == RUPTURE:
        codes |= {NOTIFICATION, FINANCEUR, STATUT_STAGIAIRE}
        if age(faits.date_naissance, faits.depuis) < 18:
            codes.add(REPRESENTANT_LEGAL)
    elif faits.genre == SANS_CONTRAT:
        codes.add(STATUT_STAGIAIRE)
    if faits.sortie_le is not None and age(faits.date_naissance, faits.sortie_le) in ANS_OBLIGATION:
        codes.add(SORTIE_16_18)
    return [code for code in CODES if code in codes]


def lignes(faits: Faits, faites: Mapping[str, date | None], jour: date) -> list[Ligne]:
    """The checklist of a file on `jour`, in order."""
    return [_ligne(code, faits, faites.get(code), jour) for code in codes_de(faits)]


def _ligne(code: str, faits: Faits, faite_le: date | None, jour: date) -> Ligne:
    limite = _limite(code, faits)
    return Ligne(
        code=code,
        libelle=_libelle(code, faits),
        delai=_DELAIS[code](faits),
        faite_le=faite_le,
        limite=limite,
        proposee_le=faits.entretien_le if code == ENTRETIEN else None,
        passee=faite_le is None and limite is not None and limite < jour,
    )


def _limite(code: str, faits: Faits) -> date | None:
    if code == FINANCEUR and faits.secteur is Secteur.PUBLIC:
        return faits.depuis + timedelta(days=JOURS_CELIA)
    return None


_LIBELLES: Final = {
    NOTIFICATION: "Notification écrite de la rupture reçue",
    STATUT_STAGIAIRE: "Statut de stagiaire de la formation professionnelle (Cerfa P2S)",
    ENTRETIEN: "Entretien avec le jeune",
    REPRESENTANT_LEGAL: "Représentant légal informé",
    SORTIE_16_18: "Sortie d’un jeune de 16 à 18 ans signalée",
}
_FINANCEURS: Final = {
    Secteur.PRIVE: "OPCO de l’employeur informé",
    Secteur.PUBLIC: "DDETS informée par CELIA",
    Secteur.INCONNU: "OPCO ou DDETS informé",
}


def _libelle(code: str, faits: Faits) -> str:
    return _FINANCEURS[faits.secteur] if code == FINANCEUR else _LIBELLES[code]


def _delai_du_financeur(faits: Faits) -> str:
    limite = date_longue(faits.depuis + timedelta(days=JOURS_CELIA))
    if faits.secteur is Secteur.PUBLIC:
        return f"L’employeur est public : dans les {JOURS_CELIA} jours, au plus tard le {limite}."
    if faits.secteur is Secteur.PRIVE:
        return (
            "L’employeur est privé : sans attendre, la formation est payée au jour près depuis juillet 2025."
        )
    return (
        "Nous ne savons pas encore si l’employeur est privé ou public. Privé : son OPCO, sans attendre. "
        f"Public : la DDETS, par CELIA, au plus tard le {limite}."
    )


def _delai_du_statut(faits: Faits) -> str:
    jusqu_au = ajouter_mois(faits.depuis, MOIS_DE_MAINTIEN[faits.genre])
    return f"Dès le {date_longue(faits.depuis)}, jusqu’au {date_longue(jusqu_au)} au plus tard."


_DELAIS: Final[Mapping[str, Callable[[Faits], str]]] = {
    NOTIFICATION: lambda _: (
        "Sans attendre : elle vous est adressée par écrit, et c’est elle qui prouve la date de rupture."
    ),
    FINANCEUR: _delai_du_financeur,
    STATUT_STAGIAIRE: _delai_du_statut,
    ENTRETIEN: lambda _: "Dès que possible : vous l’aidez à trouver un employeur pendant tout ce délai.",
    REPRESENTANT_LEGAL: lambda faits: (
        f"Sans attendre : le jeune avait moins de 18 ans le {date_longue(faits.depuis)}."
    ),
    SORTIE_16_18: lambda faits: (
        "Sans attendre : la formation est obligatoire jusqu’aux 18 ans, "
        f"le {date_longue(ajouter_mois(faits.date_naissance, 18 * 12))}."
    ),
}
