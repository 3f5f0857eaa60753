"""Mails as support sees them: whom, what, where they stand; never their words."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select

from tdba.courriels import Courriel
from tdba.db import db

COURRIELS_MAX: Final = 100

ETATS: Final = {"REFUSE": "refusé", "A_ENVOYER": "en attente", "ENVOYE": "envoyé"}
"""States, with their words, those that ask for an act first."""


class CourrielVu(NamedTuple):
    id: int
    genre: str
    destinataire: str
    sujet: str
    etat: str
    essais: int
    erreur: str | None
    cree_le: datetime
    envoye_le: datetime | None


def derniers(etat: str | None) -> list[CourrielVu]:
    """The last mails, of one state when asked; the refused first, then the newest."""
    colonnes = (
        Courriel.id,
        Courriel.genre,
        Courriel.destinataire,
        Courriel.sujet,
        Courriel.etat,
        Courriel.essais,
        Courriel.erreur,
        Courriel.cree_le,
        Courriel.envoye_le,
    )
    requete = select(*colonnes).order_by(Courriel.etat != "REFUSE", Courriel.id.desc())
    if etat is not None:
        requete = requete.where(Courriel.etat == etat)
    return [CourrielVu(*ligne) for ligne in db.session.execute(requete.limit(COURRIELS_MAX))]


def nombres() -> dict[str, int]:
    """How many mails stand in each state."""
    requete = select(Courriel.etat, func.count()).group_by(Courriel.etat)
    trouves = dict.fromkeys(ETATS, 0)
    for etat, nombre in db.session.execute(requete):
        trouves[etat] = nombre
    return trouves
