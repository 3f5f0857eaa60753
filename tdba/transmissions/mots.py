"""Sentences that several screens of receptions share. Pure."""

from datetime import date, datetime

from tdba.formats import jours
from tdba.horloge import jour_de_paris
from tdba.transmissions import silences


def rythme(depuis: datetime, habitude: int, jour: date) -> str:
    """« rien reçu depuis 12 jours, d’habitude tous les jours »."""
    attente = (jour - jour_de_paris(depuis)).days
    return f"rien reçu depuis {jours(attente)}, d’habitude {silences.mots(habitude)}"
