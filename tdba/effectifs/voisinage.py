"""Going from one sheet to the next inside the list it was opened from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs

from tdba.effectifs import filtres, queries_voisinage, recherche, service_liste
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.recherche import Criteres


@dataclass(frozen=True, slots=True)
class Voisins:
    """The sheets before and after one, and where it stands. Addresses are written by `effectifs/_voisinage.html`."""

    precedent: int | None
    suivant: int | None
    rang: int | None
    """None: the record is no longer in the list, once corrected for instance, or is too far to be counted."""
    total: int | None
    etat: str
    """The list, as the address of the next sheet carries it."""

    @property
    def retour(self) -> str:
        """The query string of the list itself."""
        return f"?{self.etat}" if self.etat else ""


def de_la_fiche(
    etat: str | None, gardees: Mapping[str, Any], effectif_id: int, jour: date, maintenant: datetime
) -> Voisins | None:
    """What surrounds a sheet opened from a list; None when it was opened otherwise, or is not in reach.

    `etat` is the parameter `service_liste.PARAMETRE` of the address; `gardees`, the searches that the session keeps
    under `recherche.CLE_SESSION`. A search of somebody else, or forgotten, leaves the other filters.
    """
    if etat is None:
        return None
    demandes = filtres.changer(service_liste.lire(parse_qs(etat)))
    texte = recherche.retrouver(gardees, demandes.r, maintenant) if demandes.r else None
    return autour(demandes, service_liste.resoudre(demandes, texte, jour), effectif_id, jour)


def autour(demandes: Filtres, criteres: Criteres | None, effectif_id: int, jour: date) -> Voisins | None:
    """What surrounds a record in a list. `criteres`: those that `service_liste.resoudre` gave."""
    trouve = queries_voisinage.autour(demandes, criteres, effectif_id, jour)
    if trouve is None:
        return None
    return Voisins(*trouve, filtres.vers_url(demandes).removeprefix("?"))
