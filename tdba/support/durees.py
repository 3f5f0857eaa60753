"""How long ago, in words: the queue of cases and the waiting jobs are read by their age. Pure."""

from datetime import datetime, timedelta

from tdba.formats import quantite


def ecoulee(depuis: datetime, maintenant: datetime) -> str:
    """`2 jours`, `3 heures`, `12 minutes`, `moins d’une minute`: the largest unit that is full, alone."""
    duree = maintenant - depuis
    for unite, longueur in _UNITES:
        if duree >= longueur:
            return quantite(duree // longueur, unite)
    return "moins d’une minute"


_UNITES = (("jour", timedelta(days=1)), ("heure", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
