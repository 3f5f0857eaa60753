"""Where a sent dossier de liaison stands, in words. Pure: the time is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tdba.formats import date_heure, date_longue
from tdba.horloge import jour_de_paris
from tdba.liaisons.donnees import REPONSES, en_mots

DUREE: Final = timedelta(days=15)
"""How long a link opens something (issue 6 part 3)."""
ESSAIS_MAX: Final = 5
"""Wrong codes after which a letter is destroyed."""


class Etat(StrEnum):
    EN_ATTENTE = "en_attente"
    OUVERTE = "ouverte"
    REPONDUE = "repondue"
    REVOQUEE = "revoquee"
    DETRUITE = "detruite"
    EXPIREE = "expiree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envoi:
    """One sending, as its file tells it. `essais`: wrong codes, while its letter is still kept."""

    id: int
    contact: str | None
    donnees: tuple[str, ...]
    cree_le: datetime
    expire_le: datetime
    auteur: str
    ouverte_le: datetime | None = None
    reponse: str | None = None
    repondu_le: datetime | None = None
    revoquee_le: datetime | None = None
    essais: int | None = None

    def etat(self, maintenant: datetime) -> Etat:
        if self.repondu_le is not None:
            return Etat.REPONDUE
        if self.ouverte_le is not None:
            return Etat.OUVERTE
        if (self.essais or 0) >= ESSAIS_MAX:
            return Etat.DETRUITE
        if self.revoquee_le is not None:
            return Etat.REVOQUEE
        return Etat.EN_ATTENTE if maintenant < self.expire_le else Etat.EXPIREE

    @property
    def destinataire(self) -> str:
        return self.contact or "un conseiller dont le nom a été effacé"


def phrase(envoi: Envoi, maintenant: datetime) -> str:
    """What became of a sending, in one or two sentences."""
    debut = f"Dossier de liaison envoyé le {date_longue(jour_de_paris(envoi.cree_le))} à {envoi.destinataire}"
    return f"{debut} ({en_mots(envoi.donnees)}). {suite(envoi, maintenant)}"


def suite(envoi: Envoi, maintenant: datetime) -> str:
    """Its state, and what to do."""
    etat = envoi.etat(maintenant)
    if etat is Etat.REPONDUE and envoi.repondu_le and envoi.reponse:
        return f"Réponse du {date_longue(jour_de_paris(envoi.repondu_le))}\u00a0: {REPONSES[envoi.reponse]}."
    if etat is Etat.OUVERTE and envoi.ouverte_le:
        return f"Ouvert le {date_heure(envoi.ouverte_le)}, sans réponse pour l’instant."
    if etat is Etat.DETRUITE:
        return "Cinq codes faux ont été saisis\u00a0: le lien a été détruit. Envoyez-en un nouveau."
    if etat is Etat.REVOQUEE:
        return "Le lien a été retiré avant d’être ouvert."
    if etat is Etat.EXPIREE:
        return "Le lien a expiré sans être ouvert. Envoyez-en un nouveau si besoin."
    return f"Pas encore ouvert. Le lien sert une fois, jusqu’au {date_heure(envoi.expire_le)}."
