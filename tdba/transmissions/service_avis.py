"""Mails to the administrators of a CFA about its keys and delegations: acts they must learn of, so never turned off."""

from collections.abc import Sequence
from typing import Final

from tdba import courriels, horloge
from tdba.transmissions import queries_cles

CLES: Final = "/transmissions/organismes/{}/cles"
DELEGATIONS: Final = "/transmissions/organismes/{}/delegations"
SURPRISE: Final = "Si cela vous surprend, révoquez cette clé et écrivez au support."

_adresse: list[str] = []


def installer(base_url: str) -> None:
    """Tell services and jobs the public address of the service. Called once, by the slice's registration."""
    _adresse[:] = [base_url]


def adresse(chemin: str) -> str:
    """The absolute address of a page, for a mail."""
    return _adresse[0] + chemin


def ecrire(
    organisme_id: int, genre: str, sujet: str, paragraphes: Sequence[str], *, page: str, mots: str
) -> None:
    """Write to each administrator of this establishment; `page` is its address here, `mots` the words of the link."""
    lien = (mots, _adresse[0] + page.format(organisme_id))
    for personne in queries_cles.administrateurs(organisme_id, horloge.aujourd_hui()):
        courriels.ecrire(genre, personne.courriel, sujet, paragraphes, lien=lien, personne_id=personne.id)
