"""Jobs of habilitations."""

from tdba import horloge
from tdba.habilitations import service_equipe_revues
from tdba.jobs import tache


@tache("habilitations.ouvrir_revues", minutes=1440)
def ouvrir_revues() -> None:
    """Every day: open, recall and end the yearly reviews."""
    service_equipe_revues.tenir(horloge.maintenant())
